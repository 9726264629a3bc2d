# %% [markdown]
# # Attention
#
# A sentence is a row of words, and what a word means depends on the others: who is "it", what is "better" than what?
# A network that reads one word after the other has to remember. **Attention** lets every word look at the others
# directly, and take from each of them as much as it finds useful. Everything that is called a *transformer* is made
# of this one step, and of layers that you know already.
#
# How much a word takes from another is a probability, so there is a softmax in the middle, and its scores are products of
# two things that are both learned. The way back leads through all of that. There are three exercises, 30 points in all:
#
# 1. backward through a single head with a mask, quantity by quantity (12 P),
# 2. backward through its projections, where three paths come together (9 P),
# 3. several heads, forward, with PyTorch (9 P).
#
# After the second your gradient teaches a head to write backwards, and you'll see on its probabilities how it does it.
# After the third two heads share a task that one alone cannot do.
#
# You need the backward pass of a matrix product from *Error backpropagation* and the backward pass of a softmax from
# *Softmax and cross-entropy*. You may run the notebook from top to bottom at any time: where an exercise isn't written
# yet, the cells that need it say so and the rest goes on.

# %%
import numpy, torch, utils

# %% [markdown]
# ## Who looks at whom
#
# Five words, and how much each of them looks at each other one. Run the cell: the words stand in the upper line,
# what they look at in the lower one, and the wider a line is, the more is taken.

# %%
words = "now is better than never".split()

looks = numpy.array([[1.00,0.00,0.00,0.00,0.00],
                     [0.70,0.30,0.00,0.00,0.00],
                     [0.15,0.60,0.25,0.00,0.00],
                     [0.05,0.05,0.80,0.10,0.00],
                     [0.40,0.02,0.30,0.18,0.10]])
utils.show_looks(looks,words)

# %% [markdown]
# **In words:** "now", the first word, looks at itself alone. "than" takes four fifths from "better", and "never"
# looks as far back as "now". No line leads to the right: no word sees one that comes after it.
#
# The same numbers as a table are a matrix $P$ with a row for each word that looks and a column for each word that is
# looked at. Each row sums to $1$. Where do such numbers come from?
#
# ## Queries, keys, values
#
# Every position $t$ of the sequence has three vectors:
#
# - a **query** $q_t$, what it is looking for,
# - a **key** $k_t$, what it has to offer,
# - a **value** $v_t$, what it gives to those that look at it.
#
# How well a query and a key go together is their inner product. For position $t$ looking at position $s$, that is
# $R_{ts} = \sum_i Q_{ti} K_{si}$. From here it is the softmax of each row, and then a weighted sum of values. With all
# queries as the rows of $Q$, all keys as the rows of $K$, all values as the rows of $V$, one **head** of attention is
# four lines:
#
# $$
# \begin{aligned}
# R &= Q\,K^{\mathsf T} && R_{ts} = \textstyle\sum_i Q_{ti} K_{si} \\
# S &= R / \sqrt{d} && \\
# P &= \mathrm{softmax}(S) \text{ where } M && P_{ts} = \frac{M_{ts}\, e^{S_{ts}}}{\sum_{r} M_{tr}\, e^{S_{tr}}} \\
# O &= P\,V && O_{tj} = \textstyle\sum_s P_{ts} V_{sj}
# \end{aligned}
# $$
#
# | array | what it is | shape |
# |---|---|---|
# | $Q, K$ | queries and keys | $(T, d)$ |
# | $V, O$ | values, and what each position takes home | $(T, e)$ |
# | $R, S, P$ | products, scores, probabilities: row looks at column | $(T, T)$ |
# | $M$ | mask: true where a position may look | $(T, T)$, true and false |
#
# Rows are positions here, where they were data points before, and there is one great difference. The rows of a layer
# had nothing to do with each other. In attention they have, and that is the whole point of it.
#
# **The mask.** A model that is to say the next word must not see it beforehand. So position $t$ may look at $s \le t$
# only, and $M$ is a triangle, true on and below the diagonal. Other masks hide the blanks that fill a short sentence up. Whatever $M$ is,
# what it hides takes part in *nothing*: neither in the numerator nor in the sum below it. In code one sets those scores
# to $-\infty$ before the softmax, as $e^{-\infty} = 0$.
#
# Here are the four lines as code, for later:

# %%
def forward_head(Q,K,V,M):
    """One head of attention: the probabilities P and the outputs O."""
    S = numpy.where(M,Q.dot(K.T)/numpy.sqrt(Q.shape[1]),-numpy.inf)
    E = numpy.exp(S-S.max(axis=1,keepdims=True))
    P = E/E.sum(axis=1,keepdims=True)
    return P,P.dot(V)

