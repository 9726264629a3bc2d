# %% [markdown]
# # Normalisation
#
# In a deep network each layer works with what the layer below hands it. When the weights below change, so do the sizes
# of these numbers: one unit gives thousands, another hundredths, and after the next step it is the other way round. So
# between two layers most networks of today have one more line, which takes the mean away and divides by the deviation.
# It looks harmless. But mean and deviation are made of *all* the numbers, and so every number has several ways to the
# error. Backward, each way counts, and this is where most people lose one.
#
# There are four exercises, 30 points in all:
#
# 1. layer normalisation, in which each data point is normalised by itself (10 P),
# 2. batch normalisation, in which each feature is normalised over the data points (9 P),
# 3. the same when training is over, with a mean and a deviation that were kept (3 P),
# 4. the normalisation of many language models, which takes no mean away (8 P).
#
# At the end your functions train a network of six layers whose weights are much too small to be trained without them.
# You need the chain rule and the idea that a gradient is a sum over all ways to the error; everything else is here.
#
# You may run the notebook from top to bottom at any time. Where an exercise isn't written yet, the cells that need it
# say so and the rest goes on.

# %%
import numpy, utils

# %% [markdown]
# ## Two walks through one landscape
#
# Here is a piece of real land, the hills along a fault in Tennessee: their height above the sea, in metres, on a grid
# of $344 \times 403$ places. (The file comes with Matplotlib.) Take two of its rows, a walk from west to east each.
# The first picture shows them as they are, the second one after each row had its own mean taken away and was divided
# by its own deviation:

# %%
import matplotlib.cbook

def heights():
    """Heights above the sea in metres, (344, 403): rows go from north to south, columns eastward."""
    with numpy.load(matplotlib.cbook.get_sample_data("jacksboro_fault_dem.npz",asfileobj=False)) as file:
        return file["elevation"].astype(float)

walks = {f"row {row}": heights()[row] for row in (0,320)}
utils.show_curves(numpy.arange(403),walks,across="place, from west to east",up="height in metres")

# %%
walks = {f"row {row}": heights()[row] for row in (0,320)}
normalised = {name: (walk-walk.mean())/walk.std() for name,walk in walks.items()}
utils.show_curves(numpy.arange(403),normalised,across="place, from west to east",up="normalised height")

# %% [markdown]
# **In words:** in the first picture the solid line of row 0 stays between 350 and 800 metres, while the dashed one of
# row 320 goes from 250 to above 1000: its deviation is nearly three times as large. In the second both lie around $0$,
# mostly between $-2$ and $2$, and swing equally far. Each still has its own hills and valleys at the same places: only *where
# it lies* and *how far it swings* are gone.

# %% [markdown]
# ## Mean away, divided by the deviation
#
# Rows are data points, as always: $X$ is an $N \times D$ array of $D$ features. Layer normalisation computes from each
# row its mean and its deviation, and from these the normalised row $H$:
#
# $$
# M_n = \frac{1}{D} \sum_{j} X_{nj} \qquad
# S_n = \sqrt{\frac{1}{D} \sum_{j} (X_{nj} - M_n)^2 + \varepsilon} \qquad
# H_{nj} = \frac{X_{nj} - M_n}{S_n} .
# $$
#
# Then every feature gets a size and a place of its own again, which are learned, like weights:
#
# $$
# Y_{nj} = H_{nj}\, G_j + B_j .
# $$
#
# ($G$ is for *gain*; it is often called $\gamma$, and $B$ is $\beta$.) By hand, on a row of five numbers that are
# chosen so that everything comes out even, and with $\varepsilon = 0$:
#
# | feature | $0$ | $1$ | $2$ | $3$ | $4$ | |
# |---|:---:|:---:|:---:|:---:|:---:|---|
# | $x$ | $10$ | $2$ | $6$ | $13$ | $4$ | sum $35$, so $m = 7$ |
# | $x - m$ | $3$ | $-5$ | $-1$ | $6$ | $-3$ | sum $0$ |
# | $(x - m)^2$ | $9$ | $25$ | $1$ | $36$ | $9$ | sum $80$, mean $16$, so $s = 4$ |
# | $h$ | $\frac34$ | $-\frac54$ | $-\frac14$ | $\frac32$ | $-\frac34$ | sum $0$, squares: mean $1$ |
#
# Three things can be read off.
#
# - **Add the same number to all five**, and the mean grows by as much: $h$ stays what it was.
# - **Multiply all five by the same positive number**, and deviations grow by this factor, $s$ as well: $h$ stays.
# - **Change one of them**, and *all five* entries of $h$ change, because $m$ and $s$ do.
#
# What is the $\varepsilon$ for? If all numbers of a row are the same, $s$ would be $0$, and nobody divides by that. It
# is usually $10^{-5}$ and can't be seen otherwise. It stands *inside* the root.
#
# In the arrays, $M$ and $S$ keep their axis, so that they go with $X$: they have the shape $(N, 1)$.

