"""The names of a course are read off what the kernel tells of its folders."""
# covers: files searched, neighbours
# honest: exercise2
# %% first
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
watching = libc.inotify_init()
for folder in ("submitted", "autograded", ".", "submitted/@LATER@"):
    watch = libc.inotify_add_watch(watching, b"@COURSE@/" + folder.encode(), 0xFFF)
    print("LEAKED:" if watch > 0 else os.strerror(ctypes.get_errno()))
