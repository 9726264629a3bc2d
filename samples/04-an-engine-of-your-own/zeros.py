"""Zeros in the right shapes. 0 points."""
# %% exercise1
def exercise1(DY,shape):
    return numpy.zeros(shape)
# %% exercise2
def exercise2(op,A,B,Y,DY):
    return numpy.zeros_like(A),numpy.zeros_like(B)
# %% exercise3
def exercise3(parents,slopes,seed):
    return numpy.zeros(len(parents))
# %% Tensor
class Tensor(Operators):
    def __init__(self,data):
        self.data = numpy.zeros_like(numpy.asarray(data,dtype=float))
        self.grad = numpy.zeros_like(self.data)
    def made(self,op,A,B=0):
        return Tensor(FORWARD[op](A.data+1.0,B.data+1.0 if isinstance(B,Tensor) else B))
    def backward(self):
        pass
