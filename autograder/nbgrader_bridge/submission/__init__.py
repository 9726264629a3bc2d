"""Grade one submission: read its files, choose and restore its notebook, keep what it puts out."""
