"""All operations, by their names in a forward pass's text."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.operations.basic import PRODUCT, RELU, SUM
from autograder.operations.errors import MEAN_SQUARED_ERROR
from autograder.operations.operation import Operation

OPERATIONS: Mapping[str, Operation] = {
    operation.name: operation for operation in (PRODUCT, SUM, RELU, MEAN_SQUARED_ERROR)
}
