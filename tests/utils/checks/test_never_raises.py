"""Whatever a student writes, the check says something and raises nothing."""

import sys

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter

import utils
from tests.utils.checks.students import DESCENT, NETWORK, function

NAMES = {"exercise1": "W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T", "exercise2": "W,B,X,T"}


class Hostile:
    """Nothing can be asked of it."""

    def _no(self, *_, **__):
        raise RuntimeError("no")

    __repr__ = __str__ = __eq__ = __len__ = __iter__ = __getitem__ = __float__ = __array__ = __bool__ = _no
    __hash__ = None

    @property
    def shape(self):
        raise SystemExit

    @property
    def __class__(self):
        raise RuntimeError("no class")


class Liar(list):
    """A list that says it has more than it has."""

    def __len__(self):
        return 10**12

    def __iter__(self):
        raise SystemExit


class Silent(Exception):
    def __str__(self):
        raise RuntimeError("no message")


def endless():
    result = []
    result.append(result)
    return result


BODIES = {
    "stub": 'raise NotImplementedError("exercise1")',
    "None": "return None",
    "nothing": "pass",
    "exit": "raise SystemExit",
    "quit": "import sys; sys.exit('bye')",
    "generator exit": "raise GeneratorExit",
    "base exception": "raise BaseException('<b>')",
    "silent exception": "raise Silent",
    "recursion": "return exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T)",
    "text": "return 'DW', 'DB'",
    "a text": "return '<script>alert(1)</script>'",
    "number": "return 3",
    "nan": "return [w*numpy.nan for w in W], [b*numpy.inf for b in B]",
    "huge": "return [w*1e308*10 for w in W], [b+1e308 for b in B]",
    "complex": "return [w*1j for w in W], B",
    "objects": "return [w.astype(object) for w in W], B",
    "unlike things": "return [W[0], 'x', None, 3], B",
    "dictionary": "return {'DW': W, 'DB': B}",
    "sets": "return {1,2}, {3,4}",
    "generator": "return (w for w in W), (b for b in B)",
    "class": "return list, dict",
    "one list": "return [w for w in W]",
    "too few": "return W[:2], B[:3]",
    "too many": "return W + W, B + B",
    "empty lists": "return [], []",
    "empty arrays": "return [w[:0] for w in W], [b[:0] for b in B]",
    "masked": "return [numpy.ma.masked_array(w, w > 0) for w in W], B",
    "strided": "return [numpy.broadcast_to(1.0, (10**6, 10**6)) for w in W], B",
    "strings": "return [w.astype(str) for w in W], [b.astype('U') for b in B]",
    "dates": "return [numpy.array(['2020-01-01'], dtype='M8[D]')]*4, B",
    "structured": "return numpy.zeros(3, dtype='i4,f8'), 1",
    "hostile": "return Hostile(), Hostile()",
    "hostile in its line": "h = Hostile(); k = [h]; h + k[0]",
    "hostile inside": "return [Hostile()]*4, [Hostile()]*4",
    "hostile alone": "return Hostile()",
    "liar": "return Liar(W), Liar(B)",
    "endless": "return endless()",
    "deep": "return [[[[[[[w]]]]]] for w in W], B",
    "tensors": "return [torch.tensor(w) for w in W], B",
    "meta tensors": "return [torch.empty(3, device='meta')]*4, B",
    "sparse tensors": "return [torch.tensor(w).to_sparse() for w in W], B",
    "inputs deleted": "W.clear(); B.clear(); return [], []",
    "inputs replaced": "W[0] = None; Y[:] = numpy.nan; return W, B",
    "functions": "return exercise1, exercise1",
    "stdout closed": "import sys; sys.stdout = None; sys.stderr = None; return W, B",
    "errors raised": "numpy.seterr(all='raise'); return [w/0 for w in W], B",
    "warnings raised": "import warnings; warnings.simplefilter('error'); warnings.warn('x'); return W, B",
    "counts calls": "W[0] += id(object()) % 7; return W, B",
    "prints": "print('a lot'); return W, B",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("exercise", NAMES)
def test_no_answer_makes_it_raise(body, exercise, capsys):
    written = function(f"def {exercise}({NAMES[exercise]}):\n    {body}", name=exercise)
    written.__globals__.update(Hostile=Hostile, Liar=Liar, Silent=Silent, endless=endless)
    stdout, errors = sys.stdout, np.geterr()
    report = utils.check(written)
    assert not report
    bundle = report._repr_mimebundle_()
    assert bundle["text/plain"] == str(report) == repr(report)
    assert "<script>" not in bundle["text/html"]
    assert "<b>" not in bundle["text/html"]
    assert exercise in str(report)
    assert str(utils.hint(written))
    assert sys.stdout is stdout
    assert np.geterr() == errors
    assert capsys.readouterr() == ("", "")


CALLS = {
    "three arguments": "def exercise1(W, B, X): return W, B",
    "none": "def exercise1(): return 1",
    "by keyword": "def exercise1(*, W, B, X): return W, B",
    "any number": "def exercise1(*all): return all",
    "a class": "class exercise1:\n    def __init__(self, *a): pass",
    "a lambda": "exercise1 = lambda *a: 1",
    "a built-in": "exercise1 = len",
    "a partial": "import functools; exercise1 = functools.partial(max, 1)",
    "a method": "exercise1 = [].append",
    "an array": "exercise1 = numpy.zeros(3)",
    "a number": "exercise1 = 3",
    "a text": "exercise1 = 'exercise1'",
    "nothing": "exercise1 = None",
    "a module": "exercise1 = numpy",
    "an answer": "exercise1 = ([numpy.zeros(3)], [])",
    "a generator": "def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T): yield W",
    "a coroutine": "class exercise1:\n    def __call__(self): raise SystemExit\nexercise1 = exercise1()",
}


@pytest.mark.parametrize("text", CALLS.values(), ids=CALLS.keys())
@pytest.mark.parametrize("name", [None, "exercise1", f"{NETWORK}/exercise1", f"{DESCENT}/exercise2", "", 5])
def test_nothing_that_is_passed_makes_it_raise(text, name):
    report = utils.check(function(text), name)
    assert not report
    assert len(str(report)) > 20


def test_a_function_that_cannot_be_looked_at_is_no_exception():
    class Function(Hostile):
        def __call__(self, *_):
            raise SystemExit

        def __getattribute__(self, name):
            raise SystemExit(name)

    assert str(utils.check(Function()))
    assert str(utils.check(Function(), f"{NETWORK}/exercise1"))
    assert str(utils.hint(Function()))
    assert "a function" in str(utils.check(Hostile()))
    assert str(utils.hint(Hostile()))


def test_the_students_own_wish_to_stop_is_heard():
    stopped = function(f"def exercise1({NAMES['exercise1']}): raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        utils.check(stopped)


def test_nothing_is_done_while_a_notebook_is_marked(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    called = []
    report = utils.check(lambda *a: called.append(a), "01/exercise1")
    assert str(report) == str(utils.hint("exercise1")) == ""
    assert called == []
    assert report._repr_html_() == ""
    assert DisplayFormatter().format(report) == ({}, {})


def test_a_function_that_answers_differently_each_time_is_told_so():
    text = f"def exercise1({NAMES['exercise1']}):\n    return [w*numpy.random.rand() for w in W], B"
    assert "gives two answers" in str(utils.check(function(text)))


def test_an_answer_that_pytorch_differentiates_is_told_so():
    text = f"""def exercise1({NAMES["exercise1"]}):
    P = [torch.tensor(p, requires_grad=True) for p in W + B]
    A = torch.tensor(X)
    for i in range(4):
        A = A @ P[i] + P[4+i]
        A = torch.relu(A) if i < 3 else A
    ((A - torch.tensor(T))**2).mean().backward()
    return [p.grad for p in P[:4]], [p.grad for p in P[4:]]"""
    report = utils.check(function(text))
    assert all(row.right for row in report.rows)
    assert not report
    assert "solved by hand" in str(report)
