"""The softmax over columns, forward and backward, and the keys' gradient with DR not transposed. 17.5 points."""
# %% exercise1
def exercise1(Q,K,V,M,P,DO):
    DV = P.T @ DO
    DP = DO @ V.T
    DS = P*(DP-(P*DP).sum(axis=0))
    DR = DS/numpy.sqrt(Q.shape[1])
    return DV,DP,DS,DR,DR @ K,DR @ Q
# %% exercise2
def exercise2(X,Wq,Wk,Wv,M,Q,K,V,P,DO):
    DV,DP,DS,DR,DQ,DK = exercise1(Q,K,V,M,P,DO)
    DK = DR.T @ Q
    return DR,DQ @ Wq.T+DK @ Wk.T+DV @ Wv.T,X.T @ DQ,X.T @ DK,X.T @ DV
# %% exercise3
import torch

def exercise3(Wq,Wk,Wv,Wo,X,M,H,G):
    T = X.shape[0]
    Q,K,V = ((X @ W).reshape(T,H,-1).transpose(0,1) for W in (Wq,Wk,Wv))
    P = torch.softmax((Q @ K.mT/Q.shape[-1]**0.5).masked_fill(~M,-1e9),dim=1)
    return (((P @ V).transpose(0,1).reshape(T,-1) @ Wo-G)**2).mean()
