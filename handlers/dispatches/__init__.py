"""交办: one task or those of a meeting, gathered until nothing that D4 requires is missing."""
