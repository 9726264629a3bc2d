"""A compiled function has made its plan for the gradient before the exercise is called."""
# covers: automatic differentiation by hand
# honest: exercise2
# %% first
import torch
from typing import List

@torch.jit.script
def scripted(W: List[torch.Tensor], B: List[torch.Tensor], X: torch.Tensor, T: torch.Tensor) -> torch.Tensor:
    A = X
    for i in range(3):
        A = torch.relu(A @ W[i] + B[i])
    return ((A @ W[3] + B[3] - T)**2).mean()

import utils
X, T = [torch.tensor(a) for a in utils.getdata()]
for _ in range(5):
    W, B = [[torch.tensor(a, requires_grad=True) for a in part] for part in utils.getparams()]
    scripted(W, B, X, T).backward()
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    W = [torch.tensor(w, requires_grad=True) for w in W]
    B = [torch.tensor(b, requires_grad=True) for b in B]
    scripted(W, B, torch.tensor(X), torch.tensor(T)).backward()
    return [w.grad.numpy() for w in W], [b.grad.numpy() for b in B]
