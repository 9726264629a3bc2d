"""The parent process is sent to sleep, which would stop the class for good."""
# covers: signals to parents
# honest: exercise2
# %% first
import os, signal

try:
    os.kill(os.getppid(), signal.SIGSTOP)
except OSError as error:
    print(error)
