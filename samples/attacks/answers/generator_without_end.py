"""The answer is a generator that goes on giving arrays for ever."""
# covers: generators
# honest: exercise2
# %% exercise1
import itertools

def exercise1(W,B,*rest):
    return (itertools.repeat(w) for w in itertools.cycle(W))
