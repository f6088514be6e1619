"""Where a message names a project, and which: written out, shortened, misspelt, leaning on a neighbour."""
