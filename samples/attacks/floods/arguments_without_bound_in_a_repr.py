"""The last value of a cell describes itself with numbers, lists and pictures that never end, one inside the other."""
# covers: output, patched display
# honest: exercise2
# %% first
class Thing:
    def __init__(self, depth): self.depth = depth
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {f"text/x-{n}": "y"*1000 for n in range(2000)}, {f"m{n}": {"isolated": True} for n in range(2000)}
    def _repr_html_(self): return "<table>" * 200_000
    def _repr_latex_(self): return "$" + "{" * 200_000 + "$"
    def _repr_png_(self): return b"\x89PNG" + bytes(30_000)
    def _repr_json_(self): return [[self.depth]]*100_000
    def _repr_pretty_(self, printer, cycle):
        for _ in range(10**5): printer.text("forever ")
    def _ipython_display_(self):
        if self.depth < 200:
            display(Thing(self.depth + 1))
        raise NotImplementedError
Thing(0)
