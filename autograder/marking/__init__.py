"""Compare answers with the true values, explain what is wrong, and give marks: one exercise at a time."""
