"""The function takes three gigabytes for the numbers it returns."""
# covers: memory
# honest: exercise2
# %% exercise1
def exercise1(*anything):
    hoard = [numpy.empty(2**23) for _ in range(45)]
    for part in hoard:
        part[...] = 1
    return hoard, hoard
