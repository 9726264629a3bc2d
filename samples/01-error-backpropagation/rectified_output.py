"""The output layer is rectified like the hidden ones, backward and forward."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    A = [X,A1,A2,A3]
    Z = [Z1,Z2,Z3,Y]
    DW, DB = [0]*4, [0]*4
    DA = 2*(Y-T)/len(Y)
    for i in (3,2,1,0):
        DZ = DA*(Z[i] > 0)
        DW[i] = A[i].T @ DZ
        DB[i] = DZ.sum(axis=0)
        DA = DZ @ W[i].T
    return DW, DB
# %% exercise2
def exercise2(W,B,X,T):
    A = X
    for i in range(4):
        A = torch.relu(A @ W[i] + B[i])
    return torch.mean((A-T)**2)
