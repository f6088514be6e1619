"""Which figure an amount is: since the start, this year, this period, paid, planned, or only a part."""
