"""What waits for a person, one file for each kind of matter (/我的)."""