# %% [markdown]
# ## Why the root of d
#
# If the entries of queries and keys are numbers of size $1$ and independent, an inner product is a sum of $d$ terms
# of size $1$ with signs that do not agree. Its size is not $d$ and not $1$, but about $\sqrt d$. Divided by $\sqrt d$,
# scores keep their size, however wide the head is. What if they don't? Here are random queries and keys of ever
# greater width. The lines show how large the largest probability of a row is on average, and how steep it is: by how much
# it changes when its own score moves, measured by a small step to both sides.

# %%
def largest(S,h=1e-4):
    """The largest probability of each row of scores, and its slope by its own score, as means."""
    rows,best = numpy.arange(len(S)),S.argmax(axis=1)
    step = numpy.zeros(S.shape)
    step[rows,best] = h
    up,here,down = ((E/E.sum(axis=1,keepdims=True))[rows,best] for E in map(numpy.exp,(S+step,S,S-step)))
    return here.mean(),((up-down)/(2*h)).mean()

widths = [1,2,4,8,16,32,64,128,256]
random = numpy.random.default_rng(0)
raw = {d: random.standard_normal((400,d)).dot(random.standard_normal((16,d)).T) for d in widths}
plain = numpy.array([largest(raw[d]-raw[d].max(axis=1,keepdims=True)) for d in widths])
scaled = numpy.array([largest((raw[d]-raw[d].max(axis=1,keepdims=True))/numpy.sqrt(d)) for d in widths])

utils.show_curves(numpy.log2(widths),{"largest, scores R":plain[:,0],"slope, scores R":plain[:,1],
                  "largest, scores R/√d":scaled[:,0],"slope, scores R/√d":scaled[:,1]},
                  across="log₂ of the width d",up="probability, and its slope")

# %% [markdown]
# **In words:** with the root, both stay level: the largest of sixteen probabilities is about $0.25$ and has a slope of
# about $0.17$, at every width. Without it the largest probability climbs to more than $0.9$, and its slope sinks to less than
# a third. With greater widths it goes on sinking. A softmax that is certain of itself doesn't learn any more.
#
# ## A row by hand
#
# Take one position that looks at three, with queries and keys of width $d = 25$, so that $\sqrt d = 5$. Its scores are
# $s = (\ln 1, \ln 2, \ln 5)$, the values of the three positions have two entries each, and from above comes the gradient
# $\mathrm{D}o = (2, -1)$ with respect to the output $o$.
#
# | position $s$ | $0$ | $1$ | $2$ | sum |
# |---|:---:|:---:|:---:|:---:|
# | product $r = 5 s$ | $0$ | $5 \ln 2$ | $5 \ln 5$ | |
# | probability $p$ | $1/8$ | $2/8$ | $5/8$ | $1$ |
# | value $v$ | $(1, 0)$ | $(3, -1)$ | $(-2, 2)$ | |
# | $p\, v$ | $(1, 0)/8$ | $(6, -2)/8$ | $(-10, 10)/8$ | $o = (-3, 8)/8$ |
#
# Now backward, from the last line to the first. Each step asks the same thing: which entries does this one touch,
# and how strongly?
#
# **Values and probabilities.** $o_j = \sum_s p_s v_{sj}$ is a sum of products. The probability $p_s$ touches *all*
# entries of $o$, the entry $j$ with strength $v_{sj}$, so
#
# $$
# \mathrm{D}p_s = \sum_j \mathrm{D}o_j\, v_{sj}: \qquad
# \mathrm{D}p = (2 \cdot 1 - 1 \cdot 0,\;\; 2 \cdot 3 + 1,\;\; -2 \cdot 2 - 2) = (2, 7, -6) .
# $$
#
# A value $v_{sj}$ touches the entry $j$ alone, with strength $p_s$. But every *other* position that looks at $s$ uses the
# same value, and a quantity that is used several times collects from all of its uses. Keep that in mind for the matrices.
#
# **Scores.** This is the softmax of
# *Softmax and cross-entropy*, with a gradient from above that is of any kind. What all probabilities of a row have in
# common is one number, the sum of $p \circ \mathrm{D}p$: here $(2 + 14 - 30)/8 = -\tfrac{7}{4}$. (It's not the mean of $\mathrm{D}p$,
# which is $1$.) With it,
#
# $$
# \mathrm{D}s = \left(\tfrac18 \cdot \tfrac{15}{4},\; \tfrac28 \cdot \tfrac{35}{4},\; -\tfrac58 \cdot \tfrac{17}{4}\right)
# = \tfrac{1}{32}\,(15, 70, -85) .
# $$
#
# Do you see the rule that was applied? As a test, the three sum to $0$: the same number added to all scores changes no
# probability. Position $1$ is to be looked at less and position $2$ more, if the error is to fall.
#
# **Products.** $s = r/5$, so a nudge to $r$ moves $s$ a fifth as far: $\mathrm{D}r = \tfrac{1}{32}(3, 14, -17)$.
#
# **Query and keys.** $r_s = \sum_i q_i k_{si}$. The query's entry $q_i$ touches every product, that with position $s$ with
# strength $k_{si}$. So $\mathrm{D}q$ is a sum of *keys*, $\tfrac{1}{32}(3\,k_0 + 14\,k_1 - 17\,k_2)$. And the key $k_s$ touches $r_s$
# with the strength of the *query*: from this row alone, $\mathrm{D}k_0 = \tfrac{3}{32}\,q$, and so on. A key is used by all
# positions that may look at it, again.
#
# ## All rows at once
#
# In matrices, each of the four lines goes back as you know it. A product of matrices has two operands, and the gradient
# with respect to each is a product of the gradient from above with the other one, one of them transposed. Don't look for the
# places of the transposes by trying shapes: $P$, $S$ and $R$ are *square*, so that wrong ones fit as well.
# Write down the sum for a single entry instead, as above, and see which index is summed over:
#
# - $O_{tj} = \sum_s P_{ts} V_{sj}$. Which $O$s does $V_{sj}$ touch? Those with the same $j$, and any $t$.
# - $R_{ts} = \sum_i Q_{ti} K_{si}$. Which $R$s does $K_{si}$ touch? And $Q_{ti}$?
#
# What about the mask? Where $M$ is false, $P$ is $0$, whatever the scores are. See what your rule for $\mathrm{D}S$ gives
# there. ($\mathrm{D}P$ is another matter. It is the gradient with respect to $P$ in the line $O = P\,V$, and this line doesn't know of
# any mask.)

