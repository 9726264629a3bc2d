# %% [markdown]
# # Softmax and cross-entropy
#
# The network of *Error backpropagation* answered with a number. Many questions want another kind of answer: which of
# these ten digits is it, which word comes next, who is speaking? Then a network gives each of the possible *classes* a
# **score**, and what we want is a **probability** for each. The *softmax* makes probabilities of scores, and the
# *cross-entropy* says how wrong they are. Nearly every network that classifies ends in these two lines.
#
# There are three exercises, 30 points in all:
#
# 1. the two lines themselves, so that they survive large numbers (6 P),
# 2. the derivative of the softmax: a matrix that is not diagonal (6 P),
# 3. the backward pass of a classifier (18 P).
#
# At the end your functions train a network, and it learns to read handwritten digits. You need the backward pass of a
# layer from *Error backpropagation*; everything else is here.
#
# You may run the notebook from top to bottom at any time. Where an exercise isn't written yet, the cells that need it
# say so and the rest goes on.

# %%
import numpy, utils

# %% [markdown]
# ## From scores to probabilities
#
# Rows are data points, as always, and now **columns are classes**: $Z$ is an $N \times C$ array, and $Z_{nj}$ is the
# score that data point $n$ gives to class $j$. A score may be any number. Probabilities may not: none is negative, and
# those of one data point add up to $1$. So make every score positive with an exponential, then divide by the sum of
# the row:
#
# $$
# P_{nj} = \frac{e^{Z_{nj}}}{\sum_{k} e^{Z_{nk}}} .
# $$
#
# By hand, on a data point with three classes and the scores $z = (\ln 1, \ln 2, \ln 5)$, chosen so that no number
# hides behind a rounded one:
#
# | class | $0$ | $1$ | $2$ | sum |
# |---|:---:|:---:|:---:|:---:|
# | score $z$ | $\ln 1 = 0$ | $\ln 2 \approx 0.69$ | $\ln 5 \approx 1.61$ | |
# | $e^z$ | $1$ | $2$ | $5$ | $8$ |
# | probability $p$ | $1/8$ | $2/8$ | $5/8$ | $1$ |
#
# Two things can be read off. The largest score gets the largest probability, but the others keep something: it is a
# *soft* maximum. And only **differences** of scores matter. Add the same number $c$ to all scores of a row, and every
# $e^z$ grows by the factor $e^c$, the sum as well, and the quotient stays what it was.
#
# Each row is a question of its own. Nothing that happens in one row changes the probabilities of another.
#
# ## How wrong is a probability?
#
# The truth is given as the number of a class: `t` is an array of $N$ whole numbers, and `t[n]` is the class of data
# point $n$. Only one entry of each row of $P$ is asked about the truth, the probability of the right class,
# $P_{n t_n}$. The error is the mean of its negative logarithms, the **cross-entropy**:
#
# $$
# \mathrm{err} = -\frac{1}{N} \sum_{n=1}^{N} \ln P_{n t_n} .
# $$
#
# Why the logarithm? Suppose that the right class of our data point is $1$. Its probability is $2/8$, and the error is
# $-\ln \frac{1}{4} = \ln 4 \approx 1.386$. Had it been $1$, the error would be $-\ln 1 = 0$. Had it been one in a
# million, the error would be about $13.8$, and at $0$ it would be infinite: who calls the truth impossible can't be
# forgiven. And of $N$ independent data points the probabilities multiply, so the logarithms add up.
#
# An error to remember: a classifier that knows nothing says $1/C$ to everything, and its error is $\ln C$. With ten
# classes that is $2.303$.
#
# The same truth is often written as an array of zeros and ones, $T_{nj} = 1$ where $j = t_n$ and $0$ elsewhere
# ("one-hot"). With it, $\ln P_{n t_n} = \sum_j T_{nj} \ln P_{nj}$: a sum of which only one term is there. You'll meet
# $T$ in formulas; your functions are given $t$.
#
# ## What a computer makes of large scores
#
# Here are the two formulas just as they stand, for a single row:

# %%
def as_it_stands(z,t):
    """The probabilities and the error of one row of scores z (C,), whose right class is t."""
    with numpy.errstate(all="ignore"):
        p = numpy.exp(z)/numpy.exp(z).sum()
        return p, -numpy.log(p[t])

