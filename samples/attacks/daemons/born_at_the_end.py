"""A daemon is started when the process ends, by what Python calls then."""
# covers: daemons, exits
# honest: exercise2
# %% first
import atexit, os, signal, time

def linger(*anything):
    if os.fork() == 0:
        os.setsid()
        time.sleep(300)
    os._exit(0)

atexit.register(linger)
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
    signal.signal(number, linger)
