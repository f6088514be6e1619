"""What survives: a killed process, a second one, a database that is locked or full, a poisoned message."""
