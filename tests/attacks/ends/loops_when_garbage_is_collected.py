"""What Python calls when it collects garbage never ends, wherever that happens."""
# covers: gc, ignored signals
# honest: exercise2
# %% exercise1
import gc

def forever(*_):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass

def exercise1(*_):
    gc.callbacks.append(forever)
    gc.collect()