# %% [markdown]
# ## Exercise 1 (12 P): backward through a head
#
# Write `exercise1(Q,K,V,M,P,DO)`. It is given what went into the head, the probabilities, and the gradient of some
# error with respect to $O$, whatever error that is. It returns six arrays, in the order of the way back:
#
# - `DV`, of the shape of `V` (2 P), and `DP`, of the shape of `P` (1 P);
# - `DS`, the gradient with respect to the scores (4 P), and `DR`, that with respect to the products $Q\,K^{\mathsf T}$ (1 P);
# - `DQ` and `DK` (2 P each).
#
# Each is judged from your own numbers before it: if only `DS` is wrong, `DR`, `DQ` and `DK` can be right. Your function is
# tested with other masks, too, and with any $T$, $d$ and $e$. Use NumPy and your own formulas, no automatic differentiation.

# %% solution="exercise1"
def exercise1(Q,K,V,M,P,DO):
    """Backward through one head of attention, O = softmax(Q·Kᵀ/√d where M)·V.

    Q, K     arrays of shape (T,d), float64: queries and keys
    V        array of shape (T,e), float64: values
    M        array of shape (T,T), bool: true where a position may look
    P        array of shape (T,T), float64: the probabilities; rows look at columns
    DO       array of shape (T,e), float64: the gradient of an error with respect to O
    returns  (DV, DP, DS, DR, DQ, DK): the gradients with respect to V, P, the scores S,
             the products R = Q·Kᵀ, Q and K, each in its quantity's shape
    """
    ### BEGIN SOLUTION
    DV = P.T.dot(DO)
    DP = DO.dot(V.T)
    DS = P*(DP - (P*DP).sum(axis=1,keepdims=True))
    DR = DS/numpy.sqrt(Q.shape[1])
    return DV,DP,DS,DR,DR.dot(K),DR.T.dot(Q)
    ### END SOLUTION
    raise NotImplementedError("exercise1")

# %% [markdown]
# First the row from above, as the last of three. `32*DS` should end with $15, 70, -85$ and `32*DR` with $3, 14, -17$. The
# keys are the first three unit vectors, so `32*DQ` begins with $3, 14, -17$, too. Of the keys, that of the last position gets
# $-\tfrac{17}{32} = -0.53125$ times the query. The other rows have no gradient from above.

# %%
with utils.attempt("exercise1"):
    K = numpy.eye(3,25)
    Q = numpy.arange(75.0).reshape(3,25)
    V = numpy.array([[1.0,0.0],[3.0,-1.0],[-2.0,2.0]])
    P = numpy.array([[1,0,0],[0.5,0.5,0],[1/8,2/8,5/8]])
    DO = numpy.array([[0,0],[0,0],[2.0,-1.0]])
    DV,DP,DS,DR,DQ,DK = exercise1(Q,K,V,numpy.tri(3,dtype=bool),P,DO)
    print("DP:",DP[2],"  32 DS:",32*DS[2],"  32 DR:",32*DR[2],"  32 DQ:",32*DQ[2,:4])
    print("DV:",DV[2],"  DK/Q:",DK[2,:3]/Q[2,:3])

