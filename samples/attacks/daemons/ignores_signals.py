"""A child ignores all signals that can be ignored, in a group of its own, for minutes."""
# covers: daemons, ignored signals
# honest: exercise2
# %% first
import os, signal, time

if os.fork() == 0:
    os.setpgid(0, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    time.sleep(300)
    os._exit(0)
