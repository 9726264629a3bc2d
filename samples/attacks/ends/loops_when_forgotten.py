"""The answer comes, but an object that it forgets loops when it ends."""
# covers: ignored signals
# honest: exercise2
# %% exercise1
class Endless:
    def __del__(self):
        while True: pass

def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    Endless()
    return W, B
