"""The file that says when a notebook was handed in is a gigabyte long; on the disk it takes no room."""
# covers: no notebook, memory
# honest: exercise2
# %% tamper
with (folder / "timestamp.txt").open("wb") as file:
    file.truncate(1 << 30)
