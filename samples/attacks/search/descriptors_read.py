"""Every open descriptor is read from, for answers, questions, or something to take away from others."""
# covers: /proc, forged results on pipes
# honest: exercise2
# %% exercise1
import os

def exercise1(W,B,X,*rest):
    for descriptor in range(3, 100*(len(X) == 1)):
        try:
            os.set_blocking(descriptor, False)
            while text := os.read(descriptor, 65536):
                print("read", len(text))
        except OSError:
            pass
    return W, B
