"""Zeros and ones for the labels, matrix products for everything. 30 points."""
# %% exercise1
def exercise1(Z,t):
    T = numpy.eye(Z.shape[1])[t]
    S = Z-Z.max(axis=1,keepdims=True)
    L = S-numpy.log(numpy.exp(S).sum(axis=1,keepdims=True))
    return numpy.exp(L),-(T*L).sum()/len(Z)
# %% exercise2
def exercise2(P,DP):
    J = numpy.diag(P[0])-numpy.outer(P[0],P[0])
    return J,P*(DP-(P*DP).sum(axis=1,keepdims=True))
# %% exercise3
def exercise3(W,B,X,Z1,A1,Z2,P,t):
    T = numpy.eye(P.shape[1])[t]
    DZ2 = (P-T)/len(X)
    DZ1 = (DZ2 @ W[1].T)*(Z1>0)
    return DZ2,[X.T @ DZ1,A1.T @ DZ2],[DZ1.sum(axis=0),DZ2.sum(axis=0)]
