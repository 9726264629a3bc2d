# %% [markdown]
# # Error backpropagation
#
# A network has weights, and an error it makes. Training asks one question over and over: *if I nudge this weight a little, how much does the error change?* The answer for all the weights at once is the **gradient**, and **error backpropagation** is the way to get it for little more than the price of computing the error itself.
#
# In this notebook you get the same gradient in two ways:
#
# - **Exercise 1 (20 P).** By hand: you write the backward pass in NumPy.
# - **Exercise 2 (10 P).** By automatic differentiation: you write the forward pass in PyTorch, and PyTorch finds the backward pass.
#
# At the end the two are seen to agree, as closely as single precision allows. You need matrix products, the chain rule, and no more than a page of code.

# %% [markdown]
# ## The network
#
# ![The network, drawn from left to right. Four inputs X lead through the weights W1 and biases B1 to six rectified linear units Z1, A1; through W2, B2 to six units Z2, A2; through W3, B3 to six units Z3, A3; and through W4, B4 to one linear output Y. The output and the target T meet in the error, the mean of their squared difference. Below, the backward pass runs from right to left: from the error to DY, DZ3, DZ2, DZ1, and at each step down to the gradients DW and DB of that layer.](files/net.svg.png)
#
# Four inputs, three hidden layers of six rectified linear units each, one linear output. We push $N$ data points through at once. **Rows are data points**: $X$ is an $N \times 4$ array, $T$ holds the $N$ targets in an $N \times 1$ array, and in every array between them row $n$ belongs to data point $n$.
#
# $$
# \begin{aligned}
# Z_1 &= X\,W_1 + B_1 & A_1 &= \max(0, Z_1) \\
# Z_2 &= A_1 W_2 + B_2 & A_2 &= \max(0, Z_2) \\
# Z_3 &= A_2 W_3 + B_3 & A_3 &= \max(0, Z_3) \\
# Y &= A_3 W_4 + B_4 & \mathrm{err} &= \frac{1}{N} \sum_{n=1}^{N} (Y_n - T_n)^2
# \end{aligned}
# $$
#
# | array | what it is | shape |
# |---|---|---|
# | $X$, $T$ | inputs and targets | $(N, 4)$, $(N, 1)$ |
# | $W_1, W_2, W_3, W_4$ | weights | $(4, 6)$, $(6, 6)$, $(6, 6)$, $(6, 1)$ |
# | $B_1, B_2, B_3, B_4$ | biases, added to every row | $(6{,})$, $(6{,})$, $(6{,})$, $(1{,})$ |
# | $Z_1, Z_2, Z_3$ | pre-activations: what enters a unit | $(N, 6)$ |
# | $A_1, A_2, A_3$ | activations: what leaves it | $(N, 6)$ |
# | $Y$ | outputs | $(N, 1)$ |
# | $\mathrm{err}$ | the mean squared error | one number |
#
# The data and the parameters come with the course. The parameters are those of a network in the middle of its training: not random any more, not yet good.

# %%
import numpy, utils

X,T = utils.getdata()
W,B = utils.getparams()

print("X", X.shape, "  T", T.shape)
print("W", [w.shape for w in W])
print("B", [b.shape for b in B])

# %% [markdown]
# ## The forward pass
#
# This is the table above as code. Python counts from 0, so $W_1$ is `W[0]`. Every array keeps its name: the backward pass will need them all again.

# %%
X,T = utils.getdata()
W,B = utils.getparams()

Z1 = X.dot(W[0])+B[0]
A1 = numpy.maximum(0,Z1)
Z2 = A1.dot(W[1])+B[1]
A2 = numpy.maximum(0,Z2)
Z3 = A2.dot(W[2])+B[2]
A3 = numpy.maximum(0,Z3)
Y  = A3.dot(W[3])+B[3]

err = ((Y-T)**2).mean()
print("err =", err)

