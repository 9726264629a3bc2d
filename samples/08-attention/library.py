"""The row sum from the outputs, as fast kernels do; PyTorch's own attention and multiplication. 30 points."""
# %% exercise1
def exercise1(Q,K,V,M,P,DO):
    O = P.dot(V)
    DP = DO.dot(V.T)
    DS = numpy.where(M,P*(DP-(O*DO).sum(axis=1)[:,None]),0)
    DR = DS/numpy.sqrt(Q.shape[1])
    return P.T.dot(DO),DP,DS,DR,DR.dot(K),DR.T.dot(Q)
# %% exercise2
def exercise2(X,Wq,Wk,Wv,M,Q,K,V,P,DO):
    DV,_,_,DR,DQ,DK = exercise1(Q,K,V,M,P,DO)
    together = numpy.hstack([DQ,DK,DV])
    DX = together.dot(numpy.hstack([Wq,Wk,Wv]).T)
    DW = X.T.dot(together)
    d = Q.shape[1]
    return DR,DX,DW[:,:d],DW[:,d:2*d],DW[:,2*d:]
# %% exercise3
import torch
import torch.nn.functional as F

def exercise3(Wq,Wk,Wv,Wo,X,M,H,G):
    Q,K,V = (torch.stack((X @ W).chunk(H,dim=1)) for W in (Wq,Wk,Wv))
    O = F.scaled_dot_product_attention(Q,K,V,attn_mask=M)
    return F.mse_loss(torch.cat(list(O),dim=1) @ Wo,G)
