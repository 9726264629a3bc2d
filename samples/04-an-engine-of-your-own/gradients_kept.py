"""backward() adds to what an earlier call has left. 24.25 points."""
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
# %% exercise3
def exercise3(parents,slopes,seed):
    D = numpy.zeros(len(parents))
    D[-1] = seed
    for i in range(len(parents)-1,-1,-1):
        for j in range(2):
            if parents[i,j] != -1:
                D[parents[i,j]] += slopes[i,j]*D[i]
    return D
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
        self.grad = numpy.ones(self.data.shape)
        for node in order[::-1]:
            if node.op is None: continue
            DA,DB = exercise2(node.op,node.A.data,node.B.data if isinstance(node.B,Tensor) else node.B,node.data,node.grad)
            node.A.grad = node.A.grad+exercise1(DA,node.A.data.shape)
            if isinstance(node.B,Tensor):
                node.B.grad = node.B.grad+exercise1(DB,node.B.data.shape)
