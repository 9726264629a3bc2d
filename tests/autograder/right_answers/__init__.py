"""Right answers to every exercise, in as many styles as students have.

Each exercise's answers are put together from really different ways to write each piece of it, and beside
these stand some that are written in one go.
"""

from __future__ import annotations

from tests.autograder.right_answers.attention import heads, projections, several_heads
from tests.autograder.right_answers.backward import backward_passes
from tests.autograder.right_answers.descent import descents, gradients, limits
from tests.autograder.right_answers.forward import forward_passes
from tests.autograder.right_answers.normalisation import batches, evaluations, layers, roots
from tests.autograder.right_answers.returned import returned
from tests.autograder.right_answers.right import Right
from tests.autograder.right_answers.softmax import classifiers, jacobians, probabilities

ALL = (backward_passes, forward_passes, gradients, descents, limits, probabilities, jacobians, classifiers)
ALL += (layers, batches, evaluations, roots, heads, projections, several_heads, returned)


def everything() -> list[Right]:
    """All right answers to all assignments."""
    return [right for answers in ALL for right in answers()]
