"""Self-checks and hints that know no answer: the truth is measured, by nudging and looking."""
