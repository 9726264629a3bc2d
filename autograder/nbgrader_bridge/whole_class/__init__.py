"""Grade all submissions of an assignment into the gradebook."""
