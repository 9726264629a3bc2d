"""Solves one linear system for all gradients of the graph. 30 points."""
# %% exercise1
def exercise1(DY,shape):
    padded = (1,)*(DY.ndim-len(shape))+tuple(shape)
    axes = tuple(k for k,(a,b) in enumerate(zip(padded,DY.shape)) if a != b)
    return DY.sum(axis=axes,keepdims=True).reshape(shape)
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
# %% exercise3
def exercise3(parents,slopes,seed):
    n = len(parents)
    J = numpy.zeros((n,n))                            # J[i,p] = slope of node i by p
    for i in range(n):
        for p,s in zip(parents[i],slopes[i]):
            if p >= 0:
                J[i,p] += s
    start = numpy.zeros(n)
    start[-1] = seed
    return numpy.linalg.solve(numpy.eye(n)-J.T,start)
# %% Tensor
class Tensor(Operators):
    def __init__(self,data,op=None,A=None,B=0):
        self.data = numpy.array(data,dtype=float)
        self.grad = numpy.zeros(self.data.shape)
        self.op,self.A,self.B = op,A,B

    def made(self,op,A,B=0):
        value = FORWARD[op](A.data,getattr(B,"data",B) if isinstance(B,Tensor) else B)
        return Tensor(value,op,A,B)

    def backward(self):
        order,seen = [],set()
        def put(node):
            if id(node) in seen: return
            seen.add(id(node))
            for other in (node.A,node.B):
                if isinstance(other,Tensor): put(other)
            order.append(node)
        put(self)
        for node in order: node.grad = numpy.zeros(node.data.shape)
        self.grad = numpy.ones(self.data.shape)
        for node in order[::-1]:
            if node.op is None: continue
            DA,DB = exercise2(node.op,node.A.data,node.B.data if isinstance(node.B,Tensor) else node.B,node.data,node.grad)
            node.A.grad = node.A.grad+exercise1(DA,node.A.data.shape)
            if isinstance(node.B,Tensor):
                node.B.grad = node.B.grad+exercise1(DB,node.B.data.shape)
