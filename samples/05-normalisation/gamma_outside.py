"""Multiplies by G behind the means: right along columns, wrong along rows. Two DX are lost. 19 points."""
# %% exercise1
def exercise1(X,G,B,eps,M,S,H,DY):
    DX = G*(DY-DY.mean(axis=1,keepdims=True)-H*(DY*H).mean(axis=1,keepdims=True))/S
    return DY*G,DX,(DY*H).sum(axis=0),DY.sum(axis=0)
# %% exercise2
def exercise2(X,G,B,eps,M,S,H,RM,RS,DY):
    DX = G*(DY-DY.mean(axis=0)-H*(DY*H).mean(axis=0))/S
    return DY*G,DX,(DY*H).sum(axis=0),DY.sum(axis=0)
# %% exercise3
def exercise3(X,G,B,eps,M,S,RM,RS,DY):
    return G*(DY/RS),(DY*(X-RM)/RS).sum(axis=0)
# %% exercise4
def exercise4(X,G,eps,S,H,DY):
    return DY*G,G*(DY-H*(DY*H).mean(axis=1,keepdims=True))/S,(DY*H).sum(axis=0)