for scores,right_class in [(numpy.log([1.0,2.0,5.0]),1), ([0.0,1.0,3.0],1),
                           ([1000.0,1001.0,1003.0],1), ([-1000.0,0.0,3.0],0)]:
    p,err = as_it_stands(numpy.array(scores),right_class)
    print(f"p = {p}   err = {err:.4f}")

# %% [markdown]
# The first line is the table above. The second and the third should be *the same*, since only differences matter, and
# yet the third is no number at all: the largest number that fits into double precision is about $e^{709.8}$, so
# $e^{1000}$ is infinite, and infinity divided by infinity is `nan`. In the last line the probability, about
# $e^{-1003}$, is too small to be told from $0$, and the error becomes infinite. The right answer is about $1003$, a
# perfectly ordinary number.
#
# Scores of this size aren't made up: one training step that was too large, and they are there. A single `nan` in a
# mean then makes the mean `nan`, the gradient follows, and after the next step every weight of the network is.
#
# Both can be cured with what you know already.
#
# - Only differences matter. So before taking exponentials you may subtract from each row what you like. What would you
#   have to subtract so that the largest exponential in the row is $e^0 = 1$? And is there one number that would do
#   for *all* rows, when one has scores around $1000$ and another around $0$?
# - Don't take the logarithm of a number that was rounded to $0$. Put the formula of $P$ into the logarithm first:
#
# $$
# -\ln P_{n t_n} = \ln \sum_k e^{Z_{nk}} - Z_{n t_n} ,
# $$
#
# and now there is a sum of exponentials again, about which the first point has something to say. (Adding a tiny
# number inside the logarithm only hides the problem: with $10^{-8}$ the error could never exceed $18.4$, and where
# probabilities are small its slope would be that of another function.)

# %% [markdown]
# ## Exercise 1 (6 P): softmax and cross-entropy
#
# Write `exercise1(Z,t)`. It returns two things, `(P, err)`:
#
# - `P`, the probabilities, an array of the shape of `Z` (3 P);
# - `err`, the mean cross-entropy, one number (3 P).
#
# Scores may be as large as $1000$ and as small as $-1000$, in the same row or in different ones, and $N$ and $C$ may
# be any numbers, $N = 1$ included. No warning should appear, though only the numbers are marked.

# %% solution="exercise1"
def exercise1(Z,t):
    """The softmax of every row of scores, and the mean cross-entropy.

    Z        array of shape (N,C), float64: the scores
    t        array of shape (N,), int64: the number of the right class of each row
    returns  (P, err): an array of shape (N,C), the probabilities, and one number
    """
    ### BEGIN SOLUTION
    shifted = Z - Z.max(axis=1,keepdims=True)       # the largest of each row becomes 0
    total = numpy.exp(shifted).sum(axis=1,keepdims=True)
    log_P = shifted - numpy.log(total)
    return numpy.exp(log_P), -log_P[numpy.arange(len(t)),t].mean()
    ### END SOLUTION
    raise NotImplementedError("exercise1")

# %% [markdown]
# First the example from above: you should see $1/8$, $2/8$, $5/8$ and $1.386$. Then the three rows that were too much
# for the formulas as they stand, together in one array: two rows that are the same up to a shift, and one in which the
# truth is very unlikely.

# %%
with utils.attempt("exercise1"):
    P,err = exercise1(numpy.log([[1.0,2.0,5.0]]),numpy.array([1]))
    print("P =",P,"  err =",err)
    Z = numpy.array([[0.0,1.0,3.0],[1000.0,1001.0,1003.0],[-1000.0,0.0,3.0]])
    P,err = exercise1(Z,numpy.array([1,1,0]))
    print(P)
    print("err =",err)

# %% [markdown]
# ### Check yourself

# %%
utils.check(exercise1)

# %% [markdown]
# Stuck? Take away the `#` and run the cell. Run it again for the next hint: each one tells you a little more than the last.

# %%
# utils.hint("exercise1")

# %% marks="exercise1"

# %% [markdown]
# ### A look at the two forms
#
# A row has three scores, $z = (s, 0, 0)$, and class $0$ is the right one. Here is the error against $s$, from $-1000$
# to $1000$, by the formulas as they stand and by your function:

# %%
s = numpy.linspace(-1000,1000,401)
rows = [numpy.array([[score,0.0,0.0]]) for score in s]

