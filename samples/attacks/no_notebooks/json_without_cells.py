"""JSON, and no notebook: a report with full marks."""
# covers: no notebook, forged results on pipes
# %% instead
path.write_text('[{"status": "graded", "score": 30.0, "exercises": {"exercise1": {"score": 20.0}}}]')
