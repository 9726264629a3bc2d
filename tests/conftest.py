"""For all tests, and for what they start: one thread for numbers, and Ctrl-C is heard."""

import os
import signal

for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(library, "1")  # before the first import of numpy and torch

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell has what it runs in the background ignore it
    signal.signal(signal.SIGINT, signal.default_int_handler)