with utils.attempt("exercise1"):
    curves = {"yours":         [exercise1(row,numpy.array([0]))[1] for row in rows],
              "as they stand": [as_it_stands(row[0],0)[1] for row in rows]}
    utils.show_curves(s,curves,across="the score s of the right class",up="err")

# %% [markdown]
# **In words:** left of zero the error is a straight line that falls with slope $-1$, from about $1000$ down to $\ln 3$
# at $s = 0$; right of it, it is nearly $0$. The solid line goes all the way. The dashed line of the formulas as they
# stand lies on it in the middle and is missing at both ends: to the left of about $-745$, where the probability is
# rounded to $0$, and to the right of about $709$, where the exponential becomes infinite.
#
# Look at the slope on the left. However wrong the scores are, moving the right one up by $1$ makes the error smaller
# by nearly $1$, and not by more. We'll come back to that.

# %% [markdown]
# ## A derivative that is not diagonal
#
# Now backward. What can be said of $\max(0, Z)$, that each entry depends on the same entry of $Z$ alone, isn't true
# any more: the sum in the denominator ties all classes of a row together. Raise one score, and *all* probabilities of
# its row change. So each row has a whole matrix of slopes, its **Jacobian**
#
# $$
# J_{ij} = \frac{\partial p_i}{\partial z_j},
# $$
#
# with a row for each probability and a column for each score.
#
# Take it entry by entry. Write $e_i$ for $e^{z_i}$ and $S$ for their sum, so that $p_i = e_i / S$. A nudge to the
# score $z_j$ changes two things:
#
# - the denominator, always: $S$ grows with slope $e_j$, and this alone changes $p_i = e_i / S$ with the slope
#   $-\frac{e_i}{S^2}\, e_j = -\,p_i\, p_j$;
# - the numerator, only if it is the score's own, $i = j$: this alone changes $p_i$ with the slope
#   $\frac{e_i}{S} = p_i$.
#
# So an entry *beside* the diagonal is $-\,p_i\, p_j$, and one *on* the diagonal is $p_i - p_i\, p_i$. Forgetting what
# is beside the diagonal is the most frequent mistake of all in this matter: it takes the softmax for a function of
# each score alone.
#
# Do it by hand for $p = (1, 2, 5)/8$ before you read on. All entries have the denominator $64$:
#
# | $64 \cdot J$ | $z_0$ | $z_1$ | $z_2$ | sum of the row |
# |---|:---:|:---:|:---:|:---:|
# | $p_0$ | $7$ | $-2$ | $-5$ | $0$ |
# | $p_1$ | $-2$ | $12$ | $-10$ | $0$ |
# | $p_2$ | $-5$ | $-10$ | $15$ | $0$ |
#
# Each row sums to $0$, since a nudge that is the same for all scores changes nothing. Each column does, too. Why?
#
# ## Backward through any softmax
#
# Somebody hands you $\mathrm{D}P$, the gradient of some error with respect to the probabilities, of shape $(N, C)$.
# Which error doesn't matter; it needn't be the cross-entropy. The chain rule asks, as ever, which entries of $P$ a
# given score touches, and how strongly. The score $Z_{nj}$ touches all the probabilities of its row:
#
# $$
# (\mathrm{D}Z)_{nj} = \sum_i (\mathrm{D}P)_{ni}\, \frac{\partial P_{ni}}{\partial Z_{nj}} .
# $$
#
# Our data point has the right class $1$, so its error is $-\ln p_1$, and the gradient that comes from above is
# $\mathrm{D}p = (0, -1/p_1, 0) = (0, -4, 0)$. Only one term of the sum is there,
#
# $$
# \mathrm{D}z_j = -4 \cdot J_{1j}, \qquad \mathrm{D}z = -\tfrac{4}{64}\,(-2,\; 12,\; -10) = (\tfrac{1}{8},\; -\tfrac{6}{8},\; \tfrac{5}{8}) .
# $$
#
# Compare that with $p = (\tfrac18, \tfrac28, \tfrac58)$ and $T = (0, 1, 0)$. Do you see it? We'll come to it after
# the exercise.
#
# A matrix for each data point is a lot to build: with the $50\,000$ words of a language model as classes, it has two and
# a half thousand million entries. It isn't needed. Put the two kinds of entries into the sum for
# $(\mathrm{D}Z)_{nj}$, and see which part of it is *the same for all* $j$. That part is one number a row, and what is
# left can be written for all rows at once.

