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
# At the end the two are seen to agree, as closely as single precision allows, and you look at how PyTorch does it: in the same steps as you. You need matrix products, the chain rule, and no more than a page of code.
#
# You may run the notebook from top to bottom at any time. Where an exercise isn't written yet, the cells that need it say so and the rest goes on.

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
# Here is all of it on the smallest network there is, one data point and one unit. The theory follows.
#
# ![Four operations in a row. Each edge has its value, forward, and most have the slope of err, backward. Forward: x = 3 and w = 0.5 enter a product, which gives z = 1.5; the maximum of 0 and z gives a = 1.5; a and v = 4 enter a product, which gives y = 6; y and t = 1 enter the squared difference, which gives err = 25. Backward: the slope of err is 1 at err itself, 10 at y, 15 at v, 40 at a, 40 at z, and 120 at w.](files/chain.png)
#
# From left to right, in blue, runs the forward pass: each operation computes its value from those that enter it. From right to left, in orange, runs the backward pass. Each orange number says *how many times larger than a tiny nudge to this quantity is the change of err*. It starts with $1$ at err itself, and on its way through an operation it is multiplied by something. By what? Compare the orange numbers with the blue ones before you read on. [Further down](#A-chain-so-short-that-it-can-be-done-on-paper) you go through all of it, step by step.
#
# ### What a gradient is a gradient of
#
# Hold the data still. Then $\mathrm{err}$ is a function of the parameters alone: put in 121 numbers, the entries of $W_1, \dots, B_4$, and one number comes out. Its gradient holds 121 slopes, one for each entry, and each answers one question: *how many times larger than a tiny nudge to this entry is the change of the error?* A positive slope means that the error grows with the entry, a negative one that it falls.
#
# - A gradient is always the gradient *of* something *with respect to* something. In this notebook the first is always $\mathrm{err}$. The second changes, so it stands in the name: we write $\mathrm{D}Q$ for the gradient of the error with respect to an array $Q$.
# - $\mathrm{D}Q$ has *the shape of* $Q$, since each entry answers the question for one entry: $(\mathrm{D}Q)_{ij} = \partial\,\mathrm{err} / \partial Q_{ij}$.
# - $Q$ may be an array on the way, $Z_2$ say. Nobody can set $Z_2$ directly, but one may ask what *would* happen if one of its entries were nudged and everything after it computed anew. You will need those answers on your way to the others.
# - It holds for the parameters and data at hand. Elsewhere the slopes are others.
#
# ### A chain so short that it can be done on paper
#
# One data point, one unit, two weights: $z = w x$, $a = \max(0, z)$, $y = v a$, $\mathrm{err} = (y - t)^2$. Take $x = 3$, $w = 0.5$, $v = 4$, $t = 1$, as in [the figure](#How-the-error-flows-backward).
#
# Forward: $z = 1.5$, $a = 1.5$, $y = 6$, $\mathrm{err} = (6 - 1)^2 = 25$.
#
# Backward, one step at a time, each step using the one before:
#
# | the question | the step | the answer |
# |---|---|---|
# | How does err change with $y$? | $2\,(y - t)$ | $10$ |
# | … with $v$? | $10 \cdot a$ | $15$ |
# | … with $a$? | $10 \cdot v$ | $40$ |
# | … with $z$? | $40 \cdot 1$, since the unit is on ($z > 0$) | $40$ |
# | … with $w$? | $40 \cdot x$ | $120$ |
#
# Is that true? Nudge $w$ from $0.5$ to $0.501$: then $z = a = 1.503$, $y = 6.012$, $\mathrm{err} = 5.012^2 = 25.120144$. The error grew by about $0.12$ for a nudge of $0.001$, and that is a slope of $120$.
#
# Had the unit been off ($z < 0$), then $a$ would stay at $0$ whatever a small nudge does to $z$: the slope with respect to $z$, and with it that of $w$, is $0$.
#
# ### A quantity that is used twice
#
# In a network, a unit feeds all units of the next layer. Let the same $a = 1.5$ feed two outputs, $y_1 = v_1 a$ with $v_1 = 4$ as before, and $y_2 = v_2 a$ with $v_2 = -2$. Their targets are $t_1 = 1$ and $t_2 = -6$, and $\mathrm{err} = (y_1 - t_1)^2 + (y_2 - t_2)^2$.
#
# Forward: $y_1 = 6$, $y_2 = -3$, $\mathrm{err} = 25 + 9 = 34$. Backward, a slope arrives at $a$ from each of the two:
#
# | the way back | the slope that arrives at $a$ |
# |---|---|
# | through $y_1$ | $2\,(y_1 - t_1) \cdot v_1 = 10 \cdot 4 = 40$ |
# | through $y_2$ | $2\,(y_2 - t_2) \cdot v_2 = 6 \cdot (-2) = -12$ |
# | together | $40 - 12 = 28$ |
#
# A nudge to $a$ moves both outputs at once, and the error changes by the sum of both effects. So the slopes *add up*: nudge $a$ from $1.5$ to $1.501$, and $\mathrm{err} = 5.004^2 + 2.998^2 = 34.02802$. It grew by $0.028$, which is neither $40$ nor $-12$ nor their mean, but $28$ times the nudge. Before $a$, all goes on as it did, with $28$ in place of $40$: the slope of $w$ is now $28 \cdot 3 = 84$.
#
# **A quantity that is used several times gets a gradient from each use, and its own is their sum.** Every sum in the next section comes from this: an activation is used by every unit of the layer above it, a weight and a bias by every data point.
#
# ### The same with arrays
#
# A layer computes $Z = A\,W + B$, entry by entry $Z_{nj} = \sum_i A_{ni} W_{ij} + B_j$. Suppose somebody hands you $\mathrm{D}Z$, the gradient that arrives at this layer from above. The chain rule asks: which entries of $Z$ does a given entry touch, and how strongly?
#
# - The weight $W_{ij}$ is used once for every data point $n$. There it touches $Z_{nj}$, with strength $A_{ni}$: $\quad(\mathrm{D}W)_{ij} = \sum_n A_{ni}\,(\mathrm{D}Z)_{nj}$.
# - The bias $B_j$ is used once for every data point $n$, too. There it touches $Z_{nj}$, with strength 1: $\quad(\mathrm{D}B)_{j} = \sum_n (\mathrm{D}Z)_{nj}$.
# - The activation $A_{ni}$ is used once for every unit $j$ above it. There it touches $Z_{nj}$, with strength $W_{ij}$: $\quad(\mathrm{D}A)_{ni} = \sum_j (\mathrm{D}Z)_{nj}\,W_{ij}$.
#
# These are three of the four steps that you need. They are the same in every layer.
#
# ### Why shapes decide half of it
#
# Each of the three sums runs over one index. Where two arrays share it, the sum is a matrix product. Which one? A matrix product always sums over its *inner* dimension, so that must be the shared index. The two dimensions that are left must give the shape of the answer, and the answer's shape is known: it is that of the parameter, or of the activation. Take $(\mathrm{D}W)_{ij}$, which has to be a $4 \times 6$ array in the first layer. It is made from an $N \times 4$ and an $N \times 6$ array. There is only one way to put these two together that gives $4 \times 6$; write it down before you read on.
#
# So in a layer whose two dimensions differ, as in the first and the last one here, a wrong transpose ends in an error message. In a square layer it does not. $W_2$ and $W_3$ are $6 \times 6$, and so are their transposes, and a product with the wrong one of them has the right shape and wrong numbers. NumPy says nothing. But the three sums are the same in every layer. So let the layers decide in which only one way fits, and write the square ones in just the same way.
#
# And shapes decide only *half*. They see neither a factor nor a sign; they can't tell $W_2$ from $W_3$, nor $Z_2$ from $A_2$. And NumPy is generous: it stretches $(N, 1)$ and $(N,)$ to $N \times N$ without a word. The other half has to come from the sums themselves, and it has to be tested with numbers, as [you will do](#Measure-a-slope-yourself).
#
# ### Why the mask comes from $Z$
#
# The fourth step. A rectified linear unit computes $A = \max(0, Z)$, each entry for itself. Its slope is a question about its *input*: where $Z > 0$, the unit is on and hands every nudge on as it is; where $Z < 0$, it is off and hands on none. So what comes back through the unit is $\mathrm{D}A$ where $Z > 0$, and $0$ elsewhere. The sign of the gradient that comes back does not matter: a negative one passes a unit that is on just as well as a positive one. Nor does any other layer matter: each unit asks its own $Z$, for each data point anew.
#
# (At $Z = 0$ exactly there is a kink and no slope. It hardly ever happens with real numbers; either answer, $0$ or $1$, is taken for right.)
#
# ### Why the mean divides
#
# At the very end stands the error, a *mean* of squares, and here the chain begins. Four data points, $y = (4, 0, 1, 5)$ and $t = (1, 1, 6, 1)$: the squares are $9$, $1$, $25$ and $16$, and $\mathrm{err} = \frac{51}{4} = 12.75$. Nudge $y_1$ from $4$ to $4.01$: its square becomes $3.01^2 = 9.0601$, the others stay, and $\mathrm{err} = 12.765025$. The square alone grew with a slope of about $6$, the error with a quarter of that, $1.5$. A single output moves one summand of $N$, so it moves the mean by one part in $N$. What is the slope for any $n$, and any $N$?
#
# The mean divides *once*, at this place. Further down, where $\mathrm{D}W$ and $\mathrm{D}B$ *add up* what the data points say, each of them has had its $1/N$ already. To average there would divide twice.