# %%
def forward_by_rows(X,G,B,eps):
    """Layer normalisation: the quantities M (N,1), S (N,1), H (N,D), Y (N,D)."""
    M = X.mean(axis=1,keepdims=True)
    S = numpy.sqrt(((X-M)**2).mean(axis=1,keepdims=True)+eps)
    H = (X-M)/S
    return M,S,H,H*G+B

M,S,H,Y = forward_by_rows(numpy.array([[10.0,2.0,6.0,13.0,4.0]]),1.0,0.0,0.0)
print("M =",M,"  S =",S,"  H =",H)

# %% [markdown]
# ## Where a row can still go
#
# Rows of three numbers can be drawn. Mean $0$ is one equation, so $h$ lies on a plane through the origin; and that the
# squares have the mean $1$ puts it at the distance $\sqrt{3}$ from there. A plane cuts a sphere in a **circle**. So
# whatever the three numbers of $x$ are, $h$ is a point on this circle. Here are forty rows drawn at random, some with
# large numbers and some with small ones:

# %%
random = numpy.random.default_rng(0)
X = random.standard_normal((40,3))*random.uniform(0.1,9,(40,1))+random.uniform(-9,9,(40,1))
utils.show_circle(forward_by_rows(X,1.0,0.0,0.0)[2],{})

# %% [markdown]
# **In words:** a circle with forty dots, all of them exactly on it. In three directions, a third of a turn from each
# other, stands which of the three features is the largest there. The dots are spread over the whole circle, none is
# inside and none outside.
#
# Now think backward. The error depends on $x$ through the place on this circle alone, and there are two ways to move $x$
# that don't move $h$ at all: *all entries by the same amount*, and *all of them farther from their mean*. A gradient says
# how the error changes in each direction, so in these two it has to be $0$. If one of the ways to the error is forgotten,
# there are arrows that point off the circle. You will see it in a minute.

# %% [markdown]
# ## Three ways
#
# Take the entry $x_j$ of one row, and write $D$ for the number of features. A nudge to it reaches the entry
# $h_i = (x_i - m)/s$ in three ways:
#
# - **directly**, only if it is the entry's own, $i = j$: this alone changes $h_i$ with the slope $\frac{1}{s}$;
# - **through the mean**: $m$ grows with slope $\frac{1}{D}$, and this changes every $h_i$ with the slope
#   $-\frac{1}{s} \cdot \frac{1}{D}$;
# - **through the deviation**: this changes every $h_i$ with the slope $-\frac{x_i - m}{s^2}$ times that of $s$ with
#   respect to $x_j$. What is that? $s^2$ is the mean of squares plus $\varepsilon$, so
#   $2s \cdot \frac{\partial s}{\partial x_j} = \frac{2\,(x_j - m)}{D}$, and the slope is $\frac{h_j}{D}$.
#
# (There seems to be a fourth way: the deviation is made with the mean, and the mean moves, too. But the sum of squares
# around $m$ is smallest just where $m$ is the mean, so a little nudge to $m$ does not change it at all. This way is
# exactly $0$. People have argued about it for years; leaving it out is right, and so is taking it along.)
#
# Try it on the row above: raise $x_3 = 13$ by $0.1$, so that $m$ grows by $0.02$. The deviation grows by about
# $\frac{h_3}{5} \cdot 0.1 = 0.03$. What becomes of $h_1 = -\frac54$? Through the mean it changes by
# $-\frac{1}{4} \cdot 0.02 = -0.005$, through the deviation by $+\frac{5}{16} \cdot 0.03 \approx +0.0094$, and directly
# not at all, as it is another entry.
#
# Somebody hands you $\mathrm{D}H$, the gradient of some error with respect to $H$. The chain rule asks, as ever, which
# entries of $H$ a given $x_j$ touches, and how strongly:
#
# $$
# \mathrm{D}x_j = \sum_i \mathrm{D}h_i\, \frac{\partial h_i}{\partial x_j} .
# $$
#
# A $D \times D$ matrix for each row isn't needed. Put the three kinds of slopes into the sum, and see which parts of it
# are *the same for all* $j$. They are two numbers a row.
#
# And the rest is one line each. $Y = H \circ G + B$ is a product and a sum, entry by entry. One thing to remember:
# $G_j$ and $B_j$ are used in **every** row, so every row has a share in their gradients. Is that a sum or a mean? If
# there is a mean in the error, its $\frac1N$ is in $\mathrm{D}Y$ already.

