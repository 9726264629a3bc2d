"""The lists of the inputs are emptied and filled anew while the function has them."""
# covers: inputs overwritten
# %% exercise1
def exercise1(W,B,*rest):
    W.clear()
    B.clear()
    W.extend([numpy.ones((4, 6))]*4)
    B.extend([numpy.ones(6)]*4)
    return W, B
# %% exercise2
def exercise2(W,B,X,T):
    for w in W+B:
        w.data = torch.ones_like(w)
        w.grad = torch.ones_like(w)
    return sum((p*0).sum() for p in W+B)+1
