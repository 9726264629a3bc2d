"""List all operations, by their names in a forward pass's text."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.operations.arithmetic import ARITHMETIC
from autograder.operations.choosing import CHOOSING
from autograder.operations.cross_entropy import CROSS_ENTROPY
from autograder.operations.cross_entropy_of_probabilities import CROSS_ENTROPY_OF_PROBABILITIES
from autograder.operations.elementwise import ELEMENTWISE
from autograder.operations.errors import ERRORS
from autograder.operations.heads import HEADS
from autograder.operations.normalisation import NORMALISATION
from autograder.operations.operation import Operation
from autograder.operations.polynomials import POWERS
from autograder.operations.rearranging import REARRANGING
from autograder.operations.reductions import REDUCTIONS
from autograder.operations.softmax import LOG_SUM_EXP, SOFTMAX

OPERATIONS: Mapping[str, Operation] = {
    operation.name: operation
    for operation in (
        *ARITHMETIC,
        *ELEMENTWISE,
        *REDUCTIONS,
        *REARRANGING,
        SOFTMAX,
        LOG_SUM_EXP,
        *NORMALISATION,
        *ERRORS,
        CROSS_ENTROPY,
        CROSS_ENTROPY_OF_PROBABILITIES,
        *CHOOSING,
        *HEADS,
        POWERS,
    )
}
