"""The error's graph runs the student's program when somebody differentiates."""
# covers: pickles, patched autograd
# honest: exercise1
# %% exercise2
class Surprise(torch.autograd.Function):
    @staticmethod
    def forward(context, *parameters):
        return sum(p.sum() for p in parameters)

    @staticmethod
    def backward(context, gradient):
        open("@CANARY@/outside.txt", "a").write("a gradient was here")
        return (None,)*8

def exercise2(W,B,X,T):
    return Surprise.apply(*W, *B)
