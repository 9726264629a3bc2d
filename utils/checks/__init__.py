"""Self-checks and hints that hold no solution: what they compare with are numbers."""
