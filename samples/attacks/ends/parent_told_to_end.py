"""The parent process is sent every signal that might end it."""
# covers: signals to parents
# honest: exercise2
# %% first
import os, signal

for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGPIPE, signal.SIGKILL):
    try:
        os.kill(os.getppid(), number)
    except OSError as error:
        print(error)
