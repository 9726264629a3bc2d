"""Grade one submission: read its files, choose and restore its notebook, execute it and write its outputs."""
