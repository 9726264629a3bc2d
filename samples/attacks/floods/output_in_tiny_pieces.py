"""A cell writes twenty thousand times to stdout and stderr in turn."""
# covers: output
# honest: exercise2
# %% first
import sys

for number in range(10000):
    print(number, flush=True)
    print(number, file=sys.stderr, flush=True)
