"""A cell opens files until no more can be opened, five thousand at the most."""
# covers: files filled
# honest: exercise2
# %% first
import os

opened = []
for _ in range(5000):
    try:
        opened.append(os.open("/dev/null", os.O_RDONLY))
    except OSError as error:
        print(error)
        break
