"""The function waits for a lock that it holds itself."""
# covers: threads
# honest: exercise2
# %% exercise1
import threading

LOCK = threading.Lock()

def exercise1(*_):
    with LOCK:
        LOCK.acquire()
