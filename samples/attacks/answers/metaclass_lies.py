"""The answer's class lies about its name, about its kind, and about what is an instance of it."""
# covers: odd answers
# honest: exercise2
# %% exercise1
class Liar(type):
    __name__ = property(lambda self: 1/0)
    def __instancecheck__(self, other): return True
    def __subclasscheck__(self, other): return True
    def __getattribute__(self, name): raise SystemExit
    def __repr__(self): raise KeyboardInterrupt

class Answer(metaclass=Liar):
    __class__ = numpy.ndarray
    dtype, ndim, size, shape = numpy.dtype(float), 2, 24, (4, 6)
    def __getattribute__(self, name):
        if name == "__class__":
            return numpy.ndarray
        raise MemoryError(name)

def exercise1(*anything):
    return [Answer()]*4, [Answer()]*4
