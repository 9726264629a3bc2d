"""Threads that no exit waits for in vain keep computing while the function returns."""
# covers: threads, daemons
# honest: exercise2
# %% exercise1
import threading, time

def busy():
    until = time.monotonic() + 20
    while time.monotonic() < until:
        sum(range(1000))

def exercise1(W,B,*rest):
    for _ in range(3):
        threading.Thread(target=busy).start()
    return [w*0+1 for w in W], [b*0+1 for b in B]
