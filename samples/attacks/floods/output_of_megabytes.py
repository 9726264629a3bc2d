"""A cell prints sixty megabytes."""
# covers: output
# honest: exercise2
# %% first
for _ in range(60):
    print("x"*10**6)
