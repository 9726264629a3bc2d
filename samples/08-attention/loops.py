"""Loops over positions, as the sums stand on paper; head by head with slices of columns. 30 points."""
# %% exercise1
def exercise1(Q,K,V,M,P,DO):
    T,d = Q.shape
    DV,DP,DS = numpy.zeros_like(V),numpy.zeros((T,T)),numpy.zeros((T,T))
    DQ,DK = numpy.zeros_like(Q),numpy.zeros_like(K)
    for t in range(T):
        for s in range(T):
            DP[t,s] = sum(DO[t,j]*V[s,j] for j in range(V.shape[1]))
            DV[s] += P[t,s]*DO[t]
        common = sum(P[t,s]*DP[t,s] for s in range(T))
        for s in range(T):
            DS[t,s] = P[t,s]*(DP[t,s]-common)
    DR = DS/d**0.5
    for t in range(T):
        for s in range(T):
            DQ[t] += DR[t,s]*K[s]
            DK[s] += DR[t,s]*Q[t]
    return DV,DP,DS,DR,DQ,DK
# %% exercise2
def exercise2(X,Wq,Wk,Wv,M,Q,K,V,P,DO):
    DV,DP,DS,DR,DQ,DK = exercise1(Q,K,V,M,P,DO)
    DX = numpy.zeros_like(X)
    gradients = []
    for W,D in ((Wq,DQ),(Wk,DK),(Wv,DV)):
        DW = numpy.zeros_like(W)
        for t in range(len(X)):
            DX[t] += W.dot(D[t])
            DW += numpy.outer(X[t],D[t])
        gradients.append(DW)
    return [DR,DX,*gradients]
# %% exercise3
import torch

def exercise3(Wq,Wk,Wv,Wo,X,M,H,G):
    d,e = Wq.shape[1]//H,Wv.shape[1]//H
    found = []
    for h in range(H):
        q = X @ Wq[:,h*d:(h+1)*d]
        k = X @ Wk[:,h*d:(h+1)*d]
        v = X @ Wv[:,h*e:(h+1)*e]
        s = q @ k.T/d**0.5
        s = torch.where(M,s,torch.tensor(-1e9))
        found.append(s.softmax(dim=1) @ v)
    return ((torch.cat(found,dim=1) @ Wo-G)**2).mean()
