"""Beside the notebook lie folders in folders, deeper than a program that calls itself for each can go."""
# covers: no notebook, files filled
# honest: exercise2
# %% tamper
import os

here = os.open(folder, os.O_RDONLY)
for _ in range(1100):
    os.mkdir("a", dir_fd=here)
    below = os.open("a", os.O_RDONLY, dir_fd=here)
    os.close(here)
    here = below
os.close(here)
