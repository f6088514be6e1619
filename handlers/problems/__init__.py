"""What is stuck: a problem told in words or files, its draft, until it is an item (rules C4, F1)."""
