"""The servers that are compared. Each runs as a process of its own:

    python -m benchmarks.contestants.NAME PORT DATABASE

limit2 and straightforward are fixed: a change to them makes old figures incomparable.
"""
