"""Compare answers with the truth, explain what is wrong, and give marks: one exercise at a time."""