# %% [markdown]
# Three tests need no solution, on any numbers. Every row of `DS` sums to $0$. Above the triangle `DS` is $0$, as nothing
# comes through what is hidden. And $Q$ and $K$ go into the products alike, so $\sum Q \circ \mathrm{D}Q = \sum K \circ \mathrm{D}K$:
# both are $\sum R \circ \mathrm{D}R$. (Why? Make $Q$ a little larger as a whole, then $K$ instead.)

# %%
def five_words():
    """Q, K, V, M and DO for the five words, always the same: random ones, and a causal mask."""
    random = numpy.random.default_rng(0)
    Q,K,V,DO = (random.standard_normal((5,width)) for width in (4,4,3,3))
    return Q,K,V,numpy.tri(5,dtype=bool),DO

Q,K,V,M,DO = five_words()

with utils.attempt("exercise1"):
    P,O = forward_head(Q,K,V,M)
    DV,DP,DS,DR,DQ,DK = exercise1(Q,K,V,M,P,DO)
    print(f"largest sum of a row of DS:    {abs(DS.sum(axis=1)).max():.6f}")
    print(f"largest DS above the triangle: {abs(DS[~M]).max():.6f}")
    print(f"sums of Q∘DQ and of K∘DK:      {(Q*DQ).sum():.6f} and {(K*DK).sum():.6f}")

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
# ### A look at your gradients
#
# The five words once more, with the random queries, keys and values of the cell before: the probabilities, the gradient
# that comes back to them, and what your softmax backward makes of it. Hatched cells are hidden by the mask.

# %%
Q,K,V,M,DO = five_words()

with utils.attempt("exercise1"):
    P,O = forward_head(Q,K,V,M)
    DV,DP,DS,DR,DQ,DK = exercise1(Q,K,V,M,P,DO)
    utils.show_maps({"P":P,"DP":DP,"DS":DS},words,words,M)

# %% [markdown]
# **In words:** the three matrices have the same form and say different things. The rows of $P$ sum to $1$, those of
# $\mathrm{D}P$ to anything, those of $\mathrm{D}S$ to $0$. $\mathrm{D}P$ has numbers in the hatched cells, $\mathrm{D}S$ has none. And the
# first row of $\mathrm{D}S$ is empty: "now" can look at itself alone, with probability $1$, and there is nothing to
# decide. Where a probability is small, $\mathrm{D}S$ is small as well, however loud $\mathrm{D}P$ calls.

# %% [markdown]
# ## Where queries, keys and values come from
#
# All three are made from the same thing: from the vectors $x_t$ that the positions have, rows of $X$, of shape $(T, D)$. Each
# is a linear layer without a bias, and the three matrices are all that a head has to learn:
#
# $$
# Q = X\,W_q \qquad K = X\,W_k \qquad V = X\,W_v ,
# $$
#
# with $W_q, W_k$ of shape $(D, d)$ and $W_v$ of shape $(D, e)$. For the weights, that is *Error backpropagation*, layer by
# layer. For $X$ there is something new. A word looks (through $q_t$), is looked at (through $k_t$), and gives something away
# (through $v_t$). A nudge to $x_t$ goes down **three paths**, and all of them end in the same error.
#
# A small example, with numbers instead of matrices. Let $q = 3x$, $k = 5x$, $v = 7x$, and let the gradients that come back
# to them be $\mathrm{D}q = 0.1$, $\mathrm{D}k = -0.2$ and $\mathrm{D}v = 0.4$. If $x$ grows by a small $h$, then $q$ grows by $3h$, $k$ by
# $5h$ and $v$ by $7h$, and the error grows by $(0.1 \cdot 3 - 0.2 \cdot 5 + 0.4 \cdot 7)\,h = 2.1\,h$. The paths *add up*. None of them
# takes the place of another, and none is a mean of the three.

# %% [markdown]
# ## Exercise 2 (9 P): backward through the projections
#
# Write `exercise2(X,Wq,Wk,Wv,M,Q,K,V,P,DO)`. It returns five arrays:
#
# - `DR` (1.5 P), the gradient with respect to the products $Q\,K^{\mathsf T}$, as before;
# - `DX`, of the shape of `X` (3 P);
# - `DWq`, `DWk` and `DWv`, each of its matrix's shape (1.5 P each).
#
# You may call your `exercise1`. Only remember that its mistakes come along then.

