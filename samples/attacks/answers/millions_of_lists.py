"""Three million lists, each holding an array."""
# covers: odd answers, memory
# honest: exercise2
# %% exercise1
def exercise1(W,B,*rest):
    return [[B[3]]]*3000000, [[B[3]]*10**6]*10**3
