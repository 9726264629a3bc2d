"""PyTorch for arrays alone, and a walk over every way. 30 points."""
# %% exercise1
def exercise1(DY,shape):
    import torch
    return torch.tensor(DY).sum_to_size(shape).numpy()
# %% exercise2
def exercise2(op,A,B,Y,DY):
    match op:
        case "add": return [DY.copy(),DY.copy()]
        case "sub": return [DY.copy(),-DY]
        case "mul": return [B*DY,A*DY]
        case "div": return [DY/B,-Y/B*DY]
        case "matmul": return [numpy.einsum("ij,kj->ik",DY,B),numpy.einsum("ij,ik->jk",A,DY)]
        case "take":
            DA = numpy.zeros(A.shape)
            for place,row in enumerate(B):
                DA[row] += DY[place]
            return [DA,None]
        case "sum": return [numpy.repeat(numpy.expand_dims(DY,B),A.shape[B],axis=B),None]
        case "pow": return [DY*B*Y/A,None]
        case "exp": return [DY*Y,None]
        case "log": return [DY*A**-1.0,None]
        case "tanh": return [DY/numpy.cosh(A)**2,None]
        case "relu": return [numpy.where(A>0,DY,0),None]
# %% exercise3
def exercise3(parents,slopes,seed):
    D = numpy.zeros(len(parents))
    def walk(node,gradient):
        D[node] += gradient
        for p,s in zip(parents[node],slopes[node]):
            if p >= 0:
                walk(p,gradient*s)
    walk(len(parents)-1,seed)
    return D
# %% Tensor
class Tensor(Operators):
    count = 0
    def __init__(self,data):
        self.data = numpy.asarray(data,dtype=float)
        self.grad = 0*self.data
        self.back = None
        self.number = Tensor.count        # operands always have smaller numbers
        Tensor.count += 1

    def made(self,op,A,B=0):
        b = B.data if isinstance(B,Tensor) else B
        node = Tensor(FORWARD[op](A.data,b))
        def back():
            for operand,D in zip((A,B),exercise2(op,A.data,b,node.data,node.grad)):
                if isinstance(operand,Tensor):
                    operand.grad = operand.grad+exercise1(D,operand.data.shape)
        node.back,node.operands = back,[each for each in (A,B) if isinstance(each,Tensor)]
        return node

    def backward(self):
        found,waiting = {},[self]
        while waiting:
            node = waiting.pop()
            if node.number not in found:
                found[node.number] = node
                node.grad = 0*node.data
                waiting += node.operands if node.back else []
        self.grad = self.grad+1
        for number in sorted(found,reverse=True):
            if found[number].back:
                found[number].back()
