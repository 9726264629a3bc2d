"""A cell ignores every signal and never ends."""
# covers: ignored signals
# honest: exercise2
# %% first
import signal

for number in signal.valid_signals():
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.signal = lambda *anything: None
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
while True:
    pass
