"""An object that becomes an array of terabytes as soon as numpy asks it."""
# covers: __array__, huge strided arrays, memory
# honest: exercise2
# %% exercise1
class Huge:
    def __array__(self, *anything, **more):
        return numpy.broadcast_to(numpy.float64(1), (10**6, 10**6))

def exercise1(*anything):
    return [Huge()]*4, [Huge()]*4
