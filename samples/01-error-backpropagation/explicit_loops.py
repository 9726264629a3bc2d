"""Right answers, with explicit loops instead of matrix products."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    inputs = [X, A1, A2, A3]
    Z = [Z1, Z2, Z3, Y]
    N = len(X)

    DW = [numpy.zeros(w.shape) for w in W]
    DB = [numpy.zeros(b.shape) for b in B]

    for n in range(N):
        # derivative of the error w.r.t. the output for this data point
        delta = [2*(Y[n][0]-T[n][0])/N]
        for l in [3,2,1,0]:
            rows, cols = W[l].shape
            for i in range(rows):
                for j in range(cols):
                    DW[l][i][j] += inputs[l][n][i]*delta[j]
            for j in range(cols):
                DB[l][j] += delta[j]
            if l == 0:
                break
            new_delta = []
            for i in range(rows):
                s = 0.0
                for j in range(cols):
                    s += W[l][i][j]*delta[j]
                if Z[l-1][n][i] <= 0:
                    s = 0.0
                new_delta.append(s)
            delta = new_delta

    return DW, DB
# %% exercise2
def exercise2(W,B,X,T):
    err = 0
    for n in range(len(X)):
        a = X[n]
        for l in range(3):
            a = torch.relu(a @ W[l] + B[l])
        y = a @ W[3] + B[3]
        err = err + (y[0]-T[n,0])**2
    return err/len(X)
