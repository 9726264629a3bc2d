"""Nothing is filled in. 0 points."""
