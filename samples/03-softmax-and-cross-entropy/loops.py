"""Loops over data points and classes, as the formulas stand on paper. 30 points."""
# %% exercise1
import math

def exercise1(Z,t):
    N,C = Z.shape
    P = numpy.zeros((N,C))
    err = 0
    for n in range(N):
        m = max(Z[n])
        S = sum(math.exp(z-m) for z in Z[n])
        for j in range(C):
            P[n,j] = math.exp(Z[n,j]-m)/S
        err += math.log(S)+m-Z[n,t[n]]
    return P,err/N
# %% exercise2
def exercise2(P,DP):
    N,C = P.shape
    def slope(n,i,j):
        return P[n,i]*((1 if i==j else 0)-P[n,j])
    J = [[slope(0,i,j) for j in range(C)] for i in range(C)]
    DZ = numpy.zeros((N,C))
    for n in range(N):
        for j in range(C):
            for i in range(C):
                DZ[n,j] += DP[n,i]*slope(n,i,j)
    return numpy.array(J),DZ
# %% exercise3
def exercise3(W,B,X,Z1,A1,Z2,P,t):
    N = len(t)
    DZ2 = numpy.zeros_like(P)
    DW = [numpy.zeros_like(w) for w in W]
    DB = [numpy.zeros_like(b) for b in B]
    for n in range(N):
        DZ2[n] = P[n]/N
        DZ2[n,t[n]] -= 1/N
        DZ1 = numpy.zeros(len(B[0]))
        for h in range(len(DZ1)):
            if Z1[n,h] > 0:
                DZ1[h] = sum(W[1][h,c]*DZ2[n,c] for c in range(P.shape[1]))
        DW[0] += numpy.outer(X[n],DZ1)
        DW[1] += numpy.outer(A1[n],DZ2[n])
        DB[0] += DZ1
        DB[1] += DZ2[n]
    return DZ2,DW,DB
