"""DX is written over twice, P is not transposed in either, heads are cut by reshape alone. 16.5 points."""
# %% exercise1
def exercise1(Q,K,V,M,P,DO):
    DV = P @ DO
    DP = DO @ V.T
    DS = P*(DP-(P*DP).sum(axis=1,keepdims=True))
    DR = DS/numpy.sqrt(Q.shape[1])
    return DV,DP,DS,DR,DR @ K,DR.T @ Q
# %% exercise2
def exercise2(X,Wq,Wk,Wv,M,Q,K,V,P,DO):
    DV,DP,DS,DR,DQ,DK = exercise1(Q,K,V,M,P,DO)
    for W,D in ((Wq,DQ),(Wk,DK),(Wv,DV)):
        DX = D @ W.T
    return DR,DX,X.T @ DQ,X.T @ DK,X.T @ DV
# %% exercise3
import torch

def exercise3(Wq,Wk,Wv,Wo,X,M,H,G):
    T = X.shape[0]
    Q,K,V = ((X @ W).reshape(H,T,-1) for W in (Wq,Wk,Wv))
    P = torch.softmax((Q @ K.mT/Q.shape[-1]**0.5).masked_fill(~M,-torch.inf),dim=-1)
    return (((P @ V).transpose(0,1).reshape(T,-1) @ Wo-G)**2).mean()
