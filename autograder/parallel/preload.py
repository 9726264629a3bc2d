"""Load PyTorch and the assignments on import, for the process that a pool's processes are forked from.

Otherwise each of them would do so for itself, and most of a small class's time would be spent on that.
"""

from __future__ import annotations

import contextlib
import gc

from autograder import assignments

with contextlib.suppress(Exception):  # the process that needs what does not load reports it
    assignments.load_all()
gc.collect()
gc.freeze()  # forks share what is there now
