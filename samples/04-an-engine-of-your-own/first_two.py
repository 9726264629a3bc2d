"""Exercises 1 and 2 alone. 16 points."""
# %% exercise1
def exercise1(DY,shape):
    DA = DY.sum(axis=tuple(range(DY.ndim-len(shape))))
    return DA.sum(axis=tuple(k for k,n in enumerate(shape) if n == 1),keepdims=True)
# %% exercise2
VJP = {
    "add":    lambda A,B,Y,D: (D,D),
    "sub":    lambda A,B,Y,D: (D,-D),
    "mul":    lambda A,B,Y,D: (D*B,D*A),
    "div":    lambda A,B,Y,D: (D/B,-D*A/B**2),
    "matmul": lambda A,B,Y,D: (D.dot(B.T),A.T.dot(D)),
    "take":   lambda A,B,Y,D: (numpy.eye(len(A))[B].T.dot(D),None),
    "sum":    lambda A,B,Y,D: (numpy.ones_like(A)*numpy.expand_dims(D,B),None),
    "pow":    lambda A,B,Y,D: (D*B*A**(B-1),None),
    "exp":    lambda A,B,Y,D: (D*numpy.exp(A),None),
    "log":    lambda A,B,Y,D: (D/A,None),
    "tanh":   lambda A,B,Y,D: (D*(1-Y*Y),None),
    "relu":   lambda A,B,Y,D: (D*(Y>0),None),
}
def exercise2(op,A,B,Y,DY):
    return VJP[op](A,B,Y,DY)
