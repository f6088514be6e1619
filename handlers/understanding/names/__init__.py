"""The names of projects and units, and which of them a mention is like."""
