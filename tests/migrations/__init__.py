"""Every database that was ever made can be brought to the newest form."""
