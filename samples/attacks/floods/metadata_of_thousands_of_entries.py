"""The notebook's metadata hold hundreds of thousands of entries."""
# covers: memory
# honest: exercise1, exercise2
# %% tamper
notebook.metadata["x"] = {str(n): n for n in range(300_000)}
notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {str(n): {} for n in range(100_000)}, "version_major": 2, "version_minor": 0}}