# %% solution="exercise2"
def exercise2(X,Wq,Wk,Wv,M,Q,K,V,P,DO):
    """Backward through a head of attention and the three projections in front of it.

    X        array of shape (T,D), float64: a vector for each position
    Wq, Wk   arrays of shape (D,d), float64: they make queries and keys, Q = X·Wq, K = X·Wk
    Wv       array of shape (D,e), float64: it makes values, V = X·Wv
    M        array of shape (T,T), bool: true where a position may look
    Q, K, V  arrays of shape (T,d), (T,d), (T,e)
    P        array of shape (T,T): the probabilities; rows look at columns
    DO       array of shape (T,e): the gradient of an error with respect to O = P·V
    returns  (DR, DX, DWq, DWk, DWv): the gradients with respect to R = Q·Kᵀ, X and the three matrices,
             each in its quantity's shape
    """
    ### BEGIN SOLUTION
    DV = P.T.dot(DO)
    DP = DO.dot(V.T)
    DR = P*(DP - (P*DP).sum(axis=1,keepdims=True))/numpy.sqrt(Q.shape[1])
    DQ,DK = DR.dot(K),DR.T.dot(Q)
    DX = DQ.dot(Wq.T) + DK.dot(Wk.T) + DV.dot(Wv.T)
    return DR,DX,X.T.dot(DQ),X.T.dot(DK),X.T.dot(DV)
    ### END SOLUTION
    raise NotImplementedError("exercise2")

# %% [markdown]
# A slope can be measured. Take the error $\sum \mathrm{D}O \circ O$, whose gradient with respect to $O$ is $\mathrm{D}O$, move one entry of $X$ a little to both
# sides, and divide the change by the distance. An entry of the first position moves everything, one of the last only
# what the last position sees.

# %%
def forward_projected(X,Wq,Wk,Wv,M):
    """Projections and a head: Q, K, V, the probabilities P and the outputs O."""
    Q,K,V = X.dot(Wq),X.dot(Wk),X.dot(Wv)
    return Q,K,V,*forward_head(Q,K,V,M)

def five_projected():
    """X, the three matrices, M and DO for the five words, always the same."""
    random = numpy.random.default_rng(0)
    X = random.standard_normal((5,6))
    Wq,Wk,Wv = (random.standard_normal((6,width))/numpy.sqrt(6) for width in (4,4,3))
    return X,Wq,Wk,Wv,numpy.tri(5,dtype=bool),random.standard_normal((5,3))

X,Wq,Wk,Wv,M,DO = five_projected()

with utils.attempt("exercise2"):
    Q,K,V,P,O = forward_projected(X,Wq,Wk,Wv,M)
    DR,DX,DWq,DWk,DWv = exercise2(X,Wq,Wk,Wv,M,Q,K,V,P,DO)
    h = 1e-5
    print("entry        yours     measured")
    for t,i in [(0,0),(2,1),(3,5),(4,2)]:
        step = numpy.zeros(X.shape)
        step[t,i] = h
        up,down = ((DO*forward_projected(x,Wq,Wk,Wv,M)[-1]).sum() for x in (X+step,X-step))
        print(f"X[{t},{i}]  {DX[t,i]:11.7f}  {(up-down)/(2*h):11.7f}")

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
# ### Who feels whom
#
# A mask is easily wrong, and training goes on all the same: a model that sees the next word learns to copy it, and looks
# splendid until it has to write. The best test of a mask is by numbers. Let only *one* position $t$ have a gradient from above,
# and see how large `DX` is at each position $s$. That is how strongly output $t$ feels input $s$.

# %%
X,Wq,Wk,Wv,M,DO = five_projected()

with utils.attempt("exercise2"):
    Q,K,V,P,O = forward_projected(X,Wq,Wk,Wv,M)
    feels = numpy.zeros((5,5))
    for t in range(5):
        alone = numpy.zeros((5,3))
        alone[t] = DO[t]
        feels[t] = numpy.linalg.norm(exercise2(X,Wq,Wk,Wv,M,Q,K,V,P,alone)[1],axis=1)
    utils.show_maps({"size of DX":feels},words,words,M,sums=False)

# %% [markdown]
# **In words:** rows are outputs, columns are inputs. All hatched cells are empty, not small but exactly $0$: no output feels a
# word that comes later. Everything on and below the diagonal is positive. A word always reaches its own output, by its query if
# not by its value.

# %% [markdown]
# ## It learns to write backwards
#
# A gradient is there to be used. The Zen of Python, a short poem by Tim Peters that comes with the language, is cut into
# pieces of eight letters. A head is to read a piece and give it back in reverse: at position $0$ the last letter, at
# position $7$ the first. Every position has to look at exactly one other, and nobody tells it at which.
#
# A row of $X$ says which letter stands there, a $1$ among 26 numbers, and at which position, a $1$ among another eight. So
# $D = 34$. The output has 26 scores for a letter, with a softmax and the cross-entropy behind it, whose gradient
# with respect to the scores you know: probabilities minus targets.

# %%
LETTERS = numpy.eye(26)

def as_rows(piece):
    """X (T,34) of a piece of text: which letter, and where."""
    return numpy.hstack([LETTERS[[ord(letter)-97 for letter in piece]],numpy.eye(len(piece))])

