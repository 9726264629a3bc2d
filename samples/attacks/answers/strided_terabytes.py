"""Arrays of terabytes that cost nothing until somebody copies them."""
# covers: huge strided arrays
# honest: exercise2
# %% exercise1
def exercise1(W,B,*rest):
    return [numpy.broadcast_to(w, (10**5, 10**6)+w.shape) for w in W], [numpy.broadcast_to(0.0, (10**15,))]*4