# %% [markdown]
# ## Exercise 2 (6 P): the softmax backward
#
# Write `exercise2(P,DP)`. It is given the probabilities (not the scores) and the gradient with respect to them, and
# returns two things, `(J, DZ)`:
#
# - `J`, the Jacobian of the *first* row, $J_{ij} = \partial P_{0i} / \partial Z_{0j}$, of shape `(C,C)` (2 P);
# - `DZ`, the gradient with respect to the scores, of the shape of `P` (4 P). It should be right for *any* `DP`.
#
# Use NumPy and your own formulas, no automatic differentiation.

# %% solution="exercise2"
def exercise2(P,DP):
    """The Jacobian of the softmax for the first row, and the gradient by the scores for all rows.

    P        array of shape (N,C), float64: probabilities, the softmax of some scores Z
    DP       array of shape (N,C), float64: the gradient of an error with respect to P
    returns  (J, DZ): an array of shape (C,C), J[i,j] = the derivative of P[0,i] by Z[0,j],
             and an array of shape (N,C), the gradient of the error with respect to Z
    """
    ### BEGIN SOLUTION
    J = numpy.diag(P[0]) - numpy.outer(P[0],P[0])
    DZ = P*(DP - (DP*P).sum(axis=1,keepdims=True))
    return J,DZ
    ### END SOLUTION
    raise NotImplementedError("exercise2")

# %% [markdown]
# On the example, `64*J` should be the table, and `8*DZ` should be $1, -6, 5$:

# %%
with utils.attempt("exercise2"):
    J,DZ = exercise2(numpy.array([[1,2,5]])/8,numpy.array([[0.0,-4.0,0.0]]))
    print(64*J)
    print(8*DZ)

# %% [markdown]
# Two tests need no solution at all. Whatever `DP` is, each row of `DZ` sums to $0$, since a nudge that is the same for
# all scores changes nothing. And a gradient that is the same for all classes, such as a `DP` of ones, must come out as
# zero: the probabilities can only be moved from one class to another, and here nobody gains by it.

# %%
random = numpy.random.default_rng(1)
P = random.dirichlet([1.0]*4,size=3)       # three rows of four probabilities
DP = random.standard_normal((3,4))

with utils.attempt("exercise2"):
    print("sums of rows:",abs(exercise2(P,DP)[1].sum(axis=1)).max())
    print("DP of ones:  ",abs(exercise2(P,numpy.ones((3,4)))[1]).max())

# %% [markdown]
# ### Check yourself

# %%
utils.check(exercise2)

# %% [markdown]
# Stuck? As before:

# %%
# utils.hint("exercise2")

# %% marks="exercise2"

# %% [markdown]
# ### A look at your Jacobian
#
# Five classes, their probabilities, and your matrix beside them:

# %%
with utils.attempt("exercise2"):
    p = numpy.array([0.02,0.50,0.30,0.03,0.15])
    J,_ = exercise2(p[None],numpy.zeros((1,5)))
    utils.show_jacobian(p,J)

# %% [markdown]
# **In words:** the framed diagonal is positive: a class gains when its own score is raised. Everything beside it is
# negative, and the largest of it, $-0.15$, lies between classes $1$ and $2$, the two most likely ones. So probability
# is taken mostly from where there is most of it. The matrix is symmetric, and every row sums to $0$. The rows of
# classes $0$ and $3$, which are hardly possible, are nearly empty. A softmax that is very sure hands almost nothing on.
#
# That last sentence is worth a second thought. A softmax that is sure of the *wrong* class hands almost nothing on,
# either, and that would be the end of learning. Why isn't it?

