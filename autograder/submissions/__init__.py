"""Read what was handed in, whatever was done to it: the notebook, its assignment, the files beside it."""
