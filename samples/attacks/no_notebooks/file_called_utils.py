"""Beside the notebook lies a file called like the assignment's folder `utils`, where copies of it are to be laid."""
# covers: no notebook, shadowed modules
# honest: exercise2
# %% tamper
(folder / "utils").write_text("this is a file")
(folder / "files").write_text("and this is another")
