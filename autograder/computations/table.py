"""What is computed in the operations' places, by their names."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.computations import (
    arithmetic,
    choosing,
    cross_entropy,
    elementwise,
    errors,
    heads,
    normalisation,
    polynomials,
    rearranging,
    reductions,
    softmax,
)
from autograder.computations.operation_mistakes import OperationMistakes

OPERATION_MISTAKES: Mapping[str, OperationMistakes] = {
    "product": arithmetic.PRODUCT,
    "addition": arithmetic.ADDITION,
    "difference": arithmetic.DIFFERENCE,
    "elementwise_product": arithmetic.ELEMENTWISE_PRODUCT,
    "quotient": arithmetic.QUOTIENT,
    "scale": arithmetic.SCALE,
    "shift": arithmetic.SHIFT,
    "relu": elementwise.RELU,
    "leaky_relu": elementwise.LEAKY_RELU,
    "elu": elementwise.ELU,
    "abs": elementwise.ABS,
    "sigmoid": elementwise.SIGMOID,
    "tanh": elementwise.TANH,
    "softplus": elementwise.SOFTPLUS,
    "exp": elementwise.EXP,
    "log": elementwise.LOG,
    "sqrt": elementwise.SQRT,
    "square": elementwise.SQUARE,
    "power": elementwise.POWER,
    "reciprocal": elementwise.RECIPROCAL,
    "sum": reductions.SUM,
    "mean": reductions.MEAN,
    "max": reductions.MAX,
    "transpose": rearranging.TRANSPOSE,
    "reshape": rearranging.RESHAPE,
    "concatenate": rearranging.CONCATENATE,
    "softmax": softmax.SOFTMAX,
    "log_sum_exp": softmax.LOG_SUM_EXP,
    "normalise": normalisation.NORMALISE,
    "rms_normalise": normalisation.RMS_NORMALISE,
    "normalise_with": normalisation.NORMALISE_WITH,
    "mean_squared_error": errors.MEAN_SQUARED_ERROR,
    "summed_squared_error": errors.SUMMED_SQUARED_ERROR,
    "cross_entropy": cross_entropy.CROSS_ENTROPY,
    "cross_entropy_of_probabilities": cross_entropy.CROSS_ENTROPY_OF_PROBABILITIES,
    "where": choosing.WHERE,
    "mask": choosing.MASK,
    "gather": choosing.GATHER,
    "powers": polynomials.POWERS,
    "split_heads": heads.SPLIT_HEADS,
    "join_heads": heads.JOIN_HEADS,
}