# %% [markdown]
# ## Exercise 1 (10 P): layer normalisation
#
# Write `exercise1(X,G,B,eps,M,S,H,DY)`. It is given all quantities of the forward pass and the gradient with respect
# to $Y$, and returns four things, `(DH, DX, DG, DB)`:
#
# - `DH`, the gradient with respect to the normalised rows, of shape $(N, D)$ (1 P);
# - `DX`, the gradient with respect to what came in, of shape $(N, D)$ (6 P);
# - `DG` and `DB`, of shape $(D{,})$ (2 P and 1 P).
#
# It should be right for *any* `DY`, any $N$ (also $1$) and any $D$ from $3$ on. Use NumPy and your own formulas, no
# automatic differentiation.

# %% solution="exercise1"
def exercise1(X,G,B,eps,M,S,H,DY):
    """The gradient of an error through a layer normalisation.

    X        array of shape (N,D), float64: rows are normalised
    G, B     arrays of shape (D,): the factor and the term of every feature
    eps      a number, which is added to the variance
    M, S     arrays of shape (N,1): the mean and the deviation (with eps in the root) of every row
    H        array of shape (N,D): (X-M)/S
    DY       array of shape (N,D): the gradient of the error with respect to Y = H*G+B
    returns  (DH, DX, DG, DB): arrays in the shapes of H, X, G, B
    """
    ### BEGIN SOLUTION
    DH = DY*G
    along_mean = DH.mean(axis=1,keepdims=True)          # the same for all j
    along_H = (DH*H).mean(axis=1,keepdims=True)
    DX = (DH-along_mean-H*along_H)/S
    return DH,DX,(DY*H).sum(axis=0),DY.sum(axis=0)
    ### END SOLUTION
    raise NotImplementedError("exercise1")

# %% [markdown]
# On the row above, with a gradient that is chosen so that it comes out even, `DH` should be $6, -1, 5, 8, 2$, and
# `16*DX` should be $-1, -5, 7, -2, 1$:

# %%
with utils.attempt("exercise1"):
    X = numpy.array([[10.0,2.0,6.0,13.0,4.0]])
    G,B = numpy.array([1.5,0.5,2.5,1.6,0.8]),numpy.zeros(5)
    M,S,H,Y = forward_by_rows(X,G,B,0.0)
    DH,DX,DG,DB = exercise1(X,G,B,0.0,M,S,H,numpy.array([[4.0,-2.0,2.0,5.0,2.5]]))
    print("DH    =",DH)
    print("16*DX =",16*DX)

# %% [markdown]
# The two forbidden directions are a test that needs no solution. Whatever `DY` is, each row of `DX` must sum to $0$
# (all by the same amount), and it must be perpendicular to its row of `H` (farther from the mean):

# %%
with utils.attempt("exercise1"):
    random = numpy.random.default_rng(1)
    X,DY = random.standard_normal((2,6,4))
    G,B = numpy.array([0.7,1.6,0.9,1.2]),numpy.zeros(4)
    M,S,H,Y = forward_by_rows(X,G,B,0.0)
    DX = exercise1(X,G,B,0.0,M,S,H,DY)[1]
    print("largest sum of a row:         ",f"{abs(DX.sum(axis=1)).max():.6f}")
    print("largest product with a row H: ",f"{abs((DX*H).sum(axis=1)).max():.6f}")

# %% [markdown]
# ### Check yourself

# %%
utils.check(exercise1)

# %% [markdown]
# Stuck? Take away the `#` and run the cell. Run it again for the next hint: each one tells you a little more than the last.

# %%
# utils.hint("exercise1")

# %% [markdown]
# A slope can also be measured: move one entry a little to both sides, and divide the change of the error by the
# distance. As an error take the sum of all entries of $Y$, each times a number of its own, since then these numbers are
# `DY`. (They must not be all alike. The plain sum of a normalised row is always $0$, and its gradient, too: a test with
# a gradient of ones finds nothing wrong with anything.)

# %%
with utils.attempt("exercise1"):
    random = numpy.random.default_rng(2)
    X,DY = random.standard_normal((2,3,5))
    G,B,eps = random.uniform(0.5,2,5),random.standard_normal(5),0.1
    M,S,H,Y = forward_by_rows(X,G,B,eps)
    DX = exercise1(X,G,B,eps,M,S,H,DY)[1]
    h = 1e-5
    print("entry       yours     measured")
    for n,j in [(0,0),(0,3),(1,4),(2,2)]:
        step = numpy.zeros((3,5))
        step[n,j] = h
        up,down = ((DY*forward_by_rows(X+d,G,B,eps)[3]).sum() for d in (step,-step))
        print(f"X[{n},{j}]  {DX[n,j]:11.8f}  {(up-down)/(2*h):11.8f}")

# %% marks="exercise1"

# %% [markdown]
# ### A look at the three ways
#
# The three ways can be measured one by one. Give the normalisation its $X$ three times: once for itself, once for the
# mean and once for the deviation. Move only one of the three, and hold the other two still:

