"""Work through many tasks at once: in processes on this machine, or on a cluster."""
