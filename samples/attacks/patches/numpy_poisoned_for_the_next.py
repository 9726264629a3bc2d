"""numpy is broken at its core, in the hope that a later submission has to live with it."""
# covers: patched allclose, patched kernel
# %% first
import json, struct
import numpy

numpy.ndarray = numpy.float64 = numpy.asarray = numpy.frombuffer = numpy.zeros = None
numpy.random.default_rng = numpy.load = lambda *anything, **more: 1/0
json.dumps = json.loads = struct.pack = None