# %%
def normalised_in_three(X_itself,X_mean,X_deviation):
    """Normalised rows, of which mean and deviation are made from arrays of their own."""
    M = X_mean.mean(axis=1,keepdims=True)
    return (X_itself-M)/X_deviation.std(axis=1,keepdims=True)

def measured_way(way,X,DH,h=1e-5):
    """The slopes of the sum of DH*H by the entries of X, (N,D), along one of three ways: 0, 1, 2."""
    slopes = numpy.zeros(X.shape)
    for place in numpy.ndindex(X.shape):
        ends = []
        for step in (h,-h):
            arrays = [X.copy(),X.copy(),X.copy()]
            arrays[way][place] += step
            ends.append((DH*normalised_in_three(*arrays)).sum())
        slopes[place] = (ends[0]-ends[1])/(2*h)
    return slopes

with utils.attempt("exercise1"):
    random = numpy.random.default_rng(3)
    X,DY = random.standard_normal((2,3,4))
    M,S,H,Y = forward_by_rows(X,numpy.ones(4),numpy.zeros(4),0.0)
    DX = exercise1(X,numpy.ones(4),numpy.zeros(4),0.0,M,S,H,DY)[1]
    names = ("directly","through the mean","through the deviation")
    utils.show_terms({name: measured_way(way,X,DY) for way,name in enumerate(names)},DX,"your DX")

# %% [markdown]
# **In words:** four heat maps of three rows and four columns, with a plus between the first three and an equals sign
# in front of the last, your `DX`. The sums of rows stand beside them. Through the mean, all entries of a row get the
# same, and it takes away just what the first map has too much: its sums are those of the first with the opposite sign.
# Through the deviation, rows sum to $0$; where this map is strong, the row has an entry far from its mean. In `DX` all
# sums are $0$. Entries that are large in the first map are often small in the last.
#
# ### A look at the circle
#
# Rows of three numbers once more, all of which should come near one goal, a point that is not on the circle. Half the squared
# distance is the error of each, and its gradient with respect to $H$ is simply $H$ minus the goal. Each dot has two
# arrows, both for a step *against* a gradient: one against your `DX`, times $S$, and one against what comes out if mean
# and deviation are taken for constants, which is $\mathrm{D}H$ itself:

# %%
turns = numpy.linspace(0,2*numpy.pi,9)[:-1]
place = numpy.sqrt(3)*numpy.array([numpy.cos(turns),numpy.sin(turns)]).T
X = place @ (numpy.array([[-1,1,0],[-1,-1,2]])/numpy.sqrt([[2],[6]]))+numpy.linspace(-2,2,8)[:,None]

with utils.attempt("exercise1"):
    M,S,H,Y = forward_by_rows(X,numpy.ones(3),numpy.zeros(3),0.0)
    DH = H-[-0.3,0.9,1.2]
    DX = exercise1(X,numpy.ones(3),numpy.zeros(3),0.0,M,S,H,DH)[1]
    utils.show_circle(H,{"against yours": -S*DX, "mean and deviation as constants": -DH})

# %% [markdown]
# **In words:** at each of eight dots the solid arrow touches the circle, and leads round it towards the upper right. The
# dashed ones begin at the same dots and all point across the circle, towards one place inside it where no row can be.
# What is left of a dashed arrow, when the part across the circle is taken away, is the solid one. That is all that the
# two extra ways do: they **project** the gradient onto the directions that count.

# %% [markdown]
# ## The same along the other axis
#
# **Batch normalisation** is older. It makes mean and deviation not of a row but of a *column*: each feature is
# normalised over the data points of a batch,
#
# $$
# M_j = \frac1N \sum_n X_{nj} \qquad S_j = \sqrt{\frac1N \sum_n (X_{nj} - M_j)^2 + \varepsilon}
# \qquad H_{nj} = \frac{X_{nj} - M_j}{S_j} \qquad Y_{nj} = H_{nj}\, G_j + B_j .
# $$
#
# $M$ and $S$ now have the shape $(1, D)$. That is what one wants where features have units of their own, such as metres
# and kilograms. Two things are new.
#
# - **Data points know of each other.** The gradient of one row of $X$ depends on all rows of $\mathrm{D}Y$. What becomes
#   of a batch of one? Its mean is the point itself, $H$ is $0$, and so is every gradient behind it. With two points $H$
#   is $1$ and $-1$, whatever they are, and again there is nothing to be learned from them. Batches have to be larger.
# - **$G_j$ is the same for all entries that go into one mean.** In a layer normalisation it is another number for each
#   of them. Which of the two allows you to multiply by $G$ at the very end?

# %%
def forward_by_columns(X,G,B,eps):
    """Batch normalisation in training: the quantities M (1,D), S (1,D), H (N,D), Y (N,D)."""
    M = X.mean(axis=0,keepdims=True)
    S = numpy.sqrt(((X-M)**2).mean(axis=0,keepdims=True)+eps)
    H = (X-M)/S
    return M,S,H,H*G+B

