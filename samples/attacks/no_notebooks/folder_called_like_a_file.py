"""Beside the notebook lie folders that are called like files of the assignment."""
# covers: no notebook, files filled
# honest: exercise2
# %% tamper
for name in ("utils/__init__.py", "files/params.npz", "timestamp.txt"):
    (folder / name / "below").mkdir(parents=True)
    (folder / name / "below" / "x.txt").write_text("x")
