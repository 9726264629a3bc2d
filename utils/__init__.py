"""What the course's notebooks import: data and parameters, pictures, and a word on what is left to do.

import utils

X, T = utils.getdata()
W, B = utils.getparams()
"""

from utils.checks.check import check
from utils.checks.hints import hint
from utils.data import DataError, getdata, getparams
from utils.pictures import (
    show_descent,
    show_fit,
    show_gradient_sizes,
    show_gradients,
    show_loss_surface,
    show_losses,
    show_network,
)
from utils.progress import Unfinished, attempt, ready

__all__ = [
    "DataError",
    "Unfinished",
    "attempt",
    "check",
    "getdata",
    "getparams",
    "hint",
    "ready",
    "show_descent",
    "show_fit",
    "show_gradient_sizes",
    "show_gradients",
    "show_loss_surface",
    "show_losses",
    "show_network",
]
