"""Read a submission, whatever was done to it: the notebook, its assignment, the files beside it."""