# %% [markdown]
# ## How the error flows backward
#
# **A chain so short that it can be done on paper.** One data point, one unit, two weights: $z = w x$, $a = \max(0, z)$, $y = v a$, $\mathrm{err} = (y - t)^2$. Take $x = 2$, $w = 0.5$, $v = 3$, $t = 1$.
#
# Forward: $z = 1$, $a = 1$, $y = 3$, $\mathrm{err} = 4$.
#
# Backward, one step at a time, each step using the one before:
#
# | the question | the step | the answer |
# |---|---|---|
# | How does err change with $y$? | $2\,(y - t)$ | $4$ |
# | … with $v$? | $4 \cdot a$ | $4$ |
# | … with $a$? | $4 \cdot v$ | $12$ |
# | … with $z$? | $12 \cdot 1$, since the unit is on ($z > 0$) | $12$ |
# | … with $w$? | $12 \cdot x$ | $24$ |
#
# Is that true? Nudge $w$ from $0.5$ to $0.501$: then $z = a = 1.002$, $y = 3.006$, $\mathrm{err} = 4.024036$. The error grew by about $0.024$ for a nudge of $0.001$, and that is a slope of $24$.
#
# Had the unit been off ($z < 0$), then $a$ would stay at $0$ whatever a small nudge does to $z$: the slope with respect to $z$, and with it that of $w$, is $0$.
#
# **The same with arrays.** Write $\mathrm{D}Q$ for the gradient of the error with respect to an array $Q$. It has *the shape of* $Q$, and each entry answers the question for one entry: $(\mathrm{D}Q)_{ij} = \partial\,\mathrm{err} / \partial Q_{ij}$. Keep that in mind: shapes decide half of what follows.
#
# A layer computes $Z = A\,W + B$, entry by entry $Z_{nj} = \sum_i A_{ni} W_{ij} + B_j$. Suppose somebody hands you $\mathrm{D}Z$, the gradient that arrives at this layer from above. The chain rule asks: which entries of $Z$ does a given entry touch, and how strongly?
#
# - The weight $W_{ij}$ touches $Z_{nj}$ for every data point $n$, with strength $A_{ni}$: $\quad(\mathrm{D}W)_{ij} = \sum_n A_{ni}\,(\mathrm{D}Z)_{nj}$.
# - The bias $B_j$ touches $Z_{nj}$ for every data point $n$, with strength 1: $\quad(\mathrm{D}B)_{j} = \sum_n (\mathrm{D}Z)_{nj}$.
# - The activation $A_{ni}$ touches $Z_{nj}$ for every unit $j$ above it, with strength $W_{ij}$: $\quad(\mathrm{D}A)_{ni} = \sum_j (\mathrm{D}Z)_{nj}\,W_{ij}$.
#
# A rectified linear unit computes $A = \max(0, Z)$, each entry for itself. Where $Z > 0$ it hands every nudge on, where $Z < 0$ it hands on none.
#
# And at the very end stands the error, a *mean* of squares. A single $Y_n$ touches one summand of it. What is the derivative of that summand, and what does the mean do to it?

# %% [markdown]
# ## Exercise 1 (20 P): implementing backpropagation
#
# Write the backward pass. Your function gets the parameters, the data and everything the forward pass computed, and returns the gradient **in the same form as the parameters**: two lists, `DW` and `DB`, of four arrays each, every array in the shape of the parameter it belongs to.
#
# Walk from right to left through the figure: first $\mathrm{D}Y$, then $\mathrm{D}Z_3$, $\mathrm{D}Z_2$, $\mathrm{D}Z_1$, and at each station collect $\mathrm{D}W$ and $\mathrm{D}B$.
#
# - Turn each sum over an index into one matrix product. Which array has to be transposed, and on which side does it stand? The shapes tell you.
# - Use the function's arguments only, and leave them as they are: whoever calls the function goes on using them.
# - Each of the eight arrays is worth 2.5 P. Your function is tested on other data and other parameters, too, with any number $N$ of data points, one included.

# %% solution="exercise1"
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    """The gradient of err = mean((Y-T)**2), by hand.

    W, B         lists of 4 arrays: (4,6) (6,6) (6,6) (6,1) and (6,) (6,) (6,) (1,)
    X, T, Y      (N,4), (N,1), (N,1)
    Z1 A1 ... A3 (N,6) each
    returns      DW, DB: lists of 4 arrays each, in the shapes of W and B
    """
    ### BEGIN SOLUTION
    DY = 2*(Y-T)/len(Y)
    DZ3 = DY.dot(W[3].T)*(Z3>0)
    DZ2 = DZ3.dot(W[2].T)*(Z2>0)
    DZ1 = DZ2.dot(W[1].T)*(Z1>0)

    DW = [X.T.dot(DZ1),A1.T.dot(DZ2),A2.T.dot(DZ3),A3.T.dot(DY)]
    DB = [DZ1.sum(axis=0),DZ2.sum(axis=0),DZ3.sum(axis=0),DY.sum(axis=0)]

    return DW,DB
    ### END SOLUTION
    raise NotImplementedError("exercise1")

# %% [markdown]
# Try it. For the very first weight the true gradient has the size `1.542282152339245`: the next cell should print that number (the last digit or two may differ).

# %%
with utils.attempt("exercise1"):
    DW,DB = exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T)
    print(numpy.linalg.norm(DW[0][0,0]))

