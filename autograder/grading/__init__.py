"""Conduct the grading of one submission: its cells, its calls, its time, the seeds of its hidden data."""
