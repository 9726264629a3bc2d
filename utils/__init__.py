"""Provide what the course's notebooks import: data and parameters, pictures, checks, and progress.

import utils

X, T = utils.getdata()
W, B = utils.getparams()
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from utils.checks.check import check
from utils.checks.hints import hint
from utils.data import DataError, getdata, getdigits, getparams, getzen
from utils.progress import Unfinished, attempt, autograding, ready

if TYPE_CHECKING:
    from utils.pictures import (
        show_boundary,
        show_circle,
        show_curves,
        show_descent,
        show_digits,
        show_fit,
        show_gradient_sizes,
        show_gradients,
        show_jacobian,
        show_looks,
        show_loss_surface,
        show_losses,
        show_maps,
        show_network,
        show_simplex,
        show_tape,
        show_terms,
        show_units,
    )

__all__ = [
    "DataError",
    "Unfinished",
    "attempt",
    "check",
    "getdata",
    "getdigits",
    "getparams",
    "getzen",
    "hint",
    "ready",
    "show_boundary",
    "show_circle",
    "show_curves",
    "show_descent",
    "show_digits",
    "show_fit",
    "show_gradient_sizes",
    "show_gradients",
    "show_jacobian",
    "show_looks",
    "show_loss_surface",
    "show_losses",
    "show_maps",
    "show_network",
    "show_simplex",
    "show_tape",
    "show_terms",
    "show_units",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  a picture's function
    """Import pictures when the first one is drawn: matplotlib takes longer than everything else here."""
    if name in __all__:
        return _unseen if autograding() else getattr(import_module("utils.pictures"), name)
    raise AttributeError(f"module 'utils' has no attribute {name!r}")


def _unseen(*_: object, **__: object) -> None:
    """Draw nothing: the notebook is run to be marked, and nobody is looking."""
