"""What the course's notebooks import: data and parameters, pictures, and a word on what is left to do.

import utils

X, T = utils.getdata()
W, B = utils.getparams()
"""

from utils.data import DataError, getdata, getparams
from utils.pictures import show_fit, show_losses
from utils.progress import Unfinished, attempt, ready

__all__ = [
    "DataError",
    "Unfinished",
    "attempt",
    "getdata",
    "getparams",
    "ready",
    "show_fit",
    "show_losses",
]
