"""Pictures for the notebooks: each is one call, one file, and has a text for those who can't see it."""

from utils.pictures.descent import show_descent
from utils.pictures.fit import show_fit
from utils.pictures.gradient_sizes import show_gradient_sizes
from utils.pictures.gradients import show_gradients
from utils.pictures.loss_surface import show_loss_surface
from utils.pictures.losses import show_losses
from utils.pictures.network import show_network
from utils.pictures.picture import GROUND, LINES, Picture

__all__ = [
    "GROUND",
    "LINES",
    "Picture",
    "show_descent",
    "show_fit",
    "show_gradient_sizes",
    "show_gradients",
    "show_loss_surface",
    "show_losses",
    "show_network",
]
