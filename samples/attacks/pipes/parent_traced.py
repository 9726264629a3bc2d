"""The parent process is traced as a debugger would, to stop it or to change what it knows."""
# covers: signals to parents, /proc
# honest: exercise2
# %% first
import ctypes, os, time

library = ctypes.CDLL(None, use_errno=True)
ATTACH = 16
if library.ptrace(ATTACH, os.getppid(), None, None) == 0:
    time.sleep(2)
    os._exit(0)
