"""The sheet's network, 4-6-6-6-1: the forward pass from which all else in this assignment follows."""

from __future__ import annotations

from autograder.forward_pass import ForwardPass

NETWORK = ForwardPass(
    """
    Z1 = X @ W1 + B1
    A1 = relu(Z1)
    Z2 = A1 @ W2 + B2
    A2 = relu(Z2)
    Z3 = A2 @ W3 + B3
    A3 = relu(Z3)
    Y = A3 @ W4 + B4
    err = mean_squared_error(Y, T)
    """,
    X=("N", 4), T=("N", 1),
    W1=(4, 6), W2=(6, 6), W3=(6, 6), W4=(6, 1),
    B1=(6,), B2=(6,), B3=(6,), B4=(1,),
)  # fmt: skip
