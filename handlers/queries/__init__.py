"""What is asked: one module per kind of record."""
