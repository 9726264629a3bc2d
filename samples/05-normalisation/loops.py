"""Loops over rows and features, with the whole matrix of slopes. 30 points."""
# %% exercise1
def exercise1(X,G,B,eps,M,S,H,DY):
    N,D = X.shape
    DH,DX,DG,DB = numpy.zeros((N,D)),numpy.zeros((N,D)),numpy.zeros(D),numpy.zeros(D)
    for n in range(N):
        for j in range(D):
            DH[n,j] = DY[n,j]*G[j]
            DG[j] += DY[n,j]*H[n,j]
            DB[j] += DY[n,j]
        for j in range(D):
            for i in range(D):
                slope = ((1 if i==j else 0)-1/D-H[n,i]*H[n,j]/D)/S[n,0]
                DX[n,j] += DH[n,i]*slope
    return DH,DX,DG,DB
# %% exercise2
def exercise2(X,G,B,eps,M,S,H,RM,RS,DY):
    N,D = X.shape
    DX,DG,DB = numpy.zeros((N,D)),numpy.zeros(D),numpy.zeros(D)
    for j in range(D):
        J = (numpy.eye(N)-1/N-numpy.outer(H[:,j],H[:,j])/N)/S[0,j]
        DX[:,j] = J.T.dot(DY[:,j]*G[j])
        DG[j] = DY[:,j].dot(H[:,j])
        DB[j] = sum(DY[:,j])
    return DY*G,DX,DG,DB
# %% exercise3
def exercise3(X,G,B,eps,M,S,RM,RS,DY):
    DX,DG = numpy.zeros(X.shape),numpy.zeros(len(G))
    for n in range(len(X)):
        for j in range(len(G)):
            DX[n,j] = DY[n,j]*G[j]/RS[0,j]
            DG[j] += DY[n,j]*(X[n,j]-RM[0,j])/RS[0,j]
    return DX,DG
# %% exercise4
def exercise4(X,G,eps,S,H,DY):
    N,D = X.shape
    DX = numpy.empty((N,D))
    for n in range(N):
        J = (numpy.eye(D)-numpy.outer(H[n],H[n])/D)/S[n]
        DX[n] = (DY[n]*G).dot(J)
    return DY*G,DX,sum(DY[n]*H[n] for n in range(N))
