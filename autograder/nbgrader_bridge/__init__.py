"""Everything that knows nbgrader: the hidden test's cell, the course folder, its gradebook."""
