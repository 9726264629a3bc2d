"""Wrong answers to assignment 02: a cubic's descent, its largest step."""

from __future__ import annotations

from tests.autograder.mutants.planted import Planted, Task, mistakes


def curve(a, x):
    return a[0] + a[1] * x + a[2] * x**2 + a[3] * x**3


DESCENT = Task(
    """
def exercise2(theta, x, y, learning_rate, steps):
    a = theta.clone()
    a.requires_grad_()
    losses = []
    for t in range(steps):
        P = curve(a, x)
        loss = torch.sum((P - y) ** 2)
        loss.backward()
        slope = a.grad
        rate = learning_rate
        after = a.detach() - rate * slope
        a.data = after
        a.grad = None
        kept = loss.item()
        losses.append(kept)
    end = a.detach()
    return end, losses
""",
    marks={"theta": 8.0, "losses": 7.0},
    helpers={"curve": curve},
)
DESCENTS = """
gradients-accumulated@theta      a.grad = a.grad
wrong-direction@theta            slope = -a.grad
wrong-learning-rate@theta        rate = 2 * learning_rate
wrong-learning-rate@theta        rate = learning_rate / (t + 1)
wrong-learning-rate@theta        rate = learning_rate / (t + 1) ** 0.5
wrong-learning-rate@theta        rate = learning_rate**2
wrong-learning-rate@theta        rate = learning_rate * 0.95**t
wrong-learning-rate@theta        rate = learning_rate * 0.9 ** (t + 1)
wrong-learning-rate@theta        rate = learning_rate / (1 + 0.01 * t)
wrong-learning-rate@theta        rate = 1e-6
another-descent@theta            slope = a.grad.sign()
another-descent@theta            slope = a.grad / a.grad.norm()
another-descent@theta            optimiser = torch.optim.SGD([a], learning_rate, momentum=0.9); {its_steps}
another-descent@theta            optimiser = torch.optim.Adam([a], learning_rate); {its_steps}
another-descent@theta            optimiser = torch.optim.Adagrad([a], learning_rate); {its_steps}
another-descent@theta            optimiser = torch.optim.RMSprop([a], learning_rate); {its_steps}
another-descent@theta            optimiser = torch.optim.SGD([a], learning_rate, momentum=0.9, nesterov=True);
    {its_steps}
another-descent@theta            slope = a.grad * torch.tensor([1, 2, 1, 1])
another-descent@theta            slope = a.grad[[0, 1, 1, 3]]
not-updated@theta                slope = a.grad * torch.tensor([1, 1, 1, 0])
not-updated@theta                slope = a.grad * torch.tensor([0, 1, 0, 1])
broadcast-targets@losses         loss = torch.sum((P[:, None] - y) ** 2)
coefficients-reversed@losses     P = a[3] + a[2] * x + a[1] * x**2 + a[0] * x**3
constant-left-out@losses         P = a[1] * x + a[2] * x**2 + a[3] * x**3
term-left-out@losses             P = a[0] + a[1] * x + a[3] * x**3
wrong-term@losses                P = a[0] + a[1] * x + a[2] * x**2 + a[3] * x**2
coefficient-in-bracket@losses    P = a[0] + a[1] * x + (a[2] * x) ** 2 + a[3] * x**3
gradients-accumulated-in-part@theta  a.grad = a.grad * torch.tensor([0, 0, 1, 0])
gradients-cleared-late@theta     a.grad = None if t % 3 == 2 else a.grad
too-many-steps@theta             steps = steps + 1
too-few-steps@theta              steps = steps - 1
steps-ignored@theta:theta,losses steps = 40
wrong-start@theta                a = torch.zeros_like(theta)
losses-added-up@losses           answer = end, np.cumsum(losses)
losses-added-up@losses           answer = end, np.cumsum(losses) / np.arange(1, len(losses) + 1)
parameters-in-other-order@theta  end = right[[1, 2, 3, 0]]
parameters-in-other-order@theta  end = right.flip(0)
parameters-in-other-order@theta+mean-instead-of-sum@losses
    end = right.flip(0); loss = functional.mse_loss(P, y)
update-not-kept@theta            a.data = a.detach(); end = after
wrong-error@losses               kept = loss.item() ** 0.5
too-few-steps@theta              slope = a.grad * (t < steps - 1)
too-many-steps@theta             steps = steps + 1; answer = end, losses[:-1]
missing-factor-two@theta         slope = a.grad / 2
mean-instead-of-sum@theta        slope = a.grad / len(x)
mean-instead-of-sum@losses       loss = functional.mse_loss(P, y)
mean-instead-of-sum@losses       kept = loss.item() / len(x)
missing-factor-two@losses        loss = torch.sum((P - y) ** 2) / 2
missing-factor-two@losses        kept = loss.item() / 2
loss-after-update@losses         kept = torch.sum((curve(after, x) - y) ** 2).item()
parameters-unchanged@theta       slope = 0 * a.grad
parameters-unchanged@theta       slope = a.grad.zero_()
penalty-added@losses             loss = right + 0.2 * torch.sum(a**2)
parameters-unchanged@theta       a.data = a.detach()
gradient-of-the-start@theta      slope = slope if t else a.grad
returns-start@theta              end = theta
parameters-unchanged@theta+mean-instead-of-sum@losses  slope = 0 * a.grad; loss = functional.mse_loss(P, y)
gradients-accumulated@theta+mean-instead-of-sum@losses a.grad = a.grad; loss = functional.mse_loss(P, y)
gradients-accumulated@theta+loss-after-update@losses
    a.grad = a.grad; kept = torch.sum((curve(after, x) - y) ** 2).item()
wrong-direction@theta+loss-after-update@losses
    slope = -a.grad; kept = torch.sum((curve(after, x) - y) ** 2).item()
wrong-direction@theta+mean-instead-of-sum@losses  slope = -a.grad; loss = functional.mse_loss(P, y)
too-few-steps@theta+missing-factor-two@losses  slope = a.grad * (t < steps - 1); kept = loss.item() / 2
zero@answer              0 * end, [0.0] * len(losses)
zero@theta               end = 0 * right
wrong-shape@losses       answer = end, losses[-1]
wrong-shape@losses       answer = end, losses[1:]
not-finite@losses        answer = end, [np.nan] * len(losses)
missing@losses           answer = end, None
returns-nothing@answer   None
swapped-lists@answer     losses, end
"""
ITS_STEPS = "losses = []; slope = optimiser.step() or 0"


