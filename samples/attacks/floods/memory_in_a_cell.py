"""A cell takes three gigabytes and touches them all."""
# covers: memory
# honest: exercise2
# %% first
import numpy

hoard = [numpy.empty(2**23) for _ in range(45)]
for part in hoard:
    part[...] = 1
