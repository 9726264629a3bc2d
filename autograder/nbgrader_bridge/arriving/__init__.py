"""Grade work as it arrives."""
