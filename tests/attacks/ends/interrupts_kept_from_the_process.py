"""The signal that interrupts is blocked, for this thread and all others, and the function loops."""
# covers: ignored signals
# honest: exercise2
# %% exercise1
import signal

def exercise1(*_):
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        pass
