"""Wrong answers to assignment 02: a cubic's gradient."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests.autograder.mutants.planted import Formula, Planted


def slopes(
    residual: Formula = lambda q: q["prediction"] - q["y"],
    changed: Mapping[str, Formula] | None = None,
    finish: Callable[[list[Any]], Any] = lambda gradient: gradient,
) -> Callable[..., Any]:
    """The gradient by a, b, c, d, some of them computed otherwise."""

    def exercise1(theta, x, y):
        a, b, c, d = theta
        q = {"theta": theta, "x": x, "y": y, "prediction": a + b * x + c * x**2 + d * x**3}
        r = q["r"] = residual(q)
        right = {name: 2 * np.sum(r * x**k) for k, name in enumerate("abcd")}
        right |= {name: formula(q) for name, formula in (changed or {}).items()}
        return finish(list(right.values()))

    return exercise1


def slope_mutants() -> list[Planted]:
    """Every mistake in a cubic's gradient, and some together."""

    def residual(name: str, formula: Formula) -> Planted:
        return Planted(((name, "residual"),), 0.0, slopes(formula))

    def factor(s: Callable[[int], float]) -> Formula:
        return lambda q: s(len(q["x"])) * (q["prediction"] - q["y"])

    result = [
        residual("missing-factor-two", factor(lambda N: 0.5)),
        residual("wrong-sign", factor(lambda N: -1)),
        residual("wrong-scale", factor(lambda N: 3)),
        residual("mean-instead-of-sum", factor(lambda N: 1 / N)),
        residual("wrong-error", lambda q: np.sign(q["prediction"] - q["y"])),
        residual("wrong-error", lambda q: np.sign(q["prediction"] - q["y"]) / 2),
        residual("wrong-error", lambda q: q["prediction"]),
        residual("square-not-differentiated", lambda q: (q["prediction"] - q["y"]) ** 2),
        residual("coefficients-reversed", lambda q: np.polyval(q["theta"], q["x"]) - q["y"]),
        residual("term-left-out", lambda q: q["prediction"] - q["theta"][2] * q["x"] ** 2 - q["y"]),
        residual("wrong-term", lambda q: q["prediction"] + q["theta"][3] * (q["x"] - q["x"] ** 3) - q["y"]),
        residual(
            "coefficient-in-bracket",
            lambda q: q["prediction"] + (q["theta"][2] ** 2 - q["theta"][2]) * q["x"] ** 2 - q["y"],
        ),
        residual("factor-on-one-term", lambda q: q["prediction"] - q["y"] / 2),
        residual("factor-on-one-term", lambda q: q["prediction"] / 2 - q["y"]),
        residual("sum-for-difference", lambda q: q["prediction"] + q["y"]),
        residual("sign-lost", lambda q: np.abs(q["prediction"] - q["y"])),
        residual("broadcast-targets", lambda q: (q["prediction"][:, None] - q["y"]).sum(axis=1)),
        residual("broadcast-targets", lambda q: (q["prediction"][:, None] - q["y"]).sum(axis=0)),
        Planted((("input-changed", "x"),), 0.0, lambda theta, x, y: slopes()(theta, x / np.abs(x).max(), y)),
        Planted(
            (("input-changed", "x"), ("input-changed", "y")),
            0.0,
            lambda theta, x, y: slopes()(theta, x[:4], y[:4]),
        ),
        Planted(
            (("input-changed", "x"), ("wrong-sign", "residual")),
            0.0,
            lambda theta, x, y: slopes(factor(lambda N: -1))(theta, x - x.mean(), y),
        ),
        Planted(
            (*(("itself-added", name) for name in "abcd"), ("missing-factor-two", "residual")),
            0.0,
            lambda theta, x, y: 0.3 * theta + np.array(slopes(factor(lambda N: 0.5))(theta, x, y)),
        ),
        residual("constant-left-out", lambda q: q["prediction"] - q["theta"][0] - q["y"]),
    ]
    for k, name in ((1, "b"), (3, "d")):

        def kept(q: dict[str, Any], k: int = k) -> Any:
            return 2 * np.sum(q["r"] * q["theta"][k] * q["x"] ** k)

        result.append(Planted((("coefficient-kept", name),), 7.5, slopes(changed={name: kept})))
    scales: dict[str, Callable[[Any, int], Any]] = {
        "missing-factor-two": lambda g, N: g / 2,
        "wrong-sign": lambda g, N: -g,
        "wrong-scale": lambda g, N: 3 * g,
        "mean-instead-of-sum": lambda g, N: g / N,
    }
    for k, name in enumerate("abcd"):
        for fault, change in scales.items():
            one = {name: lambda q, k=k, c=change: c(2 * np.sum(q["r"] * q["x"] ** k), len(q["x"]))}
            result.append(Planted(((fault, name),), 7.5, slopes(changed=one)))
        for j in {0, 1, 2, 3, 4, 5, 6} - {k}:
            one = {name: lambda q, j=j: 2 * np.sum(q["r"] * q["x"] ** j)}
            result.append(Planted((("wrong-powers", name),), 7.5, slopes(changed=one)))
        zero: dict[str, Formula] = {name: lambda q: 0.0}
        result.append(Planted((("zero", name),), 7.5, slopes(changed=zero)))
        vector = {name: lambda q, k=k: 2 * q["r"] * q["x"] ** k}
        result.append(Planted((("wrong-shape", name),), 7.5, slopes(changed=vector)))
    for k, name in ((1, "b"), (2, "c"), (3, "d")):
        late = {name: lambda q, k=k: 2 * np.sum(q["prediction"] * q["x"] ** k - q["y"])}
        result.append(Planted((("target-not-multiplied", name),), 7.5, slopes(changed=late)))
        apart = {name: lambda q, k=k: 2 * np.sum(q["r"]) * np.sum(q["x"] ** k)}
        result.append(Planted((("summed-apart", name),), 7.5, slopes(changed=apart)))
    for k, name in enumerate("abcd"):
        own = {name: lambda q, k=k: 2 * np.sum((q["theta"][k] * q["x"] ** k - q["y"]) * q["x"] ** k)}
        result.append(Planted((("other-terms-left-out", name),), 7.5, slopes(changed=own)))
        chord = {name: lambda q, k=k: 2 * np.sum(q["r"] * q["x"] ** k) + 0.01 * np.sum(q["x"] ** (2 * k))}
        result.append(Planted((("slope-of-chord", name),), 7.5, slopes(changed=chord)))
    for k, name in ((2, "c"), (3, "d")):  # as if c·x² were differentiated by x
        by_x = {name: lambda q, k=k: 2 * np.sum(q["r"] * k * q["x"] ** (k - 1))}
        kept = {name: lambda q, k=k: 2 * np.sum(q["r"] * k * q["theta"][k] * q["x"] ** (k - 1))}
        result += [Planted((("wrong-powers", name),), 7.5, slopes(changed=each)) for each in (by_x, kept)]
    result += [
        Planted(
            (("missing-factor-two", "residual"), ("wrong-powers", "b")),
            0.0,
            slopes(factor(lambda N: 0.5), {"b": lambda q: 2 * np.sum(q["r"])}),
        ),
        Planted(
            (("missing-factor-two", "residual"), ("wrong-sign", "residual")),
            0.0,
            slopes(factor(lambda N: -0.5)),
        ),
        Planted(
            (("wrong-powers", "a"), ("wrong-powers", "c")),
            5.0,
            slopes(
                changed={
                    "a": lambda q: 2 * np.sum(q["r"] * q["x"]),
                    "c": lambda q: 2 * np.sum(q["r"] * q["x"] ** 3),
                }
            ),
        ),
        Planted((("reversed-order", "answer"),), 0.0, slopes(finish=lambda g: g[::-1])),
        Planted((("zero", "answer"),), 0.0, slopes(lambda q: 0 * q["x"])),
        Planted((("constant", "answer"),), 0.0, slopes(finish=lambda g: [1.0] * 4)),
        Planted((("wrong-length", "answer"),), 0.0, slopes(finish=lambda g: g[:3])),
        Planted((("returns-nothing", "answer"),), 0.0, slopes(finish=lambda g: None)),
        Planted((("malformed", "answer"),), 0.0, slopes(finish=str)),
        Planted((("malformed", "answer"),), 0.0, slopes(finish=sum)),
    ]
    return result
