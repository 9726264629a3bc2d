"""What a graph brings of itself can go wrong in any forward pass, and has its name in each of four.

Rows are mistakes, as DESIGN lists them; columns forward passes, each with what is written, and the fault's
place and hint. A forward pass in which a mistake cannot be made has no entry.
"""

import pytest

from autograder.diagnosis.sentences import sentence
from tests.autograder.derivatives.sketched import LAYERNORM, RESIDUAL, SELF_ATTENTION, SKETCHED

SOFTMAX = "softmax(S over axis 1)"
PASSES = {
    "attention": SELF_ATTENTION, "normalisation": LAYERNORM,
    "network": SKETCHED["network"], "residual": RESIDUAL,
}  # fmt: skip

TABLE = {
    "a path left out at a fork": {
        "attention": ("DX", "DQ@A.T+DV@E.T", "path-missing", "K"),
        "normalisation": ("DC", "DH/R", "path-missing", "V"),
        "residual": ("DA1", "DH", "path-missing", "Z2"),
    },
    "a path counted twice": {
        "attention": ("DX", "DQ@A.T+2*DK@C.T+DV@E.T", "path-wrong-scale", "K, 2 times"),
        "normalisation": ("DX", "DC+2*DM/D", "path-wrong-scale", "M, 2 times"),
        "residual": ("DA1", "2*DH+DZ2@W2.T", "path-wrong-scale", "H, 2 times"),
    },
    "the gradient of another use": {
        "attention": ("DX", "DK@A.T+DK@C.T+DV@E.T", "wrong-upstream", "DK"),
        "residual": ("DA1", "DH+DH@W2.T", "wrong-upstream", "DH"),
        "network": ("DW2", "A1.T@DZ3", "wrong-upstream", "DZ3"),
    },
    "the upstream gradient missing": {
        "attention": ("DS", "P*(1-P)", "upstream-ignored", SOFTMAX),
        "normalisation": ("DH", "G+0*DY", "upstream-ignored", "U"),
        "network": ("DZ2", "1.0*(Z2>0)", "upstream-ignored", "max(0, Z2)"),
        "residual": ("DZ2", "1.0*(Z2>0)", "upstream-ignored", "max(0, Z2)"),
    },
    "a derivative at the wrong place": {
        "attention": ("DS", "S*(DP-(DP*S).sum(1,keepdims=True))", "wrong-operand", "S"),
        "normalisation": ("DR", "-(DH*X/R**2).sum(1,keepdims=True)", "wrong-operand", "X"),
        "network": ("DZ2", "(DZ3@W3.T)*(Z1>0)", "wrong-relu-mask", "Z1"),
        "residual": ("DZ2", "DH*(Z1>0)", "wrong-relu-mask", "Z1"),
    },
    "an operand of the same shape": {
        "attention": ("DQ", "DR@Q", "wrong-operand", "Q"),
        "normalisation": ("DG", "(DY*X).sum(0)", "wrong-operand", "X"),
        "network": ("DW3", "A1.T@DZ3", "wrong-input", "A1"),
        "residual": ("DW2", "A2.T@DZ2", "wrong-input", "A2"),
    },
    "a transpose": {
        "attention": ("DK", "DR@Q", "upstream-transposed", ""),
        "network": ("DZ2", "(DZ3@W3)*(Z2>0)", "weights-not-transposed", ""),
        "residual": ("DA1", "DH+DZ2@W2", "weights-not-transposed", ""),
    },
    "a reduction missing or wrong": {
        "attention": ("DS", "P*(DP-(DP*P).sum(0,keepdims=True))", "softmax-wrong-axis", ""),
        "normalisation": ("DB", "DY", "not-summed", ""),
        "network": ("DB2", "DZ2.sum(1)", "wrong-axis", ""),
        "residual": ("DB2", "DZ2", "not-summed", ""),
    },
    "a factor that is a law of dimensions": {
        "attention": ("DV", "T*P.T@DO", "wrong-scale", "T"),
        "normalisation": ("DG", "(DY*H).mean(0)", "mean-twice", ""),
        "network": ("DY", "2*(Y-T)", "sum-instead-of-mean", ""),
        "residual": ("DW1", "X.T@DZ1/N**2", "wrong-scale", "1/N²"),
    },
    "the forward map for its adjoint": {
        "attention": ("DS", "np.exp(DP)/np.exp(DP).sum(1)[:,None]", "applied-to-gradient", SOFTMAX),
        "network": ("DZ2", "np.maximum(DZ3@W3.T,0)", "relu-of-gradient", ""),
        "residual": ("DZ2", "np.maximum(DH,0)", "relu-of-gradient", ""),
    },
    "an operation skipped": {
        "attention": ("DS", "DP", "missing-softmax-derivative", ""),
        "normalisation": ("DH", "DY", "factor-missing", "G"),
        "network": ("DZ2", "DZ3@W3.T", "missing-relu-mask", ""),
        "residual": ("DZ1", "DA1", "missing-relu-mask", ""),
    },
    "an array of another place handed in": {
        "attention": ("DR", "DS", "scale-missing", "1/√d"),
        "normalisation": ("DX", "DC", "path-missing", "M"),
        "network": ("DB2", "DZ3.sum(0)", "wrong-upstream", "DZ3"),
        "residual": ("DW1", "X.T@DA1", "wrong-upstream", "DA1"),
    },
}  # fmt: skip


CELLS = [(mistake, name) for mistake, row in TABLE.items() for name in row]


@pytest.mark.parametrize(("mistake", "name"), CELLS)
def test_it_has_its_name_where_it_was_made_and_is_paid_for_there_alone(mistake, name):
    where, formula, fault, hint = TABLE[mistake][name]
    assert PASSES[name].explained({where: formula}) == ([(fault, where, hint)], {where})


LAWS = {
    "d**0.5": "√d", "d**-0.5": "1/√d", "T**0.5": "√T", "T**-0.5": "1/√T", "T*d**-0.5": "T/√d",
    "(T/d)**0.5": "√T/√d", "3*d**-0.5": "3/√d",
}  # fmt: skip
OWN = {
    ("DR", "d**0.5"): ("scale-missing", "DR", "1/√d"),
    **{(behind, "d**0.5"): ("wrong-upstream", behind, "DS") for behind in ("DQ", "DK")},
}
"""Where the root that the scores have is left out or comes in twice, the operation has a name for it.

Behind it, without the root, DS was taken for DR.
"""


@pytest.mark.parametrize("part", ["DR", "DQ", "DK"])
@pytest.mark.parametrize("law", LAWS)
def test_roots_of_dimensions_are_found_in_the_scores_of_attention(law, part):
    wrong = {part: f"({SELF_ATTENTION.right[part]})*{law}"}
    expected = OWN.get((part, law), ("wrong-scale", part, LAWS[law]))
    assert SELF_ATTENTION.explained(wrong) == ([expected], {part})


@pytest.mark.parametrize("law", LAWS.values())
def test_one_sentence_words_every_factor(law):
    message = sentence("wrong-scale", "DQ", law)
    assert message == sentence("wrong-scale", "DQ", "3").replace(" 3 times", f" {law} times")
