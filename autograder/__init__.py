"""The instructor's side of the course: assignments with their solutions, and the grader."""
