"""Wrong answers to exercise 2 of assignment 01: a forward pass, quantity by quantity."""

from __future__ import annotations

import itertools

from tests.autograder.mutants.planted import Planted, Task, columns, mistakes, rows

PARAMETERS = [f"{kind}{k}" for kind in "WB" for k in (1, 2, 3, 4)]
LAYERS = columns("""
k  Z   A   below  hidden
1  Z1  A1  X      -
2  Z2  A2  A1     A1
3  Z3  A3  A2     A2
4  Y   -   A3     -
""")
FORWARD = Task(
    """
def exercise2(W, B, X, T):
    W1, W2, W3, W4 = W
    B1, B2, B3, B4 = B
    Z1 = X @ W1 + B1
    A1 = torch.relu(Z1)
    Z2 = A1 @ W2 + B2
    A2 = torch.relu(Z2)
    Z3 = A2 @ W3 + B3
    A3 = torch.relu(Z3)
    Y = A3 @ W4 + B4
    error = torch.mean((Y - T) ** 2)
    return error
""",
    marks={"error": 4.0, **dict.fromkeys(PARAMETERS, 0.75)},
    # the gradients by all other parameters follow from what was computed
    lost={
        **{name: f"error {name}" for name in PARAMETERS},
        **{f"Z{k}": f"error W{k}" for k in (1, 2, 3)},
        **{f"A{k}": f"error W{k} B{k}" for k in (1, 2, 3)},
        "Y": "error",
    },
    planted=mistakes(
        """
missing-relu@{A}                            {Z}
wrong-activation@{A}                        torch.sigmoid({Z})
wrong-activation@{A}                        torch.tanh({Z})
wrong-activation@{A}                        functional.leaky_relu({Z}, 0.01)
wrong-activation@{A}                        functional.leaky_relu({Z}, 0.2)
bias-after-activation@B{k}:error,W{k},B{k}  {Z} = {below} @ W{k}; {A} = torch.relu({Z}) + B{k}

wrong-activation@Y  torch.sigmoid(right)
wrong-activation@Y  torch.tanh(right)

missing-bias@B{k}  {Z} = {below} @ W{k}

operand-transposed@{Z}               {hidden} @ W{k}.T + B{k}
layer-left-out@{Z}:error,W{k},B{k}   {hidden}

missing-factor-two@error   right / 2
wrong-sign@error           -right
sum-instead-of-mean@error  torch.sum((Y - T) ** 2)
sum-instead-of-mean@error  functional.mse_loss(Y, T, reduction="sum")
mean-twice@error           right / len(X)
wrong-scale@error          3 * right
wrong-scale@error          right / 100
output-masked@error        Y = torch.relu(right)
broadcast-targets@error    torch.mean((Y - T.squeeze(1)) ** 2)
broadcast-targets@error    torch.mean((Y.flatten() - T) ** 2)
wrong-error@error          torch.mean(torch.abs(Y - T))
wrong-error@error          functional.l1_loss(Y, T)
wrong-error@error          torch.sqrt(torch.mean((Y - T) ** 2))
wrong-error@error          torch.linalg.norm(Y - T)
wrong-error@error          torch.mean(Y - T) ** 2
wrong-error@error          torch.mean(Y - T)
input-changed@X:error,W1             torch.relu(X)
input-changed@X:error,W1             (X - X.mean(0)) / X.std(0, correction=0)
input-changed@T:error                torch.relu(T)
wrong-operand@Z3:error,W3,B3         A2 @ W2 + B2
wrong-operand@Z3:error,W3            A2 @ W2 + B3
wrong-operand@Z1:error,B1            X @ W1 + B3
wrong-operand@Z2:error,B2,B3         Z2 = A1 @ W2 + B1; Z3 = A2 @ W3 + B1
operands-exchanged@Z2:error,W2,W3    Z2 = A1 @ W3 + B2; Z3 = A2 @ W2 + B3
operands-exchanged@Z1:error,B1,B2    Z1 = X @ W1 + B2; Z2 = A1 @ W2 + B1
bias-inside-product@B2:error,W2,B2   Z2 = (A1 + B2) @ W2
bias-summed@Z3:error,W3,B3           A2 @ W3 + B3.sum()
bias-added-twice@B2                  Z2 = right + B2
bias-added-twice@B4                  Y = right + B4
difference-for-sum@Z1:error,B1       X @ W1 - B1
input-changed@Z1:error,W1,B1,W2,B2,W3,B3
    normalised = lambda Z: torch.relu(functional.layer_norm(Z, Z.shape[-1:]));
    A1 = normalised(Z1); A2 = normalised(Z2); A3 = normalised(Z3)
skip-added@A2                        torch.relu(Z2) + A1
skip-added@A3                        torch.relu(Z3 + A1)
""",
        *LAYERS,
    ),
)
forward_single = FORWARD.single
LEAKY = """
wrong-activation@A3+wrong-activation@A2+wrong-activation@A1
    A1 = functional.leaky_relu(Z1, 0.1); A2 = functional.leaky_relu(Z2, 0.1);
    A3 = functional.leaky_relu(Z3, 0.1)
"""
PAIRED = """
missing-relu@A1 missing-relu@A3 wrong-activation@A2 missing-bias@B1 missing-bias@B2 missing-bias@B4
missing-factor-two@error sum-instead-of-mean@error broadcast-targets@error
"""
EVERYWHERE = """
missing-bias@B4 missing-bias@B3 missing-bias@B2 missing-bias@B1
missing-bias@B4 missing-bias@B3 missing-bias@B2 missing-bias@B1 sum-instead-of-mean@error
missing-bias@B4 missing-bias@B3 missing-bias@B2 missing-bias@B1
    missing-relu@A3 missing-relu@A2 missing-relu@A1
bias-after-activation@B3 bias-after-activation@B2 bias-after-activation@B1
wrong-activation@A3+wrong-activation@A2+wrong-activation@A1
wrong-activation@A3+wrong-activation@A2+wrong-activation@A1 sum-instead-of-mean@error
wrong-activation@Y wrong-activation@A3 wrong-activation@A2 wrong-activation@A1
"""
HERE_AND_THERE = """
missing-bias@B1 output-masked@error
output-masked@error missing-factor-two@error
wrong-activation@A1 wrong-activation@A2 wrong-activation@A3
missing-relu@A1 missing-relu@A2 missing-relu@A3
missing-bias@B1 missing-bias@B2 missing-bias@B4
missing-relu@A2 missing-bias@B4 sum-instead-of-mean@error
missing-relu@A3 missing-bias@B1 missing-factor-two@error
"""
CUT = """
detached@error:{gradients}         right.detach()
detached@error:{gradients}         torch.tensor(right.item())
detached@error:{gradients}         Y = right.data
not-a-tensor@error:{gradients}     right.item()
not-a-tensor@error:{gradients}     right.detach().numpy()
returns-nothing@answer             None
not-scalar@error:error,{gradients} (Y - T) ** 2
not-scalar@error:error,{gradients} right * torch.arange(1, 4)
not-scalar@error:error,{gradients} torch.stack([right, right ** 2])
backward-called@error:{gradients}  answer = (error.backward(), error)[1]
changed-in-place@error:{gradients} D = Y - T; D *= D; error = D.mean()

detached@W{k}:W{k}  {Z} = {below} @ W{k}.detach() + B{k}
detached@B{k}:B{k}  {Z} = {below} @ W{k} + B{k}.detach()

detached@W1:W1+detached@B1:B1  A1 = right.detach()
detached@W1:W1+detached@W2:W2+detached@B1:B1+detached@B2:B2  A2 = right.detach()
detached@W1:W1+detached@W2:W2+detached@W3:W3+detached@B1:B1+detached@B2:B2+detached@B3:B3  A3 = right.detach()
"""


def forward_combined() -> list[Planted]:
    """Two and three mistakes in one forward pass, and one in every layer."""
    first = {row.told: row for row in reversed([*FORWARD.planted, *mistakes(LEAKY)])}
    pairs = itertools.combinations([first[told] for told in PAIRED.split()], 2)
    apart = [FORWARD.wrong(*pair) for pair in pairs if FORWARD.both_show(*pair)]
    everywhere, here_and_there = (
        [FORWARD.wrong(*(first[told] for told in row.split())) for row in rows(table)]
        for table in (EVERYWHERE, HERE_AND_THERE)
    )
    return everywhere + apart + here_and_there


def forward_cut() -> list[Planted]:
    """An error that PyTorch cannot differentiate, by all parameters or by some."""
    return FORWARD.each(mistakes(CUT, {"gradients": ",".join(PARAMETERS)}, *LAYERS))