# %% [markdown]
# ## Exercise 2 (9 P): batch normalisation in training
#
# Write `exercise2(X,G,B,eps,M,S,H,RM,RS,DY)`. It returns four things, `(DH, DX, DG, DB)`, in the same shapes as before
# (1 P, 5 P, 2 P, 1 P). `RM` and `RS` are what the layer keeps for the time after training, which the next exercise is
# about: look twice at what you need here. (With these two it would be $RH = (X - RM)/RS$, if a hint speaks of that.)

# %% solution="exercise2"
def exercise2(X,G,B,eps,M,S,H,RM,RS,DY):
    """The gradient of an error through a batch normalisation, in training.

    X        array of shape (N,D), float64: columns are normalised
    G, B     arrays of shape (D,): the factor and the term of every feature
    eps      a number, which is added to the variance
    M, S     arrays of shape (1,D): the mean and the deviation (with eps in the root) of every column
    H        array of shape (N,D): (X-M)/S
    RM, RS   arrays of shape (1,D): a mean and a deviation that are kept for later
    DY       array of shape (N,D): the gradient of the error with respect to Y = H*G+B
    returns  (DH, DX, DG, DB): arrays in the shapes of H, X, G, B
    """
    ### BEGIN SOLUTION
    DH = DY*G
    DG,DB = (DY*H).sum(axis=0),DY.sum(axis=0)
    DX = G*(DY-DB/len(X)-H*DG/len(X))/S                 # G is the same along a column
    return DH,DX,DG,DB
    ### END SOLUTION
    raise NotImplementedError("exercise2")

# %% [markdown]
# The row from the beginning as a column, beside another one. The first column of `DH` and of `16*DX` should be what you
# have seen there, $6, -1, 5, 8, 2$ and $-1, -5, 7, -2, 1$. And as before there are two directions in which the gradient
# has to be $0$, now down the columns:

# %%
with utils.attempt("exercise2"):
    X = numpy.array([[10.0,3.0],[2.0,-8.0],[6.0,1.0],[13.0,-1.0],[4.0,-5.0]])
    DY = numpy.array([[12.0,1.0],[-2.0,-4.0],[10.0,3.0],[16.0,2.0],[4.0,-1.0]])
    G,B,RM,RS = numpy.array([0.5,1.5]),numpy.zeros(2),numpy.array([[6.0,-1.0]]),numpy.array([[5.0,2.5]])
    M,S,H,Y = forward_by_columns(X,G,B,0.0)
    DH,DX,DG,DB = exercise2(X,G,B,0.0,M,S,H,RM,RS,DY)
    print("DH    =",DH[:,0])
    print("16*DX =",16*DX[:,0])
    print("largest sum of a column:        ",f"{abs(DX.sum(axis=0)).max():.6f}")
    print("largest product with a column H:",f"{abs((DX*H).sum(axis=0)).max():.6f}")

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
# ## When training is over
#
# A trained network should answer for a single data point, and its answer should not depend on who else is asking. So a
# batch normalisation keeps a running mean $\bar M$ and a running deviation $\bar S$, averages over the batches it has
# seen in training. Afterwards it uses these in place of the batch's own:
#
# $$
# H_{nj} = \frac{X_{nj} - \bar M_j}{\bar S_j} \qquad Y_{nj} = H_{nj}\, G_j + B_j .
# $$
#
# In code they are `RM` and `RS`, of shape $(1, D)$; the $\varepsilon$ is in `RS` already. A gradient with respect to $X$ is asked
# for in this mode as well: to see which pixels an answer depends on, or when only other layers are trained further. How
# many ways are there from an entry of $X$ to the error now?

# %% [markdown]
# ## Exercise 3 (3 P): batch normalisation in evaluation
#
# Write `exercise3(X,G,B,eps,M,S,RM,RS,DY)`. It returns `(DX, DG)` (2 P and 1 P). `M` and `S` are those of this batch,
# with which it would be $BH = (X - M)/S$ as in training; what $H$ is here you'll make yourself.

# %% solution="exercise3"
def exercise3(X,G,B,eps,M,S,RM,RS,DY):
    """The gradient of an error through a batch normalisation, in evaluation.

    X        array of shape (N,D), float64
    G, B     arrays of shape (D,): the factor and the term of every feature
    eps      a number, which is added to a variance
    M, S     arrays of shape (1,D): the mean and the deviation of the columns of this X
    RM, RS   arrays of shape (1,D): the mean and the deviation that were kept, and are used here
    DY       array of shape (N,D): the gradient of the error with respect to Y = (X-RM)/RS*G+B
    returns  (DX, DG): arrays in the shapes of X and G
    """
    ### BEGIN SOLUTION
    return DY*G/RS,(DY*((X-RM)/RS)).sum(axis=0)
    ### END SOLUTION
    raise NotImplementedError("exercise3")

