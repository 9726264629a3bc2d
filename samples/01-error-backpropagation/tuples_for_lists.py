"""Right answers, returned in tuples instead of lists."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    (W1,W2,W3,W4), (n,_) = W, X.shape
    dY = (Y-T)*2/n
    dZ3 = (dY @ W4.T)*(Z3 >= 0)
    dZ2 = (dZ3 @ W3.T)*(Z2 >= 0)
    dZ1 = (dZ2 @ W2.T)*(Z1 >= 0)
    DW = X.T @ dZ1, A1.T @ dZ2, A2.T @ dZ3, A3.T @ dY
    DB = dZ1.sum(axis=0), dZ2.sum(axis=0), dZ3.sum(axis=0), dY.sum(axis=0)
    return DW, DB
# %% exercise2
def exercise2(W,B,X,T):
    (W1,W2,W3,W4), (B1,B2,B3,B4) = W, B
    relu = torch.nn.ReLU()
    Y = relu(relu(relu(X @ W1 + B1) @ W2 + B2) @ W3 + B3) @ W4 + B4
    return torch.mean(torch.square(T - Y))
