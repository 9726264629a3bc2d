"""Pictures for the notebooks: each is one call, one file, and has a text for those who can't see it."""

from utils.pictures.fit import show_fit
from utils.pictures.losses import show_losses
from utils.pictures.picture import GROUND, LINES, Picture

__all__ = ["GROUND", "LINES", "Picture", "show_fit", "show_losses"]