zen = utils.getzen()
pieces = [zen[k:k+8] for k in range(0,len(zen)-8,8)]
practised,unseen = pieces[:64],pieces[64:]
print(len(pieces),"pieces, the first of them:",*pieces[:4])

# %% [markdown]
# Plain gradient descent. The forward pass is the function above, the way back is your `exercise2`, and there is no mask
# that hides anything: every position may look everywhere.

# %%
import functools

everywhere = numpy.ones((8,8),dtype=bool)

def read_backwards(W,piece):
    """Everything forward: Q, K, V, P, and the probabilities of letters at each position."""
    Q,K,V,P,O = forward_projected(as_rows(piece),*W,everywhere)
    E = numpy.exp(O-O.max(axis=1,keepdims=True))
    return Q,K,V,P,E/E.sum(axis=1,keepdims=True)

def read_right(W,pieces):
    """How many letters are the right ones, of all."""
    found = ["".join(chr(97+k) for k in read_backwards(W,piece)[-1].argmax(axis=1)) for piece in pieces]
    return numpy.mean([a==b for one,piece in zip(found,pieces) for a,b in zip(one,piece[::-1])])

@functools.cache                       # the cells below ask for the same training, and get it at once
def learn_backwards(steps,learning_rate):
    """Gradient descent on the pieces practised: the three matrices, and the error at each step."""
    random = numpy.random.default_rng(0)
    W = [0.3*random.standard_normal(shape) for shape in ((34,16),(34,16),(34,26))]
    errors = []
    for step in range(steps):
        err,gradient = 0,[0,0,0]
        for piece in practised:
            Q,K,V,P,Y = read_backwards(W,piece)
            targets = as_rows(piece[::-1])[:,:26]
            err -= numpy.log((Y*targets).sum(axis=1)).mean()/len(practised)
            DO = (Y-targets)/8/len(practised)
            DWs = exercise2(as_rows(piece),*W,everywhere,Q,K,V,P,DO)[2:]
            gradient = [total+each for total,each in zip(gradient,DWs)]
        W = [w - learning_rate*d for w,d in zip(W,gradient)]
        errors.append(err)
        if step in (0,1,3,10,30):
            print(f"step {step:2}:  err {err:.3f}   right {read_right(W,practised):.1%}")
    return W,errors

with utils.attempt("exercise2"):
    W,errors = learn_backwards(40,50)
    print(f"at the end: right {read_right(W,practised):.1%} of what it practised, "
          f"{read_right(W,unseen):.1%} of what it never saw")
    utils.show_losses({"40 steps, learning rate 50": errors},name="err")

# %% [markdown]
# **In words:** the error begins at $3.3$, which is about $\ln 26$, the error of somebody who knows nothing. On the logarithmic
# scale it hardly moves for five steps, drops steeply, and goes on falling to less than two hundredths.
#
# And how does it do that? Here is $P$ for a piece that it never saw, before training and after:

# %%
with utils.attempt("exercise2"):
    W,errors = learn_backwards(40,50)
    at_first,_ = learn_backwards(0,50)
    places = [f"{t}: {letter}" for t,letter in enumerate(unseen[0])]
    weights = {"P at first": at_first, "P in the end": W}
    maps = {name: read_backwards(w,unseen[0])[3] for name,w in weights.items()}
    utils.show_maps(maps,places,places,sums=False,largest=1)

# %% [markdown]
# **In words:** at first every position looks a little at everything. In the end nearly all of each row lies in one cell, and these cells
# form a line from the lower left to the upper right: position $0$ looks at $7$, position $1$ at $6$, and so on. Nobody told it
# so. It is what forty gradients of scores, each with rows that sum to $0$, have moved there.

# %% [markdown]
# ## Several heads
#
# A row of $P$ sums to $1$, so a head that looks at two words takes half of each, and adds up what it has taken. It
# cannot do one thing with the first and another with the second. So a transformer has several **heads** side by side, each
# with queries, keys and values of its own, and mixes in the end what they bring home.
#
# The weights of $H$ heads stand side by side in *one* matrix: $W_q$ has the shape $(D, H\,d)$, and its columns $0$ to $d-1$
# belong to head $0$, the next $d$ to head $1$, and so on. $W_k$ and $W_v$ are made alike. Each head does what you know, with the
# same mask and with its own $d$ in the root. Then the outputs of the heads are set side by side as the
# columns were, head $0$ first, in a matrix $O$ of shape $(T, H\,e)$, and a last matrix $W_o$ mixes them:
#
# $$
# O = \big[\, O^{(0)} \;\; O^{(1)} \;\cdots\; O^{(H-1)} \big] \qquad Y = O\,W_o .
# $$
#
# One thing goes wrong again and again. The product $X\,W_q$ has the shape $(T, H\,d)$, and the heads are wanted as an array of shape
# $(H, T, d)$. `reshape(H,T,d)` gives just that shape, and no error. But `reshape` never moves a number: it reads
# the entries row by row, and cuts. Here is what it makes of a matrix in which every entry says where it comes from:
# two positions, two heads of width $2$.

