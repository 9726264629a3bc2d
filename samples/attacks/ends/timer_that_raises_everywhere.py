"""A timer raises an exception in the midst of whatever runs, also of what counts, reads and sends answers."""
# covers: exits, signals to parents
# %% exercise1
import signal

def exercise1(*anything):
    def ring(*anything):
        raise KeyboardInterrupt
    for timer, number in ((signal.ITIMER_REAL, signal.SIGALRM), (signal.ITIMER_VIRTUAL, signal.SIGVTALRM), (signal.ITIMER_PROF, signal.SIGPROF)):
        signal.signal(number, ring)
        signal.setitimer(timer, 0.02, 0.003)
    return [[1.0]]*4, [[1.0]]*4
