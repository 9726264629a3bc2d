"""What tests of calling share: a student's function, what it is given, and what an answer is made of."""

import linecache

import numpy as np
import torch

from autograder.calling.function_call import call
from autograder.exercise import Convention, Opaque

ARRAYS = Convention()
TENSORS = Convention(tensors=True)
LEAVES = Convention(tensors=True, leaves=("W", "b"))


def inputs():
    return {"W": [np.array([[1.0, 2.0]]), np.array([3.0])], "b": np.array([0.5]), "x": np.array([1.0, -2.0])}


def written(source, name="f"):
    """A function as a notebook's cell defines it, so that its lines can be quoted."""
    filename = f"<ipython-input-1-{abs(hash(source))}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    names = {"numpy": np, "torch": torch}
    exec(compile(source, filename, "exec"), names)
    return names[name]


def answered(body, convention=ARRAYS, parameters="W,b,x", before=""):
    """The answer of a function with this body to `inputs()`."""
    return call(written(f"{before}def f({parameters}):\n    {body}"), convention, inputs())


def raises(error):
    """A function, or a method, that raises this whatever it is given."""

    def function(*args, **kwargs):
        raise error

    return function


def told(answer):
    """Which faults an answer has, and where."""
    return [(fault.fault, fault.where) for fault in answer.faults]


def object_array(items):
    """An array of these very objects, whatever they are."""
    result = np.empty(len(items), dtype=object)
    result[:] = items
    return result


def is_plain(value):
    if isinstance(value, list):
        return all(is_plain(item) for item in value)
    if isinstance(value, Opaque):
        return type(value.description) is str
    return type(value) is np.ndarray and value.dtype == np.float64 and value.flags.c_contiguous