# %% [markdown]
# ## Exercise 1 (20 P): implementing backpropagation
#
# Write the backward pass. Your function gets the parameters, the data and everything the forward pass computed, and returns the gradient **in the same form as the parameters**: two lists, `DW` and `DB`, of four arrays each, every array in the shape of the parameter it belongs to.
#
# Walk from right to left through the [figure of the network](#The-network): first $\mathrm{D}Y$, then $\mathrm{D}Z_3$, $\mathrm{D}Z_2$, $\mathrm{D}Z_1$, and at each station collect $\mathrm{D}W$ and $\mathrm{D}B$.
#
# - Turn each sum of products into one matrix product. Which array has to be transposed, and on which side does it stand? The shapes of the first and the last layer tell you.
# - Use the function's arguments only, and leave them as they are: its caller goes on using them.
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
X,T = utils.getdata()
W,B = utils.getparams()

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

# %% [markdown]
# ### Measure a slope yourself
#
# Any gradient can be tested without knowing the right one: by measuring, as on paper above. Nudge one weight by a small $h$ to either side, compute the error both times, and divide the difference by the distance, which is $2h$:
#
# $$
# \frac{\partial\, \mathrm{err}}{\partial W_{ij}} \approx \frac{\mathrm{err}(W_{ij} + h) - \mathrm{err}(W_{ij} - h)}{2h}
# $$
#
# Two forward passes for a single entry: nobody could train a network in this way. But a few entries are enough to test a gradient, whoever wrote it. This is called a *gradient check*. Here is what you need for it, the error as a function of the parameters:

