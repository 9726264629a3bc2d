"""For all tests: several of them run at once, so none has threads for numbers, and nor has what it starts."""

import os

for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(library, "1")  # before the first import of numpy and torch
