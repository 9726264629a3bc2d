"""The loop over the layers of the first exercise never ends; the second exercise is right."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    A = [X,A1,A2,A3]
    DW, DB = [None]*4, [None]*4
    D = 2*(Y-T)/len(Y)
    layer = 3
    while True:
        DW[layer] = A[layer].T @ D
        DB[layer] = D.sum(axis=0)
        if layer > 0:
            D = (D @ W[layer].T)*(A[layer] > 0)
            layer -= 1
    return DW, DB
# %% exercise2
def exercise2(W,B,X,T):
    A = X
    for i in range(3):
        A = torch.relu(A @ W[i] + B[i])
    Y = A @ W[3] + B[3]
    return torch.mean((Y-T)**2)
