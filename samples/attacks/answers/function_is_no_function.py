"""The names of the exercises stand for objects whose name, code and call are traps."""
# covers: odd answers, exits
# %% exercise1
class Trap:
    def __getattr__(self, name): raise SystemExit(name)
    def __call__(self, *anything): raise GeneratorExit
    def __repr__(self): raise KeyboardInterrupt
    __str__ = __repr__

exercise1 = Trap()
# %% exercise2
class Name(str):
    def __str__(self): raise SystemExit
    def __getitem__(self, index): raise SystemExit

class Function:
    __name__ = Name("exercise2")
    def __call__(self, *anything): raise BaseException(self)

exercise2 = Function()