def descent_mutants() -> list[Planted]:
    """Every mistake in a descent, and some together."""
    return DESCENT.each(mistakes(DESCENTS, {"its_steps": ITS_STEPS}))


LIMIT = Task(
    """
def exercise3(x):
    V = np.stack([x**k for k in range(4)], axis=1)
    H = 2 * V.T @ V
    e = np.linalg.eigvalsh(H)
    learning_rate = 2 / e.max()
    return learning_rate
""",
    marks={"learning_rate": 5.0},
)
LIMITS = """
missing-factor-two@learning_rate   1 / e.max()
wrong-sign@learning_rate           -right
wrong-scale@learning_rate          4 / e.max()
wrong-scale@learning_rate          2 / e.max() / 10
mean-instead-of-sum@learning_rate  2 * len(x) / e.max()
wrong-eigenvalue@learning_rate     2 / abs(e).min()
wrong-eigenvalue@learning_rate     2 / e[0]
wrong-eigenvalue@learning_rate     2 / e.min()
wrong-eigenvalue@learning_rate+missing-factor-two@learning_rate  1 / e[0]
wrong-eigenvalue@learning_rate     2 / e.sum()
wrong-eigenvalue@learning_rate     2 / e.mean()
wrong-eigenvalue@learning_rate     2 / np.diag(H).max()
wrong-eigenvalue@learning_rate     2 / np.linalg.norm(H)
wrong-eigenvalue@learning_rate     np.sqrt(2) * 2 / np.sqrt(e.max())
wrong-eigenvalue@learning_rate     2 / (e.max() + e.min())
curvature-for-rate@learning_rate   e.max()
wrong-eigenvalue@learning_rate     V = np.stack([x**k for k in (0, 1)], axis=1)
wrong-eigenvalue@learning_rate     V = np.stack([x**k for k in (1, 2, 3)], axis=1)
wrong-eigenvalue@learning_rate     V = np.stack([x**k for k in (0, 1, 2)], axis=1)
wrong-eigenvalue@learning_rate+missing-factor-two@learning_rate  1 / e.sum()
mean-instead-of-sum@learning_rate+missing-factor-two@learning_rate+wrong-sign@learning_rate  -len(x) / e.max()
mean-instead-of-sum@learning_rate+missing-factor-two@learning_rate  len(x) / e.max()
zero@answer                        0.0
constant@answer                    1e-3
not-finite@learning_rate           np.inf
returns-nothing@answer             None
wrong-shape@learning_rate          2 / e
malformed@learning_rate            "2 / λ"
wrong-eigenvalue@learning_rate     2 / np.linalg.eig(H)[0][-1]
wrong-eigenvalue@learning_rate     2 / e[1]
wrong-eigenvalue@learning_rate+missing-factor-two@learning_rate  1 / e[2]
"""


def limit_mutants() -> list[Planted]:
    """Every mistake in the limit of the learning rate, and some together."""
    return LIMIT.each(mistakes(LIMITS))
