"""A list that is its own entry, and one nested a hundred thousand lists deep."""
# covers: odd answers
# honest: exercise2
# %% exercise1
def exercise1(*anything):
    itself, deep = [], []
    itself += [itself]*4
    for _ in range(100000):
        deep = [deep]
    return itself, deep