# %% [markdown]
# ## Where the softmax's derivative went
#
# Put the cross-entropy in front. With $T$ for the truth in zeros and ones, and without the $1/N$ for a moment, the
# gradient that comes from above is $(\mathrm{D}P)_{ni} = -T_{ni}/P_{ni}$. The chain rule gives, term by term,
#
# $$
# (\mathrm{D}Z)_{nj}
# = \sum_i -\frac{T_{ni}}{P_{ni}} \cdot \frac{\partial P_{ni}}{\partial Z_{nj}}
# = \underbrace{-\frac{T_{nj}}{P_{nj}} \cdot P_{nj}}_{\text{own numerator}}
#   \;+\; \underbrace{\sum_i \frac{T_{ni}}{P_{ni}} \cdot P_{ni}\, P_{nj}}_{\text{denominator}}
# = -\,T_{nj} + P_{nj} \sum_i T_{ni}
# = P_{nj} - T_{nj} .
# $$
#
# In both terms $P_{ni}$ cancels. The logarithm's slope $1/P_{ni}$ is huge where the right class is thought
# impossible, the softmax's is tiny there, and their product is neither. In the last step, the $T$ of a row sum to $1$.
#
# So the derivative of the softmax isn't missing in $P - T$: **it is in there**, cancelled against that of the
# logarithm. If you multiply $P - T$ by it once more, you have it twice; if you stop at $-T/P$, you do not have it at all.
# It also answers the question from above: at the score of the right class the slope is $P_{n t_n} - 1$, nearly $-1$
# when the network is quite wrong, and it vanishes only as the answer becomes right. This is the straight line that you
# saw on the left of the picture.
#
# And with the mean, each data point has one part in $N$ of a say, exactly as in *Error backpropagation*.
#
# The next cell goes the long way, through your `exercise2`, and compares:

# %%
P = numpy.random.default_rng(1).dirichlet([1.0]*4,size=3)
T = numpy.eye(4)[[3,0,1]]                  # zeros and ones: the right classes are 3, 0 and 1

with utils.attempt("exercise2"):
    _,DZ = exercise2(P,-T/P)
    print("the long way:",DZ,"P - T:",P-T,sep="\n")

# %% [markdown]
# ### A look at the pull
#
# Three probabilities that sum to $1$ are a point in a triangle: at a corner one class is certain, in the middle all
# are equally likely. Each arrow shows what a step of gradient descent, against your `DZ`, does to the scores, if class
# $2$ is the right one. The first picture is for the cross-entropy; the second for a sum of squares,
# $\sum_i (P_{ni} - T_{ni})^2$, behind the same softmax. (Each picture has its own scale.)

# %%
grid = numpy.array([[i,j,10-i-j] for i in range(1,10) for j in range(1,10-i)])/10
truth = numpy.eye(3)[numpy.full(len(grid),2)]

with utils.attempt("exercise2"):
    utils.show_simplex(grid,exercise2(grid,-truth/grid)[1],target=2)

# %% [markdown]
# **In words:** all arrows point straight at the corner of the right class, and the farther away a point is, the longer
# its arrow. Where class $2$ is nearly certain, little is left to do. At the opposite side, where it's nearly
# impossible, the pull is strongest.

# %%
with utils.attempt("exercise2"):
    utils.show_simplex(grid,exercise2(grid,2*(grid-truth))[1],target=2)

# %% [markdown]
# **In words:** near the two wrong corners the arrows are short, though all is wrong there, and they do not even point
# at the right corner but into the middle of the triangle. The longest are halfway up. The softmax's slope is small at
# every corner, and a square has nothing that would cancel it. This is why classifiers are trained with the
# cross-entropy.

# %% [markdown]
# ## A classifier
#
# Now the whole of it: a layer of rectified linear units, a linear layer that gives the scores, the softmax, the
# cross-entropy.
#
# $$
# \begin{aligned}
# Z_1 &= X\,W_1 + B_1 & A_1 &= \max(0, Z_1) \\
# Z_2 &= A_1 W_2 + B_2 & P &= \mathrm{softmax}(Z_2) \\
# & & \mathrm{err} &= -\frac{1}{N} \sum_{n=1}^{N} \ln P_{n t_n}
# \end{aligned}
# $$
#
# The data are handwritten digits of $8 \times 8$ pixels, which are $64$ inputs, and ten classes:
#
# | array | what it is | shape |
# |---|---|---|
# | $X$ | pixels, from $0$ (paper) to $1$ (ink) | $(N, 64)$ |
# | $t$ | which digit it is, as a whole number | $(N{,})$ |
# | $W_1, W_2$ | weights | $(64, 32)$, $(32, 10)$ |
# | $B_1, B_2$ | biases, added to every row | $(32{,})$, $(10{,})$ |
# | $Z_1, A_1$ | pre-activations and activations | $(N, 32)$ |
# | $Z_2, P$ | scores and probabilities | $(N, 10)$ |
#
# (The digits were collected by E. Alpaydin and C. Kaynak and come from the UCI Machine Learning Repository, licence
# CC BY 4.0; `files/digits.txt` says more.)

