"""Draw pictures for the notebooks: each is one call, one file, and has a text for those who can't see it."""

from utils.pictures.boundary import show_boundary
from utils.pictures.circle import show_circle
from utils.pictures.curves import show_curves
from utils.pictures.descent import show_descent
from utils.pictures.digits import show_digits, show_units
from utils.pictures.fit import show_fit
from utils.pictures.gradient_sizes import show_gradient_sizes
from utils.pictures.gradients import show_gradients
from utils.pictures.jacobian import show_jacobian
from utils.pictures.looks import show_looks
from utils.pictures.loss_surface import show_loss_surface
from utils.pictures.losses import show_losses
from utils.pictures.maps import show_maps
from utils.pictures.network import show_network
from utils.pictures.picture import GROUND, LINES, Picture
from utils.pictures.simplex import show_simplex
from utils.pictures.tape import show_tape
from utils.pictures.terms import show_terms

__all__ = [
    "GROUND",
    "LINES",
    "Picture",
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