# %%
def error_of(W,B):
    """The error of the network with these parameters, on all the data."""
    X,T = utils.getdata()
    A1 = numpy.maximum(0,X.dot(W[0])+B[0])
    A2 = numpy.maximum(0,A1.dot(W[1])+B[1])
    A3 = numpy.maximum(0,A2.dot(W[2])+B[2])
    err = ((A3.dot(W[3])+B[3]-T)**2).mean()
    return err

print("err =", error_of(*utils.getparams()))

# %% [markdown]
# Now write `measured_slope`. There are no marks for it: it is a tool, and it will be of use wherever you write a gradient. Leave `W` as it is, and nudge copies of its arrays (`array.copy()`).

# %% solution="measured_slope"
def measured_slope(W,B,layer,i,j,h=1e-6):
    """The slope of the error with respect to the weight W[layer][i,j], measured.

    W, B      lists of 4 arrays each, as above; they are not changed
    layer     0, 1, 2 or 3: which array of W
    i, j      which entry of it
    h         how far the entry is nudged, to either side
    returns   a float
    """
    ### BEGIN SOLUTION
    up,down = [[array.copy() for array in W] for _ in range(2)]
    up[layer][i,j] += h
    down[layer][i,j] -= h
    return (error_of(up,B)-error_of(down,B))/(2*h)
    ### END SOLUTION
    raise NotImplementedError("measured_slope")

