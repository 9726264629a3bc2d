"""Wrong answers to exercise 2 of assignment 01: a forward pass, quantity by quantity."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch.nn import functional

from tests.autograder.mutants.planted import Formula, Planted

FORWARD: dict[str, Formula] = {
    "Z1": lambda q: q["X"] @ q["W1"] + q["B1"],
    "A1": lambda q: torch.relu(q["Z1"]),
    "Z2": lambda q: q["A1"] @ q["W2"] + q["B2"],
    "A2": lambda q: torch.relu(q["Z2"]),
    "Z3": lambda q: q["A2"] @ q["W3"] + q["B3"],
    "A3": lambda q: torch.relu(q["Z3"]),
    "Y": lambda q: q["A3"] @ q["W4"] + q["B4"],
    "err": lambda q: torch.mean((q["Y"] - q["T"]) ** 2),
}
PARAMETERS = [f"{kind}{k}" for kind in "WB" for k in (1, 2, 3, 4)]
ERROR, GRADIENT = 4.0, 0.75


def forward(formulas: Mapping[str, Formula]) -> Callable[..., Any]:
    """An `exercise2` with some of its quantities computed otherwise."""

    def exercise2(W, B, X, T):
        q = {"X": X, "T": T}
        q |= {f"W{i + 1}": w for i, w in enumerate(W)} | {f"B{i + 1}": b for i, b in enumerate(B)}
        for name, formula in (FORWARD | dict(formulas)).items():
            q[name] = formula(q)
        return q["err"]

    return exercise2


def bare(k: int) -> tuple[str, Formula]:
    """A layer without its bias."""
    name, below = ("Y", "A3") if k == 4 else (f"Z{k}", "X" if k == 1 else f"A{k - 1}")
    return name, lambda q: q[below] @ q[f"W{k}"]


def _loses(*parts: str) -> float:
    lost = set(parts)
    return 10 - sum(ERROR if part == "error" else GRADIENT for part in lost)


def _lost(where: str, name: str = "") -> tuple[str, ...]:
    """What a mistake at a place costs; the gradients of all other parameters follow from it."""
    if where[0] == "A" or name in ("bias-after-activation", "layer-left-out"):
        return "error", f"W{where[1]}", f"B{where[1]}"
    if where[0] == "Z":
        return "error", f"W{where[1]}"
    return ("error",) if where in ("error", "Y") else ("error", where)


ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "leaky": lambda Z: functional.leaky_relu(Z, 0.01),
    "leakier": lambda Z: functional.leaky_relu(Z, 0.2),
}
ERRORS: list[tuple[str, Formula]] = [
    ("missing-factor-two", lambda q: FORWARD["err"](q) / 2),
    ("wrong-sign", lambda q: -FORWARD["err"](q)),
    ("sum-instead-of-mean", lambda q: torch.sum((q["Y"] - q["T"]) ** 2)),
    ("sum-instead-of-mean", lambda q: functional.mse_loss(q["Y"], q["T"], reduction="sum")),
    ("mean-twice", lambda q: FORWARD["err"](q) / len(q["X"])),
    ("wrong-scale", lambda q: 3 * FORWARD["err"](q)),
    ("wrong-scale", lambda q: FORWARD["err"](q) / 100),
    ("output-masked", lambda q: torch.mean((torch.relu(q["Y"]) - q["T"]) ** 2)),
    ("broadcast-targets", lambda q: torch.mean((q["Y"] - q["T"].squeeze(1)) ** 2)),
    ("broadcast-targets", lambda q: torch.mean((q["Y"].flatten() - q["T"]) ** 2)),
    ("wrong-error", lambda q: torch.mean(torch.abs(q["Y"] - q["T"]))),
    ("wrong-error", lambda q: functional.l1_loss(q["Y"], q["T"])),
    ("wrong-error", lambda q: torch.sqrt(torch.mean((q["Y"] - q["T"]) ** 2))),
    ("wrong-error", lambda q: torch.linalg.norm(q["Y"] - q["T"])),
    ("wrong-error", lambda q: torch.mean(q["Y"] - q["T"]) ** 2),
    ("wrong-error", lambda q: torch.mean(q["Y"] - q["T"])),
]


def forward_single() -> list[Planted]:
    """One mistake in a forward pass: every name at every place it can occur."""
    result: list[tuple[str, str, dict[str, Formula]]] = []
    for k in (1, 2, 3):
        result.append(("missing-relu", f"A{k}", {f"A{k}": lambda q, k=k: q[f"Z{k}"]}))
        for activation in ACTIVATIONS.values():
            wrong = {f"A{k}": lambda q, a=activation, k=k: a(q[f"Z{k}"])}
            result.append(("wrong-activation", f"A{k}", wrong))
        after = dict([bare(k)]) | {f"A{k}": lambda q, k=k: torch.relu(q[f"Z{k}"]) + q[f"B{k}"]}
        result.append(("bias-after-activation", f"B{k}", after))
    for activation in (torch.sigmoid, torch.tanh):
        result.append(("wrong-activation", "Y", {"Y": lambda q, a=activation: a(FORWARD["Y"](q))}))
    result += [("missing-bias", f"B{k}", dict([bare(k)])) for k in (1, 2, 3, 4)]
    for k in (2, 3):
        turned = {f"Z{k}": lambda q, k=k: q[f"A{k - 1}"] @ q[f"W{k}"].T + q[f"B{k}"]}
        result.append(("operand-transposed", f"Z{k}", turned))
        result.append(("layer-left-out", f"Z{k}", {f"Z{k}": lambda q, k=k: q[f"A{k - 1}"]}))
    result += [(name, "error", {"err": formula}) for name, formula in ERRORS]
    planted = [
        Planted(((name, where),), _loses(*_lost(where, name)), forward(wrong))
        for name, where, wrong in result
    ]
    return planted + _misplaced()


def _misplaced() -> list[Planted]:
    """What stands in a wrong place, with the parts that it costs."""

    def data(q):
        return (q["X"] - q["X"].mean(0)) / q["X"].std(0, correction=0)

    def layer(k: int, of: str, weight: str, bias: str) -> dict[str, Formula]:
        return {f"Z{k}": lambda q: q[of] @ q[weight] + q[bias]}

    cases: list[tuple[str, str, str, dict[str, Formula]]] = [
        ("input-changed", "X", "W1", {"Z1": lambda q: torch.relu(q["X"]) @ q["W1"] + q["B1"]}),
        ("input-changed", "X", "W1", {"Z1": lambda q: data(q) @ q["W1"] + q["B1"]}),
        ("input-changed", "T", "", {"err": lambda q: torch.mean((q["Y"] - torch.relu(q["T"])) ** 2)}),
        ("wrong-operand", "Z3", "W3 B3", layer(3, "A2", "W2", "B2")),
        ("wrong-operand", "Z3", "W3", layer(3, "A2", "W2", "B3")),
        ("wrong-operand", "Z1", "B1", layer(1, "X", "W1", "B3")),
        ("wrong-operand", "Z2", "B2 B3", layer(2, "A1", "W2", "B1") | layer(3, "A2", "W3", "B1")),
        ("operands-exchanged", "Z2", "W2 W3", layer(2, "A1", "W3", "B2") | layer(3, "A2", "W2", "B3")),
        ("operands-exchanged", "Z1", "B1 B2", layer(1, "X", "W1", "B2") | layer(2, "A1", "W2", "B1")),
        ("bias-inside-product", "B2", "W2 B2", {"Z2": lambda q: (q["A1"] + q["B2"]) @ q["W2"]}),
        ("bias-summed", "Z3", "W3 B3", {"Z3": lambda q: q["A2"] @ q["W3"] + q["B3"].sum()}),
        ("bias-added-twice", "B2", "B2", {"Z2": lambda q: FORWARD["Z2"](q) + q["B2"]}),
        ("bias-added-twice", "B4", "B4", {"Y": lambda q: FORWARD["Y"](q) + q["B4"]}),
        ("difference-for-sum", "Z1", "B1", {"Z1": lambda q: q["X"] @ q["W1"] - q["B1"]}),
        ("input-changed", "Z1", "W1 B1 W2 B2 W3 B3", _normalised()),
        ("skip-added", "A2", "W2 B2", {"A2": lambda q: torch.relu(q["Z2"]) + q["A1"]}),
        ("skip-added", "A3", "W3 B3", {"A3": lambda q: torch.relu(q["Z3"] + q["A1"])}),
    ]
    return [
        Planted(((name, where),), _loses("error", *lost.split()), forward(wrong))
        for name, where, lost, wrong in cases
    ]


def _normalised() -> dict[str, Formula]:
    """Every hidden layer normalised over its units."""
    return {
        f"A{k}": lambda q, k=k: torch.relu(functional.layer_norm(q[f"Z{k}"], q[f"Z{k}"].shape[-1:]))
        for k in (1, 2, 3)
    }


def forward_combined() -> list[Planted]:
    """Two and three mistakes in one forward pass."""
    alone: dict[str, dict[str, Formula]] = {
        "missing-relu@A1": {"A1": lambda q: q["Z1"]},
        "missing-relu@A3": {"A3": lambda q: q["Z3"]},
        "wrong-activation@A2": {"A2": lambda q: torch.sigmoid(q["Z2"])},
        "missing-bias@B1": dict([bare(1)]),
        "missing-bias@B2": dict([bare(2)]),
        "missing-bias@B4": dict([bare(4)]),
        "missing-factor-two@error": {"err": ERRORS[0][1]},
        "sum-instead-of-mean@error": {"err": ERRORS[2][1]},
        "broadcast-targets@error": {"err": ERRORS[8][1]},
    }
    chosen = [
        pair
        for pair in itertools.combinations(alone, 2)
        if len({quantity for key in pair for quantity in alone[key]}) == 2
    ]
    alone |= {
        "missing-relu@A2": {"A2": lambda q: q["Z2"]},
        "wrong-activation@A1": {"A1": lambda q: torch.sigmoid(q["Z1"])},
        "wrong-activation@A3": {"A3": lambda q: torch.sigmoid(q["Z3"])},
        "output-masked@error": {"Y": lambda q: torch.relu(FORWARD["Y"](q))},
    }
    chosen += [
        ("missing-bias@B1", "output-masked@error"),
        ("output-masked@error", "missing-factor-two@error"),
        ("wrong-activation@A1", "wrong-activation@A2", "wrong-activation@A3"),
        ("missing-relu@A1", "missing-relu@A2", "missing-relu@A3"),
        ("missing-bias@B1", "missing-bias@B2", "missing-bias@B4"),
        ("missing-relu@A2", "missing-bias@B4", "sum-instead-of-mean@error"),
        ("missing-relu@A3", "missing-bias@B1", "missing-factor-two@error"),
    ]
    result = _everywhere()
    for keys in chosen:
        faults = tuple((key.partition("@")[0], key.partition("@")[2]) for key in keys)
        lost = [part for _, where in faults for part in _lost(where)]
        formulas = {name: formula for key in keys for name, formula in alone[key].items()}
        result.append(Planted(faults, _loses(*lost), forward(formulas)))
    return result


def _everywhere() -> list[Planted]:
    """One mistake in every layer."""
    sums: dict[str, Formula] = {"err": ERRORS[2][1]}
    none = dict(bare(k) for k in (1, 2, 3, 4))
    after = none | {"Y": FORWARD["Y"]}
    after |= {f"A{k}": lambda q, k=k: torch.relu(q[f"Z{k}"]) + q[f"B{k}"] for k in (1, 2, 3)}
    leaky: dict[str, Formula] = {
        f"A{k}": lambda q, k=k: functional.leaky_relu(q[f"Z{k}"], 0.1) for k in (1, 2, 3)
    }
    linear: dict[str, Formula] = {f"A{k}": lambda q, k=k: q[f"Z{k}"] for k in (1, 2, 3)}
    sigmoid: dict[str, Formula] = {f"A{k}": lambda q, k=k: torch.sigmoid(q[f"Z{k}"]) for k in (1, 2, 3)}
    sigmoid |= {"Y": lambda q: torch.sigmoid(FORWARD["Y"](q))}
    B, A = ("B4", "B3", "B2", "B1"), ("A3", "A2", "A1")
    cases: list[tuple[list[tuple[str, str]], dict[str, Formula]]] = [
        ([("missing-bias", b) for b in B], none),
        ([("missing-bias", b) for b in B] + [("sum-instead-of-mean", "error")], none | sums),
        ([("missing-bias", b) for b in B] + [("missing-relu", a) for a in A], none | linear),
        ([("bias-after-activation", b) for b in B[1:]], after),
        ([("wrong-activation", a) for a in A], leaky),
        ([("wrong-activation", a) for a in A] + [("sum-instead-of-mean", "error")], leaky | sums),
        ([("wrong-activation", a) for a in ("Y", *A)], sigmoid),
    ]
    return [
        Planted(
            tuple(faults),
            _loses(*(part for name, where in faults for part in _lost(where, name))),
            forward(formulas),
        )
        for faults, formulas in cases
    ]


def _squared_in_place(q: dict[str, Any]) -> Any:
    D = q["Y"] - q["T"]
    D *= D
    return D.mean()


def forward_cut() -> list[Planted]:
    """An error that PyTorch cannot differentiate, by all parameters or by some."""

    def finished(change: Formula) -> Callable[..., Any]:
        return forward({"err": lambda q: change({**q, "err": FORWARD["err"](q)})})

    result = [
        Planted((("detached", "error"),), ERROR, finished(lambda q: q["err"].detach())),
        Planted((("detached", "error"),), ERROR, finished(lambda q: torch.tensor(q["err"].item()))),
        Planted((("detached", "error"),), ERROR, forward({"Y": lambda q: FORWARD["Y"](q).data})),
        Planted((("not-a-tensor", "error"),), ERROR, finished(lambda q: q["err"].item())),
        Planted((("not-a-tensor", "error"),), ERROR, finished(lambda q: q["err"].detach().numpy())),
        Planted((("returns-nothing", "answer"),), 0.0, finished(lambda q: None)),
        Planted((("not-scalar", "error"),), 0.0, forward({"err": lambda q: (q["Y"] - q["T"]) ** 2})),
        Planted((("not-scalar", "error"),), 0.0, finished(lambda q: q["err"] * torch.arange(1, 4))),
        Planted((("not-scalar", "error"),), 0.0, finished(lambda q: torch.stack([q["err"], q["err"] ** 2]))),
        Planted(
            (("backward-called", "error"),), ERROR, finished(lambda q: (q["err"].backward(), q["err"])[1])
        ),
        Planted((("changed-in-place", "error"),), ERROR, forward({"err": _squared_in_place})),
    ]
    for k in (1, 2, 3, 4):
        name, below = ("Y", "A3") if k == 4 else (f"Z{k}", "X" if k == 1 else f"A{k - 1}")
        cut = {name: lambda q, k=k, below=below: q[below] @ q[f"W{k}"].detach() + q[f"B{k}"]}
        result.append(Planted((("detached", f"W{k}"),), 10 - GRADIENT, forward(cut)))
        cut = {name: lambda q, k=k, below=below: q[below] @ q[f"W{k}"] + q[f"B{k}"].detach()}
        result.append(Planted((("detached", f"B{k}"),), 10 - GRADIENT, forward(cut)))
    for k in (1, 2, 3):
        cut = {f"A{k}": lambda q, k=k: torch.relu(q[f"Z{k}"]).detach()}
        places = [f"{kind}{j}" for kind in "WB" for j in range(1, k + 1)]
        faults = tuple(("detached", place) for place in places)
        result.append(Planted(faults, 10 - 2 * k * GRADIENT, forward(cut)))
    return result