# %%
X,t = utils.getdigits()
print("X",X.shape,"  t",t.shape,t.dtype,"  each digit occurs",numpy.bincount(t),"times")

utils.show_digits(X[:20],t[:20])

# %% [markdown]
# **In words:** two rows of ten small grey pictures each, the digits $0$ to $9$ twice, by different hands. They are
# coarse, and some are hard: a few nines could be fives.
#
# We begin with random weights, drawn so that neither the activations nor the gradient shrink on their way. The forward
# pass is the table as code. Its last line is yours: the softmax and the error come from your `exercise1`.

# %%
def start(D,H,C):
    """Random weights and zero biases of a network D-H-C, always the same."""
    random = numpy.random.default_rng(0)
    W = [random.standard_normal(shape)*numpy.sqrt(2/shape[0]) for shape in ((D,H),(H,C))]
    return W, [numpy.zeros(H),numpy.zeros(C)]

def forward(W,B,X,t):
    """The quantities of the forward pass: Z1, A1, Z2, P, err."""
    Z1 = X.dot(W[0])+B[0]
    A1 = numpy.maximum(0,Z1)
    Z2 = A1.dot(W[1])+B[1]
    P,err = exercise1(Z2,t)
    return Z1,A1,Z2,P,err

X,t = utils.getdigits()
W,B = start(64,32,10)

with utils.attempt("exercise1"):
    print("err before training:",forward(W,B,X,t)[-1],"  knowing nothing:",numpy.log(10))

# %% [markdown]
# ## Exercise 3 (18 P): the backward pass of a classifier
#
# Write `exercise3(W,B,X,Z1,A1,Z2,P,t)`. It returns three things, `(DZ2, DW, DB)`:
#
# - `DZ2`, the gradient of `err` with respect to the scores, of shape $(N, C)$ (4 P): where everything begins;
# - `DW` and `DB`, two lists of two arrays each, in the shapes of `W` and `B` (3.5 P for each array).
#
# You know the way from `DZ2` downward: it is that of *Error backpropagation*, with two layers instead of four. Your
# function is tested on networks of other sizes, too, and with any number $N$ of data points. Use its arguments only,
# and leave them as they are: `P[...] -= 1` would change the caller's probabilities.

# %% solution="exercise3"
def exercise3(W,B,X,Z1,A1,Z2,P,t):
    """The gradient of the mean cross-entropy of a classifier with one hidden layer, by hand.

    W, B      lists of 2 arrays: (D,H) (H,C) and (H,) (C,)
    X         array of shape (N,D), float64
    Z1, A1    arrays of shape (N,H)
    Z2, P     arrays of shape (N,C): scores and probabilities
    t         array of shape (N,), int64: the number of the right class of each data point
    returns   (DZ2, DW, DB): an array of shape (N,C), and two lists of 2 arrays, as W and B
    """
    ### BEGIN SOLUTION
    DZ2 = P.copy()
    DZ2[numpy.arange(len(t)),t] -= 1
    DZ2 /= len(t)
    DZ1 = DZ2.dot(W[1].T)*(Z1>0)

    DW = [X.T.dot(DZ1),A1.T.dot(DZ2)]
    DB = [DZ1.sum(axis=0),DZ2.sum(axis=0)]
    return DZ2,DW,DB
    ### END SOLUTION
    raise NotImplementedError("exercise3")

# %% [markdown]
# Try it on the data point from the beginning. With $P = (1, 2, 5)/8$ and the right class $1$, `8*DZ2` should be
# $1, -6, 5$ again. It's the only data point, so `8*DB[1]` is the same.

# %%
with utils.attempt("exercise3"):
    one = numpy.ones((1,1))                # a network 1-1-3: one input, one unit, three classes
    scores = numpy.log([[1.0,2.0,5.0]])
    DZ2,DW,DB = exercise3([one,scores],[numpy.zeros(1),numpy.zeros(3)],one,one,one,scores,
                          numpy.array([[1.0,2.0,5.0]])/8,numpy.array([1]))
    print(8*DZ2)
    print(8*DB[1])

# %% [markdown]
# And on the digits. Two things are known of `DZ2` without any solution. Each row sums to $0$, as every gradient behind
# a softmax does. And in each row just one entry is negative, that of the right class: it is the only score that should
# be raised.

# %%
X,t = utils.getdigits()
W,B = start(64,32,10)

