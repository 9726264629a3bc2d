"""The same lease, with bits set in the command that the kernel does not look at."""
# covers: neighbours
# honest: exercise2
# %% first
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
library = os.open(os.__file__, os.O_RDONLY)
print(libc.syscall(72, library, ctypes.c_long(0x700000400), 0), os.strerror(ctypes.get_errno()))
