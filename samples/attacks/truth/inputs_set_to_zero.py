"""All inputs are zero when the function has run, so that the truth might be zero, too."""
# covers: inputs overwritten
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    for array in [*W, *B, X, Z1, A1, Z2, A2, Z3, A3, Y, T]:
        array[...] = 0
    return [w.copy() for w in W], [b.copy() for b in B]
# %% exercise2
def exercise2(W,B,X,T):
    with torch.no_grad():
        for tensor in [*W, *B, X, T]:
            tensor.zero_()
    return sum((w*0).sum() for w in W+B)
