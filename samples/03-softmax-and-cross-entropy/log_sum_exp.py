"""Everything from the logarithm of the sum; einsum; the long way through the Jacobians. 30 points."""
# %% exercise1
def log_sum_exp(Z):
    m = Z.max(axis=1)
    return m+numpy.log(numpy.exp(Z-m[:,None]).sum(axis=1))

def exercise1(Z,t):
    lse = log_sum_exp(Z)
    P = numpy.exp(Z-lse[:,None])
    err = numpy.mean(lse-Z[numpy.arange(len(t)),t])
    return P,err
# %% exercise2
def jacobians(P):
    return numpy.einsum("ni,ij->nij",P,numpy.eye(P.shape[1]))-numpy.einsum("ni,nj->nij",P,P)

def exercise2(P,DP):
    J = jacobians(P)
    return J[0],numpy.einsum("ni,nij->nj",DP,J)
# %% exercise3
def exercise3(W,B,X,Z1,A1,Z2,P,t):
    N = len(t)
    DP = numpy.zeros(P.shape)
    DP[range(N),t] = -1/P[range(N),t]/N
    DZ2 = numpy.einsum("ni,nij->nj",DP,jacobians(P))
    DZ1 = numpy.einsum("nc,hc->nh",DZ2,W[1])*(A1>0)
    DW = [numpy.einsum("nd,nh->dh",X,DZ1),numpy.einsum("nh,nc->hc",A1,DZ2)]
    return DZ2,DW,[DZ1.sum(0),DZ2.sum(0)]
