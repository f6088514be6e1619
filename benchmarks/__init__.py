"""The measured work as ratios inside one run, beside two fixed contestants. Run with `python -m benchmarks`."""
