"""The function says that it wraps itself, that its signature is itself, and that it is a class, a coroutine and a method."""
# covers: odd answers
# honest: exercise2
# %% exercise1
class Kind(type):
    def __instancecheck__(cls, other): return True
    def __subclasscheck__(cls, other): return True
    def __eq__(cls, other): return True
    __hash__ = type.__hash__

class Function(metaclass=Kind):
    __name__ = property(lambda self: self)
    __doc__ = __module__ = __name__
    __code__ = __defaults__ = __kwdefaults__ = __closure__ = __globals__ = __name__
    __wrapped__ = __func__ = __self__ = __signature__ = __text_signature__ = __annotations__ = __name__
    def __call__(self, *anything): return self
    def __iter__(self): return self
    def __next__(self): return self
    def __repr__(self): return self
    def __hash__(self): raise KeyError(self)
    def __bool__(self): raise SystemExit(0)

exercise1 = Function()