with utils.attempt("exercise1","exercise3"):
    Z1,A1,Z2,P,err = forward(W,B,X,t)
    DZ2,DW,DB = exercise3(W,B,X,Z1,A1,Z2,P,t)
    print("largest sum of a row:       ",abs(DZ2.sum(axis=1)).max())
    print("smallest at the right class:",(DZ2.argmin(axis=1)==t).all())
    print("negative elsewhere:         ",(DZ2<0).sum() > len(t))
    for i in range(2):
        print(f"layer {i+1}:  W {W[i].shape}  DW {DW[i].shape}    B {B[i].shape}  DB {DB[i].shape}")

# %% [markdown]
# ### Check yourself

# %%
utils.check(exercise3)

# %% [markdown]
# Stuck? As before:

# %%
# utils.hint("exercise3")

# %% [markdown]
# A slope can also be measured: move one weight a little to both sides and divide the change of the error by the
# distance. Here are a few weights of the first layer, in the middle of the picture, on the digits:

# %%
X,t = utils.getdigits()
W,B = start(64,32,10)

with utils.attempt("exercise1","exercise3"):
    Z1,A1,Z2,P,err = forward(W,B,X,t)
    _,DW,_ = exercise3(W,B,X,Z1,A1,Z2,P,t)
    h = 1e-5
    print("weight         yours     measured")
    for i,j in [(28,5),(35,12),(36,31),(43,4)]:
        step = numpy.zeros((64,32))
        step[i,j] = h
        up,down = (forward([W[0]+d,W[1]],B,X,t)[-1] for d in (step,-step))
        print(f"W1[{i},{j:2}]  {DW[0][i,j]:11.8f}  {(up-down)/(2*h):11.8f}")

# %% marks="exercise3"

# %% [markdown]
# ### A look at your gradient
#
# Every column of $\mathrm{D}W_1$ belongs to one unit, and it has an entry for each pixel. So it can be drawn as what
# it is, a picture of $8 \times 8$ pixels. Here are the first ten of the $32$ units, before any training:

# %%
X,t = utils.getdigits()
W,B = start(64,32,10)

with utils.attempt("exercise1","exercise3"):
    Z1,A1,Z2,P,err = forward(W,B,X,t)
    DZ2,DW,DB = exercise3(W,B,X,Z1,A1,Z2,P,t)
    utils.show_units(DW[0][:,:10])

# %% [markdown]
# **In words:** ten pictures with soft red and blue patches, a few of them strong, others pale. Red pixels are weights
# that should grow, blue ones weights that should shrink. Neighbouring pixels have similar slopes, and patches look like
# strokes. At the left and right edge all are nearly white: there is hardly any ink, so those weights change little. The
# network is still random, and its gradient already knows what digits look like. Where does it have that from? Look at
# the rule for $\mathrm{D}W$.

# %% [markdown]
# ## It learns
#
# A gradient is there to be used. Plain gradient descent, as in the notebook of that name: the first 1500 digits are
# for training, the last 297 are kept back, to see whether the network has learned to read or only learned by heart.
# Every step takes all 1500 at once, and there is nothing in it that isn't yours.

# %%
import functools

X,t = utils.getdigits()
seen,unseen = slice(0,1500),slice(1500,None)

def right(P,t):
    """How many of the digits have the largest probability where they should, in percent."""
    return f"{(P.argmax(axis=1)==t).mean():.1%} read right"

@functools.cache                       # the cells below ask for the same training, and get it at once
def train(steps,learning_rate):
    """Gradient descent on the first 1500 digits: weights, biases, the error at each step."""
    W,B = start(64,32,10)
    errors = []
    for step in range(steps):
        Z1,A1,Z2,P,err = forward(W,B,X[seen],t[seen])
        DZ2,DW,DB = exercise3(W,B,X[seen],Z1,A1,Z2,P,t[seen])
        W = [w - learning_rate*d for w,d in zip(W,DW)]
        B = [b - learning_rate*d for b,d in zip(B,DB)]
        errors.append(err)
        if step in (0,1,3,10,30,100):
            print(f"step {step:3}:   err {err:.3f}   {right(P,t[seen])}")
    return W,B,errors

with utils.attempt("exercise1","exercise3"):
    W,B,errors = train(300,0.5)
    for name,part in (("seen",seen),("unseen",unseen)):
        *_,P,err = forward(W,B,X[part],t[part])
        print(f"at the end: err {err:.3f}   {right(P,t[part])}, of the {name} digits")

