"""The answer is a generator whose first step does not end."""
# covers: generators, ignored signals
# honest: exercise2
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    def steps():
        while True: pass
        yield X
    return steps(), steps()