# %%
T,H,d = 2,2,2
A = numpy.array([[f"t{t}h{h}" for h in range(H) for _ in range(d)] for t in range(T)])
print("A:",*A,sep="\n")
print("A.reshape(H,T,d)[0], which should hold what head 0 has at t0 and at t1:")
print(*A.reshape(H,T,d)[0],sep="\n")

# %% [markdown]
# Everything in it comes from position $0$, and from both heads. Such a network trains, and its error falls. Nothing but a
# look at the entries tells. (Which shape can $A$ be cut into without mixing anything, and which two axes have to change
# places then?)

# %% [markdown]
# ## Exercise 3 (9 P): several heads with PyTorch
#
# Write `exercise3(Wq,Wk,Wv,Wo,X,M,H,G)`: the whole forward pass of $H$ heads, and the error
# $\mathrm{err} = \mathrm{mean}\big((Y - G)^2\big)$, the mean over all entries, where $G$ says what the output should be. It returns that one number, as
# a tensor that PyTorch can differentiate: `err` itself is worth 1 P, its gradients with respect to $W_q$, $W_k$, $W_v$ and $W_o$ are
# worth 2 P each. You need not compute these. They are right if your forward pass is.

# %% solution="exercise3"
def exercise3(Wq,Wk,Wv,Wo,X,M,H,G):
    """The mean squared error of several heads of attention.

    Wq, Wk   parameters of shape (D,H·d): columns h·d to (h+1)·d-1 belong to head h
    Wv       parameter of shape (D,H·e): columns h·e to (h+1)·e-1 belong to head h
    Wo       parameter of shape (H·e,D)
    X        tensor of shape (T,D), float32: a vector for each position
    M        tensor of shape (T,T), bool: true where a position may look; the same for all heads
    H        how many heads there are, an int
    G        tensor of shape (T,D), float32: what the output Y should be
    returns  err, the mean of (Y-G)², a tensor with a single number
    """
    ### BEGIN SOLUTION
    T = len(X)
    Q,K,V = ((X @ W).reshape(T,H,-1).transpose(0,1) for W in (Wq,Wk,Wv))
    S = Q @ K.transpose(1,2)/Q.shape[-1]**0.5
    P = torch.softmax(S.masked_fill(~M,-torch.inf),dim=-1)
    Y = (P @ V).transpose(0,1).reshape(T,-1) @ Wo
    return ((Y-G)**2).mean()
    ### END SOLUTION
    raise NotImplementedError("exercise3")

# %% [markdown]
# With $H = 1$ and a $W_o$ that changes nothing, it's the single head from above. Here are both, on the same numbers:

# %%
random = numpy.random.default_rng(0)
X,Wq,Wk,Wv = (random.standard_normal(shape) for shape in ((5,6),(6,4),(6,4),(6,6)))
G,M = random.standard_normal((5,6)),numpy.tri(5,dtype=bool)

with utils.attempt("exercise3"):
    given = [torch.tensor(a,dtype=torch.float32) for a in (Wq,Wk,Wv,numpy.eye(6),X)]
    err = exercise3(*given,torch.tensor(M),1,torch.tensor(G,dtype=torch.float32))
    print("yours:",float(err),"  single head:",((forward_projected(X,Wq,Wk,Wv,M)[-1]-G)**2).mean())

# %% [markdown]
# And once more who feels whom, now for your own mask. Your function returns an error and not $Y$, but $Y$ can be had: the gradient
# of the mean of $(Y-G)^2$ with respect to $G$ is $-2\,(Y-G)/n$, with $n$ the number of entries, so where $G$ is $0$ it tells
# $Y$. With it: another vector for the *last* position, and what that changes at each position.

# %%
def outputs(Wq,Wk,Wv,Wo,X,M,H):
    """Y of exercise3, read off the gradient with respect to G."""
    G = torch.zeros(X.shape,requires_grad=True)
    slope, = torch.autograd.grad(exercise3(Wq,Wk,Wv,Wo,X,M,H,G),G)
    return -slope*X.numel()/2

with utils.attempt("exercise3"):
    torch.manual_seed(0)
    W = [torch.randn(shape) for shape in ((6,8),(6,8),(6,10),(10,6))]
    X,M = torch.randn(5,6),torch.ones(5,5).tril().bool()
    moved = torch.cat([X[:-1],torch.randn(1,6)])
    change = (outputs(*W,moved,M,2)-outputs(*W,X,M,2)).abs().amax(dim=1)
    for t,size in enumerate(change.tolist()):
        print(f"position {t}: changed by {size:.3f}")