# %% [markdown]
# The next cell puts what you measure beside what you computed, for a few weights of each layer. The two columns should agree in all digits that are printed. Where they don't, begin at the bottom, in the layer nearest to the error. (In $W_2$ and $W_3$ none of the entries lies on the diagonal: a transposed $\mathrm{D}W$ has the same entries there.)

# %%
X,T = utils.getdata()
W,B = utils.getparams()

with utils.attempt("measured_slope","exercise1"):
    entries = [(0,0,0),(0,3,5),(1,4,1),(1,0,2),(2,0,3),(2,5,1),(3,2,0),(3,4,0)]
    measured = [measured_slope(W,B,*entry) for entry in entries]
    DW,DB = exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T)
    print("weight      measured      computed")
    for (layer,i,j),number in zip(entries,measured):
        print(f"W{layer+1}[{i},{j}]  {number:12.6f}  {DW[layer][i,j]:12.6f}")

# %% [markdown]
# ### Check yourself
#
# The next cell tries your function on a few small networks and puts your gradient beside the true one. If your numbers are those that a known mistake gives, it says which one, in the words in which your notebook will be marked later. Read the table from the top: it goes backward, and a mistake in one step spoils all the steps after it. So fix the first thing that is wrong, and check again.

# %%
utils.check(exercise1)

# %% [markdown]
# Stuck? Take away the `#` and run the cell. Run it again for the next hint: each one tells you a little more than the last.

# %%
# utils.hint("exercise1")

# %% [markdown]
# Some mistakes can be recognised in a picture. Once Exercise 1 is written, the next cell draws every entry of your gradient, of the true one, and of their difference, on the first of the small networks on which they differ.
#
# - That is a network with a single data point if the mistake shows there. Then each unit is either on or off, and the columns of $\mathrm{D}W$ and the entries of $\mathrm{D}B$ that belong to units that are off must be white, zero. Without the mask they are not, and whole columns differ.
# - If all entries of an array differ by the same factor, both pictures have the same pattern, one paler than the other, and the factor stands below: `0.5 times everywhere`, say, or `N times everywhere`.
# - If nothing differs, you see a larger network, and ✓ below each array.

# %%
utils.show_gradients(exercise1)

# %% marks="exercise1"

# %% [markdown]
# ## A look at your gradient
#
# Back to the real data. The units show their mean activation, the lines the gradient with respect to the weight that they stand for: a thick line is a weight to which the error is sensitive.

# %%
X,T = utils.getdata()
W,B = utils.getparams()

with utils.attempt("exercise1"):
    DW,DB = exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T)
    utils.show_network([X,A1,A2,A3,Y],DW)

# %% [markdown]
# **In words:** once Exercise 1 works, the picture shows that all units are alive, with mean activations between about a quarter and nearly $3$. No layer has a gradient of one sign only, and in each a few weights matter far more than the rest. In the last layer one line is much thicker than the other five: it starts at the unit of $A_3$ with the largest mean activation. Is that chance? Look at the rule for $\mathrm{D}W$.
#
# Try it with a single data point, too: `utils.show_network([X[:1],A1[:1],A2[:1],A3[:1],Y[:1]],DW)` shows which units were off for the first one. (The gradient stays that of all points.)
#
# How large is the gradient, layer by layer? The next picture shows the root mean square of its entries.

# %%
with utils.attempt("exercise1"):
    DW,DB = exercise1(*utils.getparams(),utils.getdata()[0],Z1,A1,Z2,A2,Z3,A3,Y,utils.getdata()[1])
    utils.show_gradient_sizes(DW,DB)

# %% [markdown]
# **In words:** once Exercise 1 works, you see two lines. For the weights, the entries are about as large in the first layer as in the last, and less than half as large in the third; for the biases the size goes up and down, and is smallest in the last layer. So the error reaches every layer. That can't be taken for granted: each step backward multiplies by weights and sets a part to zero. In a network of fifty layers, a factor of $0.8$ a layer would leave $0.8^{50}$ of it, about $0.00001$. That is called a *vanishing gradient*, and much of the art of building deep networks is to prevent it.