# %% [markdown]
# One number can be right by luck. All eight arrays should have the shapes of their parameters, too:

# %%
with utils.attempt("exercise1"):
    DW,DB = exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T)
    for i in range(4):
        print(f"layer {i+1}:  W {W[i].shape}  DW {DW[i].shape}    B {B[i].shape}  DB {DB[i].shape}")

# %% marks="exercise1"

# %% [markdown]
# ## Exercise 2 (10 P): using automatic differentiation
#
# You have just done by hand what a computer can do for you. PyTorch watches the forward pass, remembers every operation with what went into it, and then walks the same path backward that you walked in Exercise 1, with the same three rules. All it needs is a forward pass written in its own operations.
#
# For this the data become tensors, and the parameters become `torch.nn.Parameter` objects: tensors that tell PyTorch "I am one of those whose gradient is wanted". Both are in single precision, which holds about seven digits.
#
# (From here on `X`, `T`, `W` and `B` are PyTorch's. If you change Exercise 1 later, run all cells again: menu Run, Run All Cells.)

# %%
import torch

X,T = [torch.Tensor(array) for array in utils.getdata()]
W,B = [[torch.nn.Parameter(torch.Tensor(array)) for array in arrays] for arrays in utils.getparams()]

print(X.dtype, type(W[0]).__name__)

# %% [markdown]
# Write the forward pass and the error, from `X` to `err`, and return `err`, a scalar tensor.
#
# - Use PyTorch's operations all the way: what passes through NumPy, `.item()` or `.detach()` on the way is lost to the backward pass.
# - The value of the error is worth 4 P, the gradient that PyTorch finds from it 0.75 P for each of the eight parameters.

# %% solution="exercise2"
def exercise2(W,B,X,T):
    """The error of the network, so that PyTorch can differentiate it.

    W, B     lists of 4 torch.nn.Parameter: (4,6) (6,6) (6,6) (6,1) and (6,) (6,) (6,) (1,)
    X, T     (N,4), (N,1) tensors
    returns  err, a scalar tensor
    """
    ### BEGIN SOLUTION
    A = X
    for i in range(3):
        A = torch.relu(A.matmul(W[i])+B[i])
    Y = A.matmul(W[3])+B[3]
    return ((Y-T)**2).mean()
    ### END SOLUTION
    raise NotImplementedError("exercise2")

# %% [markdown]
# `err.backward()` walks back through everything that led to `err` and leaves the gradient of each parameter in its `.grad`. It *adds* to what is there already, so we clear it first. The next cell should print `1.5422822`.

# %%
for parameter in W+B:
    parameter.grad = None

with utils.attempt("exercise2"):
    err = exercise2(W,B,X,T)
    err.backward()
    print(numpy.linalg.norm(W[0].grad[0,0]))

# %% marks="exercise2"

# %% [markdown]
# ## The two agree
#
# Both gradients side by side, array by array. The last column holds the largest difference between the two, in units of the array's largest entry. Single precision leaves an error of about $10^{-7}$ in each operation, and errors add up on the way, so a difference around $10^{-6}$ is agreement; anything near 1 is not.

# %%
with utils.attempt("exercise1","exercise2"):
    DW,DB = exercise1(*utils.getparams(),utils.getdata()[0],Z1,A1,Z2,A2,Z3,A3,Y,utils.getdata()[1])

    for parameter in W+B:
        parameter.grad = None
    exercise2(W,B,X,T).backward()

    print("array  shape   first entry by hand  by PyTorch  largest difference")
    for name,byhand,parameter in zip("W1 W2 W3 W4 B1 B2 B3 B4".split(),DW+DB,W+B):
        bytorch = parameter.grad.numpy()
        difference = abs(byhand-bytorch).max()/abs(bytorch).max()
        print(f"{name:5}  {str(bytorch.shape):6}  {byhand.flat[0]:19.7f}  "
              f"{bytorch.flat[0]:10.7f}  {difference:18.1e}")

# %% [markdown]
# ## Where this leads
#
# Look back at the price. The forward pass takes one matrix product a layer; the backward pass takes two, one for $\mathrm{D}W$ and one for $\mathrm{D}A$. So the slopes of all 121 weights and biases together cost about as much as two more forward passes. Nudging the parameters one after the other, as we did on paper, would have cost 121 forward passes.
#
# That price does not depend on how many parameters there are, and nothing in the three rules was special to this network. It is the reason why networks with billions of parameters can be trained at all.
#
# What to *do* with a gradient is the next notebook's subject: [Gradient descent](02-gradient-descent.ipynb).
