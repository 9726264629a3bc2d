"""One expression for each gradient, as it comes out on paper. 30 points."""
# %% exercise1
def exercise1(X,G,B,eps,M,S,H,DY):
    DH = DY*G
    DX = (DH-DH.mean(axis=1,keepdims=True)-H*(DH*H).mean(axis=1,keepdims=True))/S
    return DH,DX,(DY*H).sum(axis=0),DY.sum(axis=0)
# %% exercise2
def exercise2(X,G,B,eps,M,S,H,RM,RS,DY):
    N = len(X)
    DG,DB = (DY*H).sum(axis=0),DY.sum(axis=0)
    return DY*G,G/(N*S)*(N*DY-DB-H*DG),DG,DB
# %% exercise3
def exercise3(X,G,B,eps,M,S,RM,RS,DY):
    return DY*G/RS,(DY*(X-RM)/RS).sum(axis=0)
# %% exercise4
def exercise4(X,G,eps,S,H,DY):
    DH = DY*G
    return DH,(DH-H*(DH*H).mean(axis=1,keepdims=True))/S,(DY*H).sum(axis=0)