# %% [markdown]
# Only the last may change. If another does, somebody has seen the future.
#
# ### Check yourself

# %%
utils.check(exercise3)

# %% [markdown]
# Stuck? As before:

# %%
# utils.hint("exercise3")

# %% marks="exercise3"

# %% [markdown]
# ### Two heads, two looks
#
# A task that one head can't do, on the letters of the Zen again: at every position give *the letter before it minus the letter after
# it*. One head can look at both neighbours, but what it takes from them it adds up. Here one head and two heads learn the same task,
# with the same number of weights, by Adam: gradient descent in which every weight has a step size of its own.

# %%
def neighbours(piece):
    """G (T,34): the letter before, minus the letter after, where there are any."""
    rows = as_rows(piece)
    G = numpy.zeros(rows.shape)
    G[1:,:26] += rows[:-1,:26]
    G[:-1,:26] -= rows[1:,:26]
    return G

@functools.cache
def learn_neighbours(H,steps=120,learning_rate=0.03):
    """Adam on pieces of text that begin anywhere: the four matrices, and the error at each step."""
    torch.manual_seed(0)
    random = numpy.random.default_rng(0)
    W = [torch.nn.Parameter(0.1*torch.randn(shape)) for shape in ((34,16),(34,16),(34,52),(52,34))]
    optimizer,errors = torch.optim.Adam(W,lr=learning_rate),[]
    everywhere = torch.ones(8,8,dtype=torch.bool)
    for step in range(steps):
        optimizer.zero_grad()
        err = 0
        for begin in random.integers(0,len(zen)-100,16):
            piece = zen[begin:begin+8]
            X,G = (torch.tensor(rows,dtype=torch.float32) for rows in (as_rows(piece),neighbours(piece)))
            err = err + exercise3(*W,X,everywhere,H,G)/16
        err.backward()
        optimizer.step()
        errors.append(err.item())
    return [w.detach().double().numpy() for w in W],errors

with utils.attempt("exercise3"):
    utils.show_losses({f"H = {H}": learn_neighbours(H)[1] for H in (1,2)},name="err")

# %% [markdown]
# **In words:** both begin alike. The error of the single head falls to about half of where it began, and stays there. That of
# the two heads goes on falling, to less than a twentieth.
#
# Each head can be looked at by itself: its columns of $W_q$ and $W_k$ are a head like that of exercise 2.

# %%
with utils.attempt("exercise3"):
    (Wq,Wk,Wv,Wo),_ = learn_neighbours(2)
    piece = zen[-60:-52]
    places = [f"{t}: {letter}" for t,letter in enumerate(piece)]
    own = [slice(0,8),slice(8,16)]
    everything = numpy.ones((8,8),dtype=bool)
    maps = {f"P of head {h}": forward_projected(as_rows(piece),Wq[:,c],Wk[:,c],Wv,everything)[3]
            for h,c in enumerate(own)}
    utils.show_maps(maps,places,places,sums=False,largest=1)

# %% [markdown]
# **In words:** in one picture the dark cells lie just below the diagonal, in the other just above it: one head looks at the letter
# before, the other at the letter after. Where there is no such letter, at the beginning for the one and at the end for the other, the row is
# pale, and the head looks at everything a little. Which head does which is decided by chance.

# %% [markdown]
# ## What you have learned
#
# - Attention is a weighted sum whose weights are computed from the data: a softmax of products of queries and keys.
# - Its way back is one product for each operand of a product, and the softmax's rule in the middle. Rows of $\mathrm{D}S$ sum to $0$,
#   and what a mask hides gets nothing.
# - As $P$, $S$ and $R$ are square, shapes do not tell where a transpose belongs. Indices do.
# - $X$ comes in three times, and the three paths add up.
# - A mask is tested by numbers: move what must not be seen, and see whether anything changes.
# - Heads are cut out of columns. `reshape` alone mixes them with positions, and nobody gets an error message.
#
# **Where it comes from.** The rule for $\mathrm{D}S$ is that of *Softmax and cross-entropy*, where it was found for any gradient from
# above, and the products are those of *Error backpropagation*.
#
# **Where it goes: a transformer.** A block of it is what you wrote for [Several heads](#Several-heads), a network of two layers as in *Error
# backpropagation*, and two sums that carry $X$ past both of them. It is stacked a few dozen times, and what you have written goes on
# the way back through every one.
#
# **Where it goes: long texts.** $P$ has $T^2$ entries, which for a book is more than a machine can hold. So the best programs never store it. On the way back
# they compute it again, piece by piece, and one number a row is enough for that: the sum of $P \circ \mathrm{D}P$ that you took away from
# $\mathrm{D}P$ is also $\sum_j O_{tj}\, \mathrm{D}O_{tj}$. Can you see why?
