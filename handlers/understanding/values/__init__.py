"""Numbers, money, percentages and dates as people write them: each is taken whole or not understood."""
