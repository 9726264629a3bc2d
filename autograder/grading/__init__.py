"""Grade one notebook: run its cells, mark its exercises, keep its time, derive its seeds."""
