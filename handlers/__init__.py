"""Turn one message into one domain operation and one reply."""
