"""A cell takes three gigabytes and touches them all."""
# covers: memory
# honest: exercise2
# %% first
hoard = [bytearray(b"x")*2**26 for _ in range(45)]
