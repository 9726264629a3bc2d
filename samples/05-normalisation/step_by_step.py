"""Every line of the forward pass backward, with the variance and the mean as steps of their own. 30 points."""
# %% exercise1
def exercise1(X,G,B,eps,M,S,H,DY):
    D = X.shape[1]
    DH = DY*G
    Dvar = (DH*(X-M)).sum(axis=1,keepdims=True)*(-0.5)*S**-3
    DM = -(DH/S).sum(axis=1,keepdims=True)+Dvar*(-2*(X-M)).mean(axis=1,keepdims=True)
    DX = DH/S+Dvar*2*(X-M)/D+DM/D
    return DH,DX,(DY*H).sum(axis=0),DY.sum(axis=0)
# %% exercise2
def exercise2(X,G,B,eps,M,S,H,RM,RS,DY):
    N = X.shape[0]
    DH = DY*G
    var = S**2
    Dvar = numpy.sum(DH*(X-M)*-0.5*var**-1.5,axis=0)
    DM = numpy.sum(-DH/numpy.sqrt(var),axis=0)
    DX = DH/numpy.sqrt(var)+Dvar*2*(X-M)/N+DM/N
    return DH,DX,numpy.sum(DY*H,axis=0),numpy.sum(DY,axis=0)
# %% exercise3
def exercise3(X,G,B,eps,M,S,RM,RS,DY):
    H = (X-RM)/RS
    DH = DY*G
    return DH/RS,numpy.sum(DY*H,axis=0)
# %% exercise4
def exercise4(X,G,eps,S,H,DY):
    D = X.shape[1]
    DH = DY*G
    DS = -(DH*X).sum(axis=1,keepdims=True)/S**2
    DX = DH/S+DS*X/(D*S)
    return DH,DX,numpy.sum(DY*H,axis=0)
