"""List all derivatives, by operation and operand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from autograder.derivatives import (
    arithmetic,
    attention,
    basic,
    choosing,
    cross_entropy,
    cross_entropy_of_probabilities,
    elementwise,
    errors,
    heads,
    normalisation,
    polynomials,
    products,
    rearranging,
    reductions,
    softmax,
)
from autograder.derivatives.use import Rule, Use
from autograder.diagnosis.steps import VJP, Op

_RULES: Mapping[tuple[str, int], Rule] = {
    ("product", 0): products.left_of_product,
    ("product", 1): products.right_of_product,
    ("addition", 0): basic.term_of_sum,
    ("addition", 1): basic.term_of_sum,
    ("difference", 0): basic.minuend,
    ("difference", 1): basic.subtrahend,
    ("elementwise_product", 0): arithmetic.factor,
    ("elementwise_product", 1): arithmetic.factor,
    ("quotient", 0): arithmetic.numerator,
    ("quotient", 1): arithmetic.denominator,
    ("scale", 0): arithmetic.scaled,
    ("shift", 0): arithmetic.shifted,
    ("relu", 0): basic.relu,
    **{(name, 0): rule for name, rule in elementwise.RULES.items()},
    ("sum", 0): reductions.of_sum,
    ("mean", 0): reductions.of_mean,
    ("max", 0): reductions.of_max,
    ("transpose", 0): rearranging.transpose,
    ("reshape", 0): rearranging.reshape,
    ("concatenate", 0): rearranging.concatenate,
    ("concatenate", 1): rearranging.concatenate,
    ("where", 1): choosing.masked,
    ("where", 2): choosing.masked,
    ("mask", 1): choosing.masked,
    ("gather", 0): choosing.gather,
    ("powers", 0): polynomials.powers,
    ("split_heads", 0): heads.split_heads,
    ("join_heads", 0): heads.join_heads,
    ("softmax", 0): attention.softmax,
    ("log_sum_exp", 0): softmax.log_sum_exp,
    ("normalise", 0): normalisation.normalise,
    ("rms_normalise", 0): normalisation.rms_normalise,
    ("normalise_with", 0): normalisation.normalise_with,
    ("mean_squared_error", 0): errors.mean_squared_error,
    ("summed_squared_error", 0): errors.summed_squared_error,
    ("cross_entropy", 0): cross_entropy.cross_entropy,
    ("cross_entropy_of_probabilities", 0): cross_entropy_of_probabilities.cross_entropy_of_probabilities,
}


def _from_a_number(rule: Rule) -> Rule:
    """Begin with 1 where a rule's value is a single number and nothing is upstream of it."""

    def derived(use: Use) -> tuple[VJP, ...]:
        vjps = rule(use)
        if use.forward.shapes[use.node.name] or not vjps:
            return vjps
        first = vjps[0]
        wrong = tuple(
            replace(mistake, op=_begun(mistake.op))
            for mistake in first.mistakes
            if mistake.fault != "upstream-ignored"  # it is 1
        )
        return (VJP(_begun(first.right), wrong), *vjps[1:])

    return derived


def _begun(op: Op) -> Op:
    return lambda e, v: op(e, np.ones(()) if v is None else v)


DERIVATIVES: Mapping[tuple[str, int], Rule] = {place: _from_a_number(rule) for place, rule in _RULES.items()}