# %% [markdown]
# A guess would be right one time in ten. The last two lines tell of two things: it has learned the digits it was
# trained on nearly all, and it reads most of those it has never seen, but not as well. Part of what it learned, it
# learned by heart.

# %%
with utils.attempt("exercise1","exercise3"):
    W,B,errors = train(300,0.5)
    utils.show_losses({"300 steps, learning rate 0.5": errors},name="err")

# %% [markdown]
# **In words:** on the logarithmic scale the error falls from a little above $2.3$, that of somebody who knows nothing,
# steeply at first and then ever more slowly, to less than $0.1$ at step 299. It has not come to rest.
#
# Here are the first twenty of the digits that were kept back. Below each stands what it is, an arrow to what the
# network reads, and how likely it thinks that is.

# %%
X,t = utils.getdigits()

with utils.attempt("exercise1","exercise3"):
    W,B,errors = train(300,0.5)
    *_,P,err = forward(W,B,X[unseen],t[unseen])
    utils.show_digits(X[unseen][:20],t[unseen][:20],P[:20])

# %% [markdown]
# **In words:** all twenty are read as what they are, most of them with a probability of $97\,\%$ or more. It is least
# sure of the first, a one with a bar on top and a short foot: $55\,\%$.
#
# And these are the ones about which it was most wrong, those with the largest $-\ln P_{n t_n}$:

# %%
X,t = utils.getdigits()

with utils.attempt("exercise1","exercise3"):
    W,B,errors = train(300,0.5)
    *_,P,err = forward(W,B,X[unseen],t[unseen])
    worst = numpy.argsort(P[numpy.arange(len(P)),t[unseen]])[:10]
    utils.show_digits(X[unseen][worst],t[unseen][worst],P[worst])

# %% [markdown]
# **In words:** ten digits with a red frame and an exclamation mark, since each was taken for another. Some would
# make you hesitate, too. But see how *sure* the network is of a few of its mistakes: it gives $98\,\%$ to a one
# where there is an eight, and $93\,\%$ to a four where there is a nought. A probability from a softmax says which
# score is the largest, and by how much. It doesn't say how often such answers are right.
#
# What has the hidden layer become? Here is what training has added to the weights of the first ten units, that is,
# the weights now minus those at the start:

# %%
with utils.attempt("exercise1","exercise3"):
    W,B,errors = train(300,0.5)
    utils.show_units((W[0] - start(64,32,10)[0][0])[:,:10])

# %% [markdown]
# **In words:** ink on blue pixels now switches a unit on more than before, ink on red ones less. The patches are larger
# than single pixels: here a bow that should have ink, there a gap that should have none. Nobody told the units what to
# look for. It is the sum of three hundred gradients, and each of them was a sum over the digits.

# %% [markdown]
# ## What you have learned
#
# - The softmax makes probabilities of scores, row by row. Only differences of scores count, and this is what
#   keeps the exponentials in bounds.
# - Its Jacobian is not diagonal. Backward through it takes one sum a row, and no matrix.
# - With the cross-entropy behind it, the two derivatives cancel to $P - T$. That is why the gradient is strong where the
#   network is wrong.
# - Whole numbers as labels choose one entry of each row. What broadcasting makes of them is seldom what one wants.
#
# **Where it goes: attention.** In a transformer, every position of a text asks every other how important it is, and a
# softmax makes weights out of these scores, row by row. There is no cross-entropy behind it: what comes from above is
# a gradient of any kind, and nothing cancels. You will need what you wrote for
# [Backward through any softmax](#Backward-through-any-softmax), just as it is.
#
# **Where it goes: PyTorch.** `torch.nn.functional.cross_entropy(Z,t)` is your `err`, from the *scores*. It applies the
# softmax itself, by the formula of
# [What a computer makes of large scores](#What-a-computer-makes-of-large-scores). Give it probabilities, and they go
# through a second softmax, which makes them all nearly equal. The network still learns, only worse, and nobody gets an error
# message: this is one of the most frequent mistakes there is.
#
# **And back.** The gradient of a *linear* output with the mean squared error was $2(Y - T)/N$, the one here is
# $(P - T)/N$. That the two are so alike is no chance: for each kind of answer there is an error whose slope cancels
# that of the output, and it is the negative logarithm of a probability in both cases.