# %% [markdown]
# ### A step against the gradient
#
# What is a gradient good for? It says how the error grows with each parameter. So the error should fall if each parameter moves a little *against* its slope: $W - \eta\,\mathrm{D}W$ in place of $W$, and $B - \eta\,\mathrm{D}B$ in place of $B$, with a small number $\eta$, the *step size*. By how much can be said beforehand: a parameter with the slope $s$ moves by $-\eta s$, which changes the error by about $-\eta s \cdot s$. Summed over all 121 parameters, that is $-\eta$ times the sum of the squared slopes. Each row below is one step from the same start.

# %%
X,T = utils.getdata()
W,B = utils.getparams()

with utils.attempt("exercise1"):
    DW,DB = exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T)
    squares = sum((D**2).sum() for D in [*DW,*DB])
    print(f"error before the step: {error_of(W,B):.5f}")
    print("step size     error   change  predicted")
    for eta in [0.0001,0.001,0.01,0.03]:
        after = error_of([w-eta*D for w,D in zip(W,DW)],[b-eta*D for b,D in zip(B,DB)])
        print(f"{eta:9.4f}  {after:8.5f}  {after-error_of(W,B):+.5f}   {-eta*squares:+.5f}")

# %% [markdown]
# **In words:** once Exercise 1 works, you see that the smallest step changes the error by nearly what was predicted. Larger ones make it fall further, but by less than predicted, since the slopes change on the way; and the largest step makes the error rise. How large a step may be, and how far many of them lead, is the subject of the next notebook, *Gradient descent*.

# %% [markdown]
# ## Exercise 2 (10 P): using automatic differentiation
#
# You have just done by hand what a computer can do for you. PyTorch watches the forward pass, remembers every operation with what went into it, and then walks the same path backward that you walked in Exercise 1, with the same steps. All it needs is a forward pass written in its own operations.
#
# For this the data become tensors, and the parameters become `torch.nn.Parameter` objects: tensors that tell PyTorch "I am one of those whose gradient is wanted". Both are in single precision, which holds about seven digits.
#
# (From here on `X`, `T`, `W` and `B` are PyTorch's. Cells that need them as arrays, or as tensors, make them anew, so you may go back and run any of them again.)

# %%
import torch

X,T = [torch.Tensor(array) for array in utils.getdata()]
W,B = [[torch.nn.Parameter(torch.Tensor(array)) for array in arrays] for arrays in utils.getparams()]

print(X.dtype, type(W[0]).__name__)

# %% [markdown]
# Write the forward pass and the error, the same as [above](#The-forward-pass) but in PyTorch's operations, from `X` to `err`, and return `err`, a scalar tensor.
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
# `err.backward()` walks back through everything that led to `err` and leaves the gradient of each parameter in its `.grad`. It *adds* to what is there already, so we clear it first. The next cell should print `1.5422822` (here, too, the last digit may differ).

# %%
X,T = [torch.Tensor(array) for array in utils.getdata()]
W,B = [[torch.nn.Parameter(torch.Tensor(array)) for array in arrays] for arrays in utils.getparams()]

for parameter in W+B:
    parameter.grad = None

with utils.attempt("exercise2"):
    err = exercise2(W,B,X,T)
    err.backward()
    print(numpy.linalg.norm(W[0].grad[0,0]))

# %% [markdown]
# The check compares this gradient, too, and beside it the error itself. If the error is wrong, begin there: its gradient can't be right.

# %%
utils.check(exercise2)

# %% [markdown]
# Stuck? As before: without the `#`, once for each hint.

# %%
# utils.hint("exercise2")

# %% marks="exercise2"

# %% [markdown]
# ## The two agree
#
# Both gradients side by side, array by array. The last column holds the largest difference between the two, in units of the array's largest entry. Single precision leaves an error of about $10^{-7}$ in each operation, and errors add up on the way, so a difference around $10^{-6}$ is agreement; anything near 1 is not.

# %%
X,T = [torch.Tensor(array) for array in utils.getdata()]
W,B = [[torch.nn.Parameter(torch.Tensor(array)) for array in arrays] for arrays in utils.getparams()]

