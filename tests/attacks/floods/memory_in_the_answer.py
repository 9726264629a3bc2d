"""The function takes three gigabytes for the numbers it returns."""
# covers: memory
# honest: exercise2
# %% exercise1
def exercise1(*anything):
    hoard = [numpy.ones(2**23) for _ in range(45)]
    return hoard, hoard
