"""A file of bytes that are no text."""
# covers: no notebook
# %% instead
import random

path.write_bytes(random.Random(1).randbytes(100_000))