with utils.attempt("exercise1","exercise2"):
    DW,DB = exercise1(*utils.getparams(),utils.getdata()[0],Z1,A1,Z2,A2,Z3,A3,Y,utils.getdata()[1])
    exercise2(W,B,X,T).backward()

    print("array  shape   first entry by hand  by PyTorch  largest difference")
    for name,byhand,parameter in zip("W1 W2 W3 W4 B1 B2 B3 B4".split(),DW+DB,W+B):
        bytorch = parameter.grad.numpy()
        difference = abs(byhand-bytorch).max()/abs(bytorch).max()
        print(f"{name:5}  {str(bytorch.shape):6}  {byhand.flat[0]:19.7f}  "
              f"{bytorch.flat[0]:10.7f}  {difference:18.1e}")

# %% [markdown]
# ## What automatic differentiation does behind the scenes
#
# It neither nudges parameters nor manipulates formulas. It does what you did in Exercise 1, and keeps a record of it. Here is the [chain that was done on paper](#A-chain-so-short-that-it-can-be-done-on-paper) once more, with $x = 3$, $w = 0.5$, $v = 4$, $t = 1$:

# %%
import torch

w = torch.tensor(0.5,requires_grad=True)
v = torch.tensor(4.0,requires_grad=True)

a = torch.relu(3*w)
squared = (v*a - 1)**2

note = squared.grad_fn
for _ in range(6):
    print(note.name())
    for earlier,place in note.next_functions:      # the notes of what went in; the last one leads to w
        note = earlier or note

squared.backward()
print("slopes:  v",v.grad.item(),"  w",w.grad.item())

# %% [markdown]
# While the forward pass ran, every operation on a watched tensor left a note of three things: which operation it was, which tensors went in, and what of their values its slope will need. Each result points back to its note as `.grad_fn`, and each note to the notes of its inputs. What the loop printed is this record, read from the error back to `w`: the square, the subtraction, the product with $v$, the ReLU, the product with $x$, and at the end an `AccumulateGrad` where the gradient is kept.
#
# `backward()` starts at the error with the slope of the error with respect to itself, $1$. It goes through the notes from the last to the first, and each operation knows one thing only: *given the gradient with respect to my output, what is the gradient with respect to my inputs?*
#
# | operation, forward | what it notes down | what it does with the gradient $\mathrm{D}$ that comes back |
# |---|---|---|
# | a product, $v \cdot a$ | both factors | to each factor: times the *other* factor |
# | a matrix product | both matrices | to each matrix: a matrix product with the *other* one |
# | a bias, added to all rows | the shapes | to the bias: the sum over the rows |
# | a ReLU | where it was on | lets $\mathrm{D}$ pass there, and nowhere else |
# | a mean of $N$ numbers | $N$ | to each number: $\mathrm{D}$ divided by $N$ |
#
# You know every line of this table: it is your backward pass, taken apart. It also explains three things about PyTorch:
#
# - **Why everything must be PyTorch's.** What passes through NumPy, `.item()` or `.detach()` leaves no note, so the walk ends there.
# - **Why gradients add up.** A tensor that was used twice gets a gradient on both ways, and its slope is their sum. So `AccumulateGrad` adds, and can't know whether an older gradient is still wanted; you say so with `.grad = None`.
# - **Why training needs more memory than using a network.** The notes keep the activations until `backward()` has used them. After that they are thrown away, and a second `backward()` on the same record raises an error.
#
# ## Where this leads
#
# What did it cost? The forward pass takes one matrix product a layer; the backward pass takes two, one for $\mathrm{D}W$ and one for $\mathrm{D}A$. So the slopes of all 121 weights and biases together cost about as much as two more forward passes. Nudging the parameters one after the other, as we did on paper, would have cost 121 forward passes.
#
# That cost does not depend on how many parameters there are, and nothing in those steps was special to this network. It is the reason why networks with billions of parameters can be trained at all.
#
# You have taken [one step](#A-step-against-the-gradient) with your gradient. What thousands of them lead to is the next notebook's subject: *Gradient descent*. There the loss has only four parameters, so that you can see it as a landscape, with the path down on it.