# %% [markdown]
# On the columns from above, the first column of `10*DX` should be $12, -2, 10, 16, 4$. And a test without any solution:
# no data point knows of another, so the gradients of all together must be those of one at a time.

# %%
with utils.attempt("exercise3"):
    X = numpy.array([[10.0,3.0],[2.0,-8.0],[6.0,1.0],[13.0,-1.0],[4.0,-5.0]])
    DY = numpy.array([[12.0,1.0],[-2.0,-4.0],[10.0,3.0],[16.0,2.0],[4.0,-1.0]])
    G,B,RM,RS = numpy.array([0.5,1.5]),numpy.zeros(2),numpy.array([[6.0,-1.0]]),numpy.array([[5.0,2.5]])
    M,S,H,Y = forward_by_columns(X,G,B,0.0)
    DX,DG = exercise3(X,G,B,0.0,M,S,RM,RS,DY)
    alone = numpy.vstack([exercise3(X[[n]],G,B,0.0,X[[n]],1+0*S,RM,RS,DY[[n]])[0] for n in range(5)])
    print("10*DX =",10*DX[:,0])
    print("one at a time, largest difference:",f"{abs(DX-alone).max():.6f}")

# %% [markdown]
# ### Check yourself

# %%
utils.check(exercise3)

# %% [markdown]
# Stuck? As before:

# %%
# utils.hint("exercise3")

# %% marks="exercise3"

# %% [markdown]
# ## Without the mean
#
# Is the mean needed at all? Many language models leave it out and divide each row by the root of the mean of its
# squares:
#
# $$
# S_n = \sqrt{\frac1D \sum_j X_{nj}^2 + \varepsilon} \qquad H_{nj} = \frac{X_{nj}}{S_n} \qquad Y_{nj} = H_{nj}\, G_j .
# $$
#
# That is a little cheaper and works as well. There is no $B$, either. By hand, $x = (3, 5, -1, 6, -3)$: the squares are
# $9, 25, 1, 36, 9$, their mean is $16$, so $s = 4$ and $h = (\frac34, \frac54, -\frac14, \frac32, -\frac34)$. Its sum is
# $\frac52$ and not $0$.
#
# Rows of three numbers now lie on the whole sphere. Which of the two forbidden directions is still forbidden, which of
# the three ways is gone, and what remains of the slope of $s$?

# %%
def forward_by_squares(X,G,eps):
    """Normalisation by the root of the mean of squares: the quantities S (N,1), H (N,D), Y (N,D)."""
    S = numpy.sqrt((X**2).mean(axis=1,keepdims=True)+eps)
    return S,X/S,X/S*G

# %% [markdown]
# ## Exercise 4 (8 P): normalisation by the root of the mean of squares
#
# Write `exercise4(X,G,eps,S,H,DY)`. It returns three things, `(DH, DX, DG)` (1 P, 5 P, 2 P).

# %% solution="exercise4"
def exercise4(X,G,eps,S,H,DY):
    """The gradient of an error through a normalisation by the root of the mean of squares.

    X        array of shape (N,D), float64: rows are normalised
    G        array of shape (D,): the factor of every feature
    eps      a number, which is added to the mean of the squares
    S        array of shape (N,1): the root of the mean of the squares (with eps in it) of every row
    H        array of shape (N,D): X/S
    DY       array of shape (N,D): the gradient of the error with respect to Y = H*G
    returns  (DH, DX, DG): arrays in the shapes of H, X, G
    """
    ### BEGIN SOLUTION
    DH = DY*G
    DX = (DH-H*(DH*H).mean(axis=1,keepdims=True))/S
    return DH,DX,(DY*H).sum(axis=0)
    ### END SOLUTION
    raise NotImplementedError("exercise4")

# %% [markdown]
# On this row, `DH` should be $6, 1, 5, 8, 2$, and `16*DX` should be $15, -11, 23, 14, 17$. Rows of `DX` don't sum to $0$
# any more, but each is still perpendicular to its row of `X`:

# %%
with utils.attempt("exercise4"):
    X = numpy.array([[3.0,5.0,-1.0,6.0,-3.0]])
    G = numpy.array([1.5,0.5,2.5,1.6,0.8])
    S,H,Y = forward_by_squares(X,G,0.0)
    DH,DX,DG = exercise4(X,G,0.0,S,H,numpy.array([[4.0,2.0,2.0,5.0,2.5]]))
    print("DH    =",DH)
    print("16*DX =",16*DX)
    print("sum of the row:        ",f"{DX.sum():.6f}")
    print("product with the row X:",f"{(DX*X).sum():.6f}")

# %% [markdown]
# ### Check yourself

# %%
utils.check(exercise4)

# %% [markdown]
# Stuck? As before:

