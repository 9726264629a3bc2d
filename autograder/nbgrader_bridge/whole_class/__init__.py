"""Grade all submissions of an assignment into the gradebook."""

PRELOADED = "autograder.nbgrader_bridge.whole_class.grading_process"
"""What a pool's processes import first, which takes seconds: they begin before nbgrader is imported here."""
