"""A cell forks twice, as daemons do, and the grandchild waits for minutes in a session of its own."""
# covers: daemons, forks
# honest: exercise2
# %% first
import os, time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for descriptor in range(256):
            try:
                os.close(descriptor)
            except OSError:
                pass
        time.sleep(300)
    os._exit(0)