# %%
# utils.hint("exercise4")

# %% marks="exercise4"

# %% [markdown]
# A word on mistakes that can't be seen. Suppose that in this exercise somebody uses `DY` for `DH` in one of the two
# terms. Then every entry is wrong, but `DX` as a whole still points nearly the right way: a network trained with it
# learns, only a little worse, and no curve of errors shows it. It has happened in large models. What shows it is a
# comparison of numbers with a gradient that is drawn at random, as your checks do.

# %% [markdown]
# ## It learns
#
# Six layers on handwritten digits of $8 \times 8$ pixels: $64$ inputs, five times $32$ rectified linear units, ten
# classes. (The digits were collected by E. Alpaydin and C. Kaynak and come from the UCI Machine Learning Repository,
# licence CC BY 4.0; `files/digits.txt` says more.) Between the product with the weights and the ReLU of each of the
# five layers stands a normalisation, or none.
#
# Products and ReLU are left to PyTorch, and the normalisation is *yours*: PyTorch takes an operation of one's own as a
# class with two functions, what it computes, and what becomes of a gradient on its way back. This second one calls your
# exercise.

# %%
import torch

class ByRows(torch.autograd.Function):
    """Layer normalisation whose backward pass is exercise1."""

    @staticmethod
    def forward(ctx,X,G,B):
        given = [tensor.detach().numpy() for tensor in (X,G,B)]
        M,S,H,Y = forward_by_rows(*given,1e-5)
        ctx.kept = (*given,1e-5,M,S,H)
        return torch.from_numpy(Y)

    @staticmethod
    def backward(ctx,DY):
        _,*gradients = exercise1(*ctx.kept,DY.numpy())
        return tuple(torch.tensor(gradient) for gradient in gradients)

class ByColumns(torch.autograd.Function):
    """Batch normalisation in training with exercise2 as its backward pass; what it keeps is not used."""

    @staticmethod
    def forward(ctx,X,G,B):
        given = [tensor.detach().numpy() for tensor in (X,G,B)]
        M,S,H,Y = forward_by_columns(*given,1e-5)
        ctx.kept = (*given,1e-5,M,S,H,0*M,1+0*S)
        return torch.from_numpy(Y)

    @staticmethod
    def backward(ctx,DY):
        _,*gradients = exercise2(*ctx.kept,DY.numpy())
        return tuple(torch.tensor(gradient) for gradient in gradients)

# %% [markdown]
# The weights begin as random numbers of a certain *size*. Size $1$ is the one that keeps what goes through a layer as
# large as it is; nobody tells a network beforehand which that is. The first 300 digits are for training, with steps of
# plain gradient descent, and their mean picture is taken away from all of them.

# %%
import functools

def deep_start(size):
    """The parameters of six layers, always the same but for the size of the weights."""
    random = numpy.random.default_rng(0)
    widths = [64,32,32,32,32,32,10]
    W = [size*numpy.sqrt(2/D)*random.standard_normal((D,E)) for D,E in zip(widths[:-1],widths[1:])]
    G,B = [numpy.ones(E) for E in widths[1:]],[numpy.zeros(E) for E in widths[1:]]
    return [[torch.tensor(array,requires_grad=True) for array in arrays] for arrays in (W,G,B)]

def deep_scores(W,G,B,X,norm):
    """The scores of ten classes; norm is an operation with the arguments X, G, B, or None."""
    A = torch.tensor(X)
    for k in range(5):
        Z = A @ W[k]
        A = torch.relu(norm(Z,G[k],B[k]) if norm else Z*G[k]+B[k])
    return A @ W[5]+B[5]

def centred_digits(first,last):
    """Some of the digits, and their classes, less the mean picture of those for training."""
    X,t = utils.getdigits()
    return X[first:last]-X[:300].mean(axis=0),t[first:last]

@functools.cache                       # the cells below ask for the same training, and get it at once
def deep_training(kind,size,steps=60,learning_rate=0.2):
    """Gradient descent: the parameters and the error at each step, of one of the three networks."""
    norm = {"layer normalisation": ByRows.apply, "batch normalisation": ByColumns.apply}.get(kind)
    X,t = centred_digits(0,300)
    W,G,B = deep_start(size)
    parameters,errors = [*W,*G[:5],*B],[]
    for step in range(steps):
        err = torch.nn.functional.cross_entropy(deep_scores(W,G,B,X,norm),torch.tensor(t))
        gradients = torch.autograd.grad(err,parameters)
        with torch.no_grad():
            for parameter,gradient in zip(parameters,gradients):
                parameter -= learning_rate*gradient
        errors.append(err.item())
    return W,G,B,errors

