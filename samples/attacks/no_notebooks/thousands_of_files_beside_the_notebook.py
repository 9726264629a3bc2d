"""Beside an honest notebook lie two thousand files, folders in folders, and a file of three hundred megabytes."""
# covers: files filled
# honest: exercise2
# %% tamper
import os

for number in range(2000):
    (folder / f"{number}.txt").write_text("x")
(folder / "/".join(["deep"]*300)).mkdir(parents=True)
(folder / "large.bin").touch()
os.truncate(folder / "large.bin", 300_000_000)
