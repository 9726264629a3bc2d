"""The file that says when a notebook was handed in leads to a device without end."""
# covers: no notebook, memory
# honest: exercise2
# %% tamper
(folder / "timestamp.txt").symlink_to("/dev/zero")
