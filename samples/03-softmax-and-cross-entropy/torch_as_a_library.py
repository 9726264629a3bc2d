"""PyTorch for its functions, without asking it for a gradient. 30 points."""
# %% exercise1
import torch
import torch.nn.functional as F

def exercise1(Z,t):
    Z,t = torch.from_numpy(Z),torch.from_numpy(t)
    return F.softmax(Z,dim=1),F.cross_entropy(Z,t)
# %% exercise2
def exercise2(P,DP):
    P,DP = torch.tensor(P),torch.tensor(DP)
    J = torch.diag(P[0])-torch.outer(P[0],P[0])
    return J,P*(DP-(P*DP).sum(dim=1,keepdim=True))
# %% exercise3
def exercise3(W,B,X,Z1,A1,Z2,P,t):
    T = F.one_hot(torch.tensor(t),P.shape[1]).numpy()
    DZ2 = (P-T)/len(t)
    DZ1 = numpy.where(Z1>0,DZ2.dot(W[1].T),0)
    return DZ2,(X.T.dot(DZ1),A1.T.dot(DZ2)),(DZ1.sum(0),DZ2.sum(0))
