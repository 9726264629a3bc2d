"""Everybody is to wait for the machine's disks, again and again."""
# covers: neighbours
# honest: exercise2
# %% first
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
folder = os.open(".", os.O_RDONLY)
for _ in range(100):
    libc.sync()
print(libc.syncfs(folder), os.strerror(ctypes.get_errno()))