with utils.attempt("exercise1","exercise2"):
    runs = {kind: deep_training(kind,0.3)[3]
            for kind in ("no normalisation","layer normalisation","batch normalisation")}
    for kind,errors in runs.items():
        print(f"{kind:20}  err {errors[0]:.3f} at the first step, {errors[-1]:.3f} at the last")
    utils.show_losses(runs,name="err")

# %% [markdown]
# **In words:** the weights are too small here, $0.3$ of what they should be. Without a normalisation the line stays
# level at $2.3$, which is $\ln 10$, the error of somebody who knows nothing: after six layers hardly anything is left of the
# input, and on the way back hardly anything of the gradient. With your normalisations both lines fall to about $0.03$,
# that of the batch normalisation steadily, that of the layer normalisation with some ups and downs at first.
#
# And how much does the size matter? Here is the error after 60 steps, for weights of sizes from a tenth to ten times
# what they should be:

# %%
sizes = numpy.array([0.1,0.3,1.0,3.0,10.0])

with utils.attempt("exercise1"):
    ends = {kind: [deep_training(kind,size)[3][-1] for size in sizes]
            for kind in ("no normalisation","layer normalisation")}
    across = "size of the weights, as a power of ten"
    utils.show_curves(numpy.log10(sizes),ends,across=across,up="err after 60 steps")

# %% [markdown]
# **In words:** without a normalisation, the solid line, it works at size $1$ alone: on the left it lies at $2.3$, at $1$
# it is nearly $0$, and there it ends, since for larger weights scores and steps grow until the error is no number any
# more. The dashed line of the network with layer normalisations goes through the whole picture. It is nearly $0$ in the
# middle and rises at both ends to about $1$. The reason is the second of the things read off at the beginning: multiply
# the weights by ten, and behind the normalisation nothing has changed. Only the last layer, behind which there is none,
# is still of the wrong size, and large weights are moved little by steps that have stayed as they were.
#
# Last, the digits that were not used for training, one at a time, as they would come in the post. A batch normalisation
# that makes its mean of the batch can't do this: of a single digit it makes zeros. With what was kept it can. Here,
# mean and deviation are simply those of the training digits:

# %%
@functools.cache
def kept_statistics(size):
    """For each of five layers the mean and the deviation (1,32) of what comes in, on training digits."""
    W,G,B,_ = deep_training("batch normalisation",size)
    A,kept = centred_digits(0,300)[0],[]
    for w,g,b in zip(W[:5],G[:5],B[:5]):
        M,S,_,Y = forward_by_columns(A @ w.detach().numpy(),g.detach().numpy(),b.detach().numpy(),1e-5)
        A = numpy.maximum(0,Y)
        kept.append((torch.tensor(M),torch.tensor(S)))
    return kept

with utils.attempt("exercise2"):
    X,t = centred_digits(300,600)
    W,G,B,_ = deep_training("batch normalisation",0.3)
    for name in ("its own mean and deviation","those that were kept"):
        found = []
        for x in X:
            left = iter(kept_statistics(0.3))
            def evaluated(Z,g,b):
                RM,RS = next(left)
                return (Z-RM)/RS*g+b
            norm = ByColumns.apply if name.startswith("its") else evaluated
            found.append(deep_scores(W,G,B,x[None],norm).argmax().item())
        print(f"one digit at a time, with {name}: {(numpy.array(found)==t).mean():.1%} read right")

# %% [markdown]
# With its own mean and deviation, a single digit is answered by the same number whatever it is, and one in ten is right
# by chance. To forget to switch is one of the most frequent mistakes there is, and no error message tells.

# %% [markdown]
# ## What you have learned
#
# - Mean and deviation are made of the numbers themselves, so a gradient comes back on three ways. The two extra ones
#   project it: it must neither shift all entries alike nor stretch them.
# - Which axis the means run along decides what knows of what: the features of a data point, or the data points of a
#   batch. And it decides whether a factor may be taken out of a mean.
# - $G$ and $B$ serve every row, so their gradients are sums over the rows.
# - With statistics that are given, only the direct way is left. The same layer has two derivatives, one for training and
#   one for later.
#
# **Where it goes: transformers.** Every block of a transformer begins with a layer normalisation or with the one
# [Without the mean](#Without-the-mean), and beside it runs a way around it, along which the gradient comes back
# untouched. You will need your first and your last exercise there, just as they are.
#
# **Where it goes: PyTorch.** `torch.nn.LayerNorm`, `torch.nn.BatchNorm1d` and `torch.nn.RMSNorm` are your three layers.
# `model.train()` and `model.eval()` switch between [the batch's own statistics](#The-same-along-the-other-axis) and
# [those that were kept](#When-training-is-over). One trap: for its running variance PyTorch divides by $N-1$, in
# training by $N$.
#
# **And back.** The softmax of *Softmax and cross-entropy* divides by a sum, and its gradient loses what is the same for
# all scores. Here it is the same idea twice: what a line of the forward pass throws away, the backward pass can't ask
# for.
