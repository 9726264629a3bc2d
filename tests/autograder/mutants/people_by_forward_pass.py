"""Wrong forward passes in PyTorch: other operands, other inputs, operations that do not belong there."""

from __future__ import annotations

from tests.autograder.mutants.people import TORCH
from tests.autograder.mutants.people_found_descent import wrong

LAYER = "A = torch.relu(A @ W[k] + B[k])"
LAST = "Y = A @ W[3] + B[3]"
MEAN = "torch.mean((Y - T) ** 2)"
START = "A = X"

FOUND = [
    wrong(
        TORCH,
        "the second layer twice",
        "wrong-operand@Z3",
        4.5,
        (LAYER, "A = torch.relu(A @ W[min(k, 1)] + B[min(k, 1)])"),
    ),
    wrong(
        TORCH,
        "a bias of the next layer",
        "wrong-operand@Z2",
        5.25,
        (LAYER, "A = torch.relu(A @ W[k] + B[2 if k else 0])"),
    ),
    wrong(
        TORCH,
        "one bias for all layers",
        "wrong-operand@Z2",
        4.5,
        (LAYER, "A = torch.relu(A @ W[k] + B[0])"),
    ),
    wrong(
        TORCH,
        "weights unpacked in another order",
        "operands-exchanged@Z2",
        4.5,
        (START, "A = X\nV, W = W, [W[0], W[2], W[1], W[3]]"),
    ),
    wrong(
        TORCH,
        "layers in another order",
        "operands-exchanged@Z2",
        3,
        (LAYER, "k = (0, 2, 1)[k]\n    A = torch.relu(A @ W[k] + B[k])"),
    ),
    wrong(
        TORCH,
        "clamped from above",
        "wrong-activation@A1 wrong-activation@A2 wrong-activation@A3",
        1.5,
        (LAYER, "A = torch.clamp(A @ W[k] + B[k], max=0)"),
    ),
    wrong(
        TORCH,
        "the minimum in the last layer",
        "wrong-activation@A3",
        4.5,
        (LAYER, "Z = A @ W[k] + B[k]\n    A = torch.relu(Z) if k < 2 else torch.min(torch.zeros(1), Z)"),
    ),
    wrong(
        TORCH,
        "the maximum over the data points",
        "wrong-activation@A1",
        4.5,
        (LAYER, "Z = A @ W[k] + B[k]\n    A = torch.max(Z, 0)[0] if k == 0 else torch.relu(Z)"),
    ),
    wrong(
        TORCH,
        "the mask for the activation",
        "wrong-activation@A1 wrong-activation@A2 wrong-activation@A3",
        1.5,
        (LAYER, "A = (A @ W[k] + B[k] > 0).to(X.dtype)"),
    ),
    wrong(TORCH, "a ReLU before each layer", "input-changed@X", 5.25, (START, "A = torch.relu(X)")),
    wrong(
        TORCH,
        "data standardised",
        "input-changed@X",
        5.25,
        (START, "A = (X - X.mean(0)) / (X.std(0) + 1e-8)"),
    ),
    wrong(
        TORCH, "targets standardised", "input-changed@T", 6, (START, "A = X\nT = (T - T.mean()) / T.std()")
    ),
    wrong(
        TORCH,
        "biases inside the products",
        "bias-inside-product@B2 bias-inside-product@B3",
        3,
        (LAYER, "A = torch.relu((A + B[k]) @ W[k] if k else A @ W[k] + B[k])"),
    ),
    wrong(
        TORCH,
        "the sum of a bias",
        "bias-summed@Z1 bias-summed@Z2 bias-summed@Z3",
        1.5,
        (LAYER, "A = torch.relu(A @ W[k] + B[k].sum())"),
    ),
    wrong(
        TORCH,
        "skip connections",
        "skip-added@A2 skip-added@A3",
        3,
        (LAYER, "Z = torch.relu(A @ W[k] + B[k])\n    A = Z + A if k else Z"),
    ),
    wrong(TORCH, "the variance", "wrong-error@error", 6, (MEAN, "torch.var(Y - T)")),
    wrong(TORCH, "squares of outputs and targets", "wrong-error@error", 6, (MEAN, "(Y**2 - T**2).mean()")),
    wrong(TORCH, "no targets", "wrong-error@error", 6, (MEAN, "(Y**2).mean()")),
    wrong(
        TORCH,
        "no bias at the end, but a gradient of zeros",
        "missing-bias@B4",
        5.25,
        (LAST, LAST.removesuffix(" + B[3]")),
        (MEAN, MEAN + " + 0 * B[3].sum()"),
    ),
    wrong(
        TORCH,
        "two biases missing, with zeros, and half of the error",
        "missing-bias@B3 missing-bias@B4 missing-factor-two@error",
        4.5,
        (LAYER, "A = torch.relu(A @ W[k] + (B[k] if k < 2 else 0))"),
        (LAST, LAST.removesuffix(" + B[3]")),
        (MEAN, MEAN + " / 2 + 0 * (B[2].sum() + B[3].sum())"),
    ),
    wrong(
        TORCH,
        "the first layer's activations for the third, and zeros",
        "layer-left-out@Z2",
        4.5,
        (LAYER, "A = A if k == 1 else torch.relu(A @ W[k] + B[k])"),
        (MEAN, MEAN + " + 0 * (W[1].sum() + B[1].sum())"),
    ),
    wrong(
        TORCH,
        "all units cut off, in two ways",
        " ".join(
            f"unrecognised@{part}" for part in ("error", *(f"{k}{n}" for k in "WB" for n in (1, 2, 3, 4)))
        ),
        0,
        (LAYER, "A = (A @ W[k] + B[k]).clamp(0, 1 if k == 2 else 6)"),
    ),
]
