# %% [markdown]
# # An engine of your own
#
# In the notebooks before this one you wrote backward passes by hand: one for each network, and it had to be written
# again whenever the network changed. PyTorch does without that. It keeps a record of what was computed, and runs back
# through it, whatever it was. In this notebook you build such an *engine* yourself. It will be small, and it will be
# able to train networks.
#
# There are four exercises, 30 points in all:
#
# 1. undoing a broadcast (4 P),
# 2. what each of twelve operations hands back (12 P),
# 3. in which order a gradient runs back through a graph, and what happens where ways meet (6 P),
# 4. the engine: a class whose numbers know where they come from (8 P).
#
# At the end your engine trains a network that tells two moons apart. You need the backward passes of
# *Error backpropagation*; of *Softmax and cross-entropy* you may use the result.
#
# You may run the notebook from top to bottom at any time. Where an exercise isn't written yet, the cells that need it
# say so and the rest goes on.

# %%
import numpy, utils

# %% [markdown]
# ## A gradient is a sum over ways
#
# ![A graph that is read from left to right. The leaves a = 3 and b = −5 lead to c = −15, with the slopes −5 and 3; c and a lead to d = −12, with the slopes 1 and 1; d and c lead to e = 180, with the slopes −15 and −12. Above the nodes, from right to left: at e stands 1, at d −15, at c −15 − 12 = −27, at b −81, and at a 135 − 15 = 120.](files/tape.png)
#
# Five numbers, each but the first two made from others by one small operation: $c = a\,b$, then $d = c + a$, then
# $e = d\,c$. Inside the circles are the values, computed from left to right. On each arrow stands in blue how much
# its right end grows when its left end grows by a little, **as long as everything else stays as it is**: the *local*
# slope. Each of them is known without looking at the rest of the picture. The product $c = a\,b$ grows with $a$ by the
# factor $b = -5$; the sum $d = c + a$ grows as much as $c$ does, so its slopes are $1$.
#
# What we want is something else: how much does the *last* number, $e$, change with each of the others? Those are the
# numbers above the circles, and they are found from right to left:
#
# $$
# \mathrm{D}e = 1, \qquad \mathrm{D}d = -15 \cdot \mathrm{D}e = -15 .
# $$
#
# So far it is the chain rule as you know it. But $c$ has *two* arrows that leave it. Nudge it, and $e$ changes by the
# direct way, with slope $-12$, and through $d$ as well, with slope $1 \cdot (-15)$. Both happen at once:
#
# $$
# \mathrm{D}c = -12 \cdot \mathrm{D}e + 1 \cdot \mathrm{D}d = -12 - 15 = -27 .
# $$
#
# And the same holds for $a$, which is used in $c$ and in $d$: $\mathrm{D}a = -5 \cdot \mathrm{D}c + 1 \cdot \mathrm{D}d = 135 - 15 = 120$.
# Check it with what you know from school: $e = (ab + a)\,ab = a^2 b^2 + a^2 b$, so its derivative with respect to $a$ is
# $2ab^2 + 2ab = 150 - 30 = 120$.
#
# That is all there is to it. **The gradient of a node is a sum with one term for each arrow that leaves it: the
# arrow's slope times the gradient at the arrow's end.** You used it whenever you summed over data points: a bias is
# used once for each of them. Two things easily go wrong, and both are about this sum. It has to be a *sum*: if the
# second term overwrites the first, a way is lost. And it has to be *complete* before it is used: if $\mathrm{D}c$ is
# handed on when only one of its terms has arrived, it is the wrong number.
#
# How many ways are there? From $a$ to $e$ lead three: $a \to c \to d \to e$, $a \to c \to e$, $a \to d \to e$. With
# three nodes more there may be twice as many, and with thirty more a thousand times as many. Nobody walks them one by
# one. At each node, all that arrives is added up **once**, and what is handed on is the sum:

# %%
print("diamonds in a row   nodes   ways from the first to the last   arrows that are followed")
for k in (1,2,10,30):
    print(f"{k:17}   {3*k+1:5}   {2**k:31,}   {4*k:24}")

# %% [markdown]
# (A *diamond* is what you see between $c$ and $e$ and between $a$ and $d$: a way that parts and meets again. In the
# table each diamond has four arrows.) This is why the gradient of a million weights costs little more than the error
# itself.
#
# From numbers to arrays there are only two steps, and each is an exercise. An array that is *broadcast* is used many
# times without saying so. And where a local slope was a number, an operation on arrays has a whole matrix of slopes,
# of which we never want more than its product with a gradient.

# %% [markdown]
# ## Broadcasting uses a number many times
#
# Add an array of shape `(3,)` to one of shape `(2,3)`. NumPy acts as if the first had two equal rows. So each of its
# three numbers is used **twice**, once in every row, and its gradient is a sum of two terms.
#
# By hand: let $Y = A + C$ with $A$ of shape `(3,)`, and let the gradient that comes from above be
#
# $$
# \mathrm{D}Y = \begin{pmatrix} 1 & -3 & 0.5 \\ 2 & 4 & -1 \end{pmatrix}.
# $$
#
# $A_0$ went into $Y_{00}$ and $Y_{10}$, each time with slope $1$, so $\mathrm{D}A_0 = 1 + 2 = 3$. In the same way
# $\mathrm{D}A_1 = -3 + 4 = 1$ and $\mathrm{D}A_2 = 0.5 - 1 = -0.5$.
#
# | shape of $A$ | how it is used in $Y$, of shape `(2,3)` | $\mathrm{D}A$ |
# |---|---|---|
# | `(3,)` | every number in each of the two rows | $(3,\ 1,\ -0.5)$ |
# | `(1,3)` | likewise | $\begin{pmatrix} 3 & 1 & -0.5 \end{pmatrix}$ |
# | `(2,1)` | every number in each of the three columns | $\begin{pmatrix} -1.5 \\ 5 \end{pmatrix}$ |
# | `()`, a single number | everywhere | $3.5$ |
#
# The first two rows differ in nothing but their shape, and that difference is worth a mark. An array that has lost
# its axis of length $1$ still goes with the others, by broadcasting, only along *another* axis: the step
# `A = A - 0.1*DA` with $A$ of shape `(2,1)` and `DA` of shape `(2,)` makes an array of shape `(2,2)`, and no error
# message. So the rule is: **a gradient has the shape of what it is the gradient of**, always, to the last axis.
#
# NumPy matches shapes from the *last* axis on. Where one array has fewer axes than the other, it is repeated along
# the axes in front; where it has length $1$ and the other has not, along that axis.

# %% [markdown]
# ## Exercise 1 (4 P): broadcasting undone
#
# Write `exercise1(DY,shape)`. It is given the gradient `DY` of some $Y = A + C$, and the shape of $A$. It returns
# the gradient of $A$, of exactly that shape. It is tried on four kinds, 1 P each:
#
# | part | shape of `DY` | `shape` |
# |---|---|---|
# | `DA_row` | `(K,R,C)` | `(C,)` |
# | `DA_kept` | `(R,C)` | `(1,C)` |
# | `DA_column` | `(R,C)` | `(R,1)` |
# | `DA_scalar` | `(R,C)` | `()` |
#
# Don't list the cases: write one function that would do for any other, too. If nothing was broadcast, it has nothing
# to do.

# %% solution="exercise1"
def exercise1(DY,shape):
    """The gradient of A in Y = A + C, where A may have been broadcast.

    DY       array, float64: the gradient of Y
    shape    tuple: the shape of A
    returns  array of that shape: the gradient of A
    """
    ### BEGIN SOLUTION
    in_front = tuple(range(DY.ndim-len(shape)))
    DA = DY.sum(axis=in_front)
    repeated = tuple(k for k,size in enumerate(shape) if size == 1 and DA.shape[k] != 1)
    return DA.sum(axis=repeated,keepdims=True)
    ### END SOLUTION
    raise NotImplementedError("exercise1")

# %% [markdown]
# The table from above, with the shapes that come out:

# %%
DY = numpy.array([[1,-3,0.5],[2,4,-1]])

with utils.attempt("exercise1"):
    for shape in [(3,),(1,3),(2,1),(),(2,3)]:
        DA = numpy.asarray(exercise1(DY,shape))
        print(f"{str(shape):7} DA has shape {str(DA.shape):7}",DA.tolist())

# %% [markdown]
# One test needs no solution: whatever the shape, nothing gets lost. All entries of `DA` together sum up to what all
# entries of `DY` sum up to, here $3.5$.
#
# ### Check yourself

# %%
utils.check(exercise1)

# %% [markdown]
# Stuck? Take away the `#` and run the cell. Run it again for the next hint: each one tells you a little more than the last.

# %%
# utils.hint("exercise1")

# %% marks="exercise1"

# %% [markdown]
# ## What an operation hands back
#
# Now the slopes. Take the product of two matrices, $Y = A\,B$. Its local slopes are $\partial Y_{nj} / \partial A_{mi}$,
# a number for every entry of $Y$ and every entry of $A$: four indices. But nearly all of them are zero, and nobody
# asks for them one by one. What comes from above is $\mathrm{D}Y$, a gradient in the shape of $Y$; what is wanted is
# $\mathrm{D}A$, in the shape of $A$. Entry by entry, with the sum over ways:
#
# $$
# (\mathrm{D}A)_{mi} = \sum_{n,j} \mathrm{D}Y_{nj}\, \frac{\partial Y_{nj}}{\partial A_{mi}}
# = \sum_{j} \mathrm{D}Y_{mj}\, B_{ij},
# $$
#
# since $A_{mi}$ enters only row $m$ of $Y$, each time multiplied by an entry of row $i$ of $B$. That is
# $\mathrm{D}Y\, B^\mathsf{T}$, and the matrix of slopes was never built. Such a rule is called the operation's
# **vector-Jacobian product**. An engine has one for each operand of each of its operations, and knows nothing else
# about derivatives.
#
# Four examples by hand, of which you can find the rule yourself. Take $\mathrm{D}Y = 10$ throughout:
#
# | operation | numbers | what is handed back |
# |---|---|---|
# | $Y = A/B$ | $A = 3$, $B = 4$ | $\mathrm{D}A = 10/4 = 2.5$ and $\mathrm{D}B = -10 \cdot 3/16 = -1.875$ |
# | $Y = A^3$ | $A = 5$ | $\mathrm{D}A = 10 \cdot 3 \cdot 25 = 750$ |
# | $Y = \ln A$ | $A = 4$ | $\mathrm{D}A = 2.5$ |
# | $Y = \tanh A$ | $A = 0.5$, $Y \approx 0.4621$ | $\mathrm{D}A = 10\,(1 - Y^2) \approx 7.864$ |
#
# Two operations move numbers and compute nothing. A **sum along an axis** uses each number once, with slope $1$: so
# each gets the gradient of *its* sum. And **take** makes an array of rows of another, by their numbers:
# $Y = A[(1, 0, 1, 1)]$ has four rows, of which three are row $1$ of $A$. Row $1$ is used three times, row $0$ once,
# and row $2$ not at all. What follows for $\mathrm{D}A$ is the sum over ways again. (Beware of `DA[numbers] += DY`:
# NumPy adds the rows of *one* use only. `numpy.add.at(DA,numbers,DY)` adds them all.)
#
# The cell below says what each operation computes. It is the forward side of your engine, and there's nothing in it
# that you don't know.

# %%
FORWARD = {
    "add":    lambda A,B: A+B,
    "sub":    lambda A,B: A-B,
    "mul":    lambda A,B: A*B,
    "div":    lambda A,B: A/B,
    "matmul": lambda A,B: A@B,
    "take":   lambda A,B: A[B],                  # B: the numbers of the rows, whole numbers
    "sum":    lambda A,B: A.sum(axis=B),         # B: the axis, a whole number
    "pow":    lambda A,B: A**B,                  # B: the exponent, a number
    "exp":    lambda A,B: numpy.exp(A),          # these four have no second operand
    "log":    lambda A,B: numpy.log(A),
    "tanh":   lambda A,B: numpy.tanh(A),
    "relu":   lambda A,B: numpy.maximum(0,A),
}

# %% [markdown]
# ## Exercise 2 (12 P): twelve operations
#
# Write `exercise2(op,A,B,Y,DY)`. It is given the name of an operation, its operands, the result `Y` that `FORWARD` has
# for it, and the gradient of the result. It returns **two** things, `(DA, DB)`: the gradients of the
# operands. Where `B` is not an array that could be nudged (an axis, an exponent, the numbers of rows, or nothing at
# all), return `None` in its place.
#
# Each operation is worth 1 P; where it has two operands, half of it for each. The sum counts half for either axis:
# `DA_rows` is its part for axis 1, with a sum for each row, and `DA_columns` that for axis 0.
#
# Nothing is broadcast here: in `add`, `sub`, `mul` and `div` both operands have the shape of the result. (Exercise 1
# sees to the rest, later.) Shapes are a good guide. Write formulas for whole arrays, without loops over rows and columns:
# your engine will call the same function with arrays of any number of axes. Use your own formulas, no automatic
# differentiation. Where `Y` is of use, take it: it has been computed already.

# %% solution="exercise2"
def exercise2(op,A,B,Y,DY):
    """What an operation hands back to its operands: its vector-Jacobian products.

    op       "add", "sub", "mul", "div", "matmul", "take", "sum", "pow", "exp", "log", "tanh" or "relu"
    A        array, float64
    B        array, float64, of the shape of A ("matmul": of another); "take": numbers of rows, an array
             of whole numbers; "sum": the axis, 0 or 1; "pow": the exponent; else 0, and of no use
    Y        array: the result
    DY       array of the shape of Y: the gradient of the result
    returns  (DA, DB): the gradients of A and B, each in its shape; DB is None where B holds no floats
    """
    ### BEGIN SOLUTION
    if op == "add":
        return DY,DY
    if op == "sub":
        return DY,-DY
    if op == "mul":
        return DY*B,DY*A
    if op == "div":
        return DY/B,-DY*Y/B
    if op == "matmul":
        return DY@B.T,A.T@DY
    if op == "take":
        DA = numpy.zeros_like(A)
        numpy.add.at(DA,B,DY)
        return DA,None
    if op == "sum":
        return numpy.broadcast_to(numpy.expand_dims(DY,B),A.shape),None
    slopes = {"pow":  lambda: B*A**(B-1),
              "exp":  lambda: Y,
              "log":  lambda: 1/A,
              "tanh": lambda: 1-Y**2,
              "relu": lambda: A>0}
    return DY*slopes[op](),None
    ### END SOLUTION
    raise NotImplementedError("exercise2")

# %% [markdown]
# The four examples from the table, and the rows that were taken. You should see $2.5$ and $-1.875$, $750$, $2.5$,
# $7.864$, and three rows of which the last is zero.

# %%
def tried(op,A,B=0):
    """What exercise2 gives for single numbers, with DY = 10."""
    A = numpy.array([[float(A)]])
    B = numpy.array([[float(B)]]) if op == "div" else B
    DA,DB = exercise2(op,A,B,FORWARD[op](A,B),numpy.array([[10.0]]))
    return [float(D[0,0]) for D in (DA,DB) if D is not None]

with utils.attempt("exercise2"):
    print(tried("div",3,4),tried("pow",5,3),tried("log",4),tried("tanh",0.5))
    A = numpy.array([[3.0,0.5],[-2.5,1.5],[1.0,4.0]])
    rows = numpy.array([1,0,1,1])
    print(exercise2("take",A,rows,A[rows],numpy.array([[1.0,-3],[2,4],[0.5,-1],[3,0.5]]))[0])

# %% [markdown]
# A slope can always be measured. For an operation on arrays that takes a trick: weigh the entries of $Y$ with
# $\mathrm{D}Y$ and sum them up. That is a single number, and its gradient is just what your function returns. Here is
# the whole list, measured at one entry of $A$ and, where there is one, of $B$:

# %%
def weighed(op,A,B,DY):
    return (FORWARD[op](A,B)*DY).sum()

def nudged(array,step):
    array = array.copy()
    array[1,0] += step
    return array

random = numpy.random.default_rng(3)
second = {"take": numpy.array([1,0,1,1]), "sum": 1, "pow": 3}

with utils.attempt("exercise2"):
    h = 1e-6
    print("operation    yours     measured")
    for op in FORWARD:
        A = random.uniform(0.3,1.5,(2,3))
        B = second.get(op,random.uniform(0.3,1.5,(3,4) if op == "matmul" else (2,3)))
        Y = FORWARD[op](A,B)
        DY = random.standard_normal(Y.shape)
        DA,DB = exercise2(op,A,B,Y,DY)
        slope = (weighed(op,nudged(A,h),B,DY)-weighed(op,nudged(A,-h),B,DY))/(2*h)
        print(f"{op:6} DA  {DA[1,0]:10.6f}  {slope:10.6f}")
        if DB is not None:
            slope = (weighed(op,A,nudged(B,h),DY)-weighed(op,A,nudged(B,-h),DY))/(2*h)
            print(f"       DB  {DB[1,0]:10.6f}  {slope:10.6f}")

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
# ## In which order?
#
# Back to the graph of numbers. It is written down as two arrays with a row for each node, in the order in which the
# nodes were computed: such a record is called a **tape**. `parents` holds the numbers of the nodes that a node was
# computed from, at most two, and $-1$ where there is none. `slopes` holds the local slopes that stand on the arrows.
# For the graph of the beginning, with $a, b, c, d, e$ as nodes $0$ to $4$:
#
# | node | `parents` | `slopes` |
# |---|---|---|
# | $0$: $a = 3$ | $-1, -1$ | |
# | $1$: $b = -5$ | $-1, -1$ | |
# | $2$: $c = a\,b$ | $0, 1$ | $-5, 3$ |
# | $3$: $d = c + a$ | $2, 0$ | $1, 1$ |
# | $4$: $e = d\,c$ | $3, 2$ | $-15, -12$ |
#
# Node $2$ may hand on its gradient when nodes $3$ *and* $4$ have handed on theirs. Do you see an order in which that
# is always so, whatever the graph? (Which nodes can use a node: those before it on the tape, or those behind it?)
#
# Three things can happen on a tape that don't happen in the graph above. A node may be used twice *by the same* node:
# $x \cdot x$ has the parents $x$ and $x$, and its slope with respect to $x$ is not $x$ but $2x$. A node may be used by others that
# lead nowhere: the last node does not depend on them, and they have the gradient $0$. And the last node need not
# be the error itself but something in the middle of a larger computation: then its gradient is not $1$, but comes
# from outside.

# %% [markdown]
# ## Exercise 3 (6 P): the backward sweep
#
# Write `exercise3(parents,slopes,seed)`. It returns the gradients of all nodes, an array of shape `(n,)`; that of the
# last node is `seed`. It is tried on graphs of four kinds, 1.5 P each:
#
# | part | the graphs |
# |---|---|
# | `chain` | one node behind the other |
# | `diamond` | ways that part and meet again, several times in a row |
# | `thrice` | a leaf that is used three times, twice of these by the same node |
# | `unreached` | with a branch that the last node does not depend on, and a leaf that nothing uses |
#
# Each node should be visited once. (A function that calls itself for every *way* may be right, too, but there are
# graphs on which it would run until the sun goes out: see the table in
# [A gradient is a sum over ways](#A-gradient-is-a-sum-over-ways).)

# %% solution="exercise3"
def exercise3(parents,slopes,seed):
    """The gradients of all nodes of a graph of numbers.

    parents  array of shape (n,2), int64: which nodes each node was computed from, -1 for none;
             they always stand in front of it
    slopes   array of shape (n,2), float64: the derivative of each node by each of these, 0 for none
    seed     a number: the gradient of the last node
    returns  array of shape (n,): the gradient of every node
    """
    ### BEGIN SOLUTION
    gradients = numpy.zeros(len(parents))
    gradients[-1] = seed
    for node in reversed(range(len(parents))):
        for parent,slope in zip(parents[node],slopes[node]):
            if parent >= 0:
                gradients[parent] += slope*gradients[node]
    return gradients
    ### END SOLUTION
    raise NotImplementedError("exercise3")

# %% [markdown]
# The graph of the beginning. You should see $120$, $-81$, $-27$, $-15$ and $1$; turned round to $-10$, ten times as
# much with the other sign:

# %%
parents = numpy.array([[-1,-1],[-1,-1],[0,1],[2,0],[3,2]])
slopes  = numpy.array([[0.0,0.0],[0.0,0.0],[-5.0,3.0],[1.0,1.0],[-15.0,-12.0]])

with utils.attempt("exercise3"):
    print(exercise3(parents,slopes,1.0))
    print(exercise3(parents,slopes,-10.0))

# %% [markdown]
# One test needs no solution. A tape may be written in another order, as long as each node stands behind those that it
# was computed from: it is the same graph. Then the gradients have to be the same, too, only in other places. Here the
# nodes of two diamonds in a row are numbered in two ways:

# %%
one   = numpy.array([[-1,-1],[0,-1],[0,-1],[1,-1],[3,2],[4,-1],[4,-1],[5,-1],[7,6]])
order = [0,2,1,3,4,6,5,7,8]                 # the second tape begins with nodes 0, 2, 1, 3, … of the first
other = numpy.array([[order.index(p) if p >= 0 else -1 for p in one[node]] for node in order])
slope = numpy.where(one >= 0,numpy.array([3.0,-1.0,0.5,4.0,-2.0,2.0,-3.0,2.0,-1.0])[:,None],0)

with utils.attempt("exercise3"):
    first,second_time = exercise3(one,slope,1.0),exercise3(other,slope[order],1.0)
    print("first: ",first)
    print("second:",numpy.array([second_time[order.index(node)] for node in range(9)]))

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
# ### A look at your sweep
#
# The graph of the beginning once more, with *your* gradients. The slider goes through the nodes in the order of the
# sweep, from the last to the first. Above each node stands what arrives there, and its sum:

# %%
with utils.attempt("exercise3"):
    utils.show_tape(parents,slopes,exercise3(parents,slopes,1.0),["a","b","c","d","e"],[3,-5,-15,-12,180])

# %% [markdown]
# **In words:** on the first page only $e$ has a gradient, $1$. Then $d$ gets $-15$ from it, along the one arrow that
# leaves $d$. At $c$ two terms arrive, $-15$ through $d$ and $-12$ directly. On the last page, at $a$, all five nodes
# have theirs: the same numbers as in the figure at the top. If a number of yours is not the sum of what arrives,
# there is a $\neq$ between them: that is where to look.
#
# And two diamonds in a row, in which each way that parts is longer on one side:

# %%
with utils.attempt("exercise3"):
    utils.show_tape(one,slope,exercise3(one,slope,1.0))

# %% [markdown]
# **In words:** nine nodes from left to right. From node $0$ two ways lead to node $4$, one through $1$ and $3$, the
# other through $2$; from there two lead to node $8$ in the same manner. At node $4$ two terms arrive and are added up,
# and only their sum goes on to the left. There are four ways from node $0$ to node $8$, and yet each arrow was
# followed just once.

# %% [markdown]
# ## Numbers that know where they come from
#
# All the pieces are there. What is missing is somebody who writes the tape while you compute. In Python an object can say
# what `+`, `*` or `@` mean for it: `x*y` is `x.__mul__(y)`. So let an object hold an array, and let each operation
# make a *new* object, which holds the result and remembers **the operation and its operands**. Then a formula, just
# as one writes it, leaves its own graph behind:
#
#     x = Tensor([[0.5,-1.5]])
#     e = (x*x + 3).tanh().sum()
#     e.backward()                  # from here on, x.grad is the gradient of e with respect to x
#
# No tape is written here. Each object knows its operands, they know theirs, and so on down to those that nobody
# computed, the leaves. A proper order has to be found from that. Here is one way to think of it: *a node may come
# only behind all of its operands*. To put a node on the list, put its operands on the list first, if they aren't on it
# yet, and then the node itself. Begin with the last node, and you get a list of all nodes it depends on, in an order in
# which they could have been computed. (Where did we have a list like that, and how was it gone through?)
#
# The class below does the part that is only writing: it says for each sign and each method which operation is meant,
# and asks `made` for a new node. A plain number or array in a formula, like the $3$ above, becomes a leaf.

# %%
class Operators:
    """Signs and methods of an engine's nodes. Each of them asks self.made(op,A,B) for a new node."""

    def node(self,other):
        """A node as it is; a number or an array as a leaf."""
        return other if isinstance(other,Operators) else type(self)(other)

    def __add__(self,other):      return self.made("add",self,self.node(other))
    def __radd__(self,other):     return self.made("add",self.node(other),self)
    def __sub__(self,other):      return self.made("sub",self,self.node(other))
    def __rsub__(self,other):     return self.made("sub",self.node(other),self)
    def __mul__(self,other):      return self.made("mul",self,self.node(other))
    def __rmul__(self,other):     return self.made("mul",self.node(other),self)
    def __truediv__(self,other):  return self.made("div",self,self.node(other))
    def __rtruediv__(self,other): return self.made("div",self.node(other),self)
    def __matmul__(self,other):   return self.made("matmul",self,self.node(other))
    def __rmatmul__(self,other):  return self.made("matmul",self.node(other),self)
    def __neg__(self):            return self.made("mul",self,self.node(-1.0))
    def __pow__(self,exponent):   return self.made("pow",self,exponent)

    __array_priority__ = 1000     # so that NumPy leaves array*node and array@node to us

    def exp(self):                return self.made("exp",self)
    def log(self):                return self.made("log",self)
    def tanh(self):               return self.made("tanh",self)
    def relu(self):               return self.made("relu",self)
    def take(self,rows):          return self.made("take",self,rows)

    def sum(self):
        """The sum of all entries: along one axis after the other."""
        found = self
        while found.data.ndim:
            found = found.made("sum",found,0)
        return found

# %% [markdown]
# ## Exercise 4 (8 P): an engine
#
# Write the class `Tensor`. It has three methods:
#
# - `__init__` makes a node. `data` is its array, of floats; `grad` its gradient, zero for now, of the same shape. A
#   leaf is made by `Tensor(data)` alone; for other nodes you may add parameters of your own, as long as they have
#   defaults.
# - `made(op,A,B)` computes an operation, with `FORWARD`, and returns a new node that remembers it. `A` is a node; `B`
#   is one, too, where the operation has two (and otherwise what it was in Exercise 2).
# - `backward()` is called for a node that is a single number. It finds the order, sets the gradient of that number to
#   $1$, and goes back, so that every node it depends on has its gradient in `grad`. For that you have `exercise2`,
#   and `exercise1` for operands that were broadcast.
#
# If `backward()` is called twice, the gradients are the same as after the first time: it begins by setting those of
# all nodes on its list to zero. (PyTorch does it differently: there they add up from call to call, and training a
# network means clearing them at each step. You met that in *Gradient descent*.)
#
# Your class is tried on the graph below. Its leaves are `E`, `W`, `b`, `c`, `g` and `s`, and in it are diamonds in a row, a
# leaf that is used three times, broadcasting, and rows that are taken more than once. (`dead` leads nowhere, and is not
# counted.) Every value is worth 0.125 P and every gradient, `DX` for that of `X`, 0.25 P. A
# mistake in your `exercise2` shows here as well, but costs no more than the gradients that it touches first.
#
#     X = E.take(i)     Z = X @ W         A = Z + b         H = A.tanh()
#     C = c * g         Q = H * C         R = Q + A         U = R.exp()
#     T = U ** 1.5      F = R * R         G = T - s         M = F * G
#     P = M.relu()      J = g.log()       L = P / g         dead = 3 * b
#     O = L * J         S = O.sum()       err = S * s

# %% solution="Tensor"
class Tensor(Operators):
    """An array that knows where it comes from.

    Tensor(data)   makes a leaf; data is kept as an array of floats, with grad, its gradient, beside it
    made(op,A,B)   computes an operation, and returns a new node that remembers it
    backward()     goes back from a node that is a single number, and sets the gradients before it
    """

    def __init__(self,data):
        raise NotImplementedError("Tensor")

    ### BEGIN SOLUTION
    def __init__(self,data,op="",A=None,B=0):
        self.data = numpy.asarray(data,dtype=float)
        self.grad = numpy.zeros_like(self.data)
        self.op,self.A,self.B = op,A,B

    def made(self,op,A,B=0):
        return Tensor(FORWARD[op](A.data,B.data if isinstance(B,Tensor) else B),op,A,B)

    def backward(self):
        ordered,seen = [],set()
        def visit(node):
            if isinstance(node,Tensor) and id(node) not in seen:
                seen.add(id(node))
                visit(node.A)
                visit(node.B)
                ordered.append(node)
        visit(self)

        for node in ordered:
            node.grad = numpy.zeros_like(node.data)
        self.grad = numpy.ones_like(self.data)
        for node in reversed(ordered):
            if node.op:
                B = node.B.data if isinstance(node.B,Tensor) else node.B
                handed = exercise2(node.op,node.A.data,B,node.data,node.grad)
                for operand,gradient in zip((node.A,node.B),handed):
                    if isinstance(operand,Tensor):
                        operand.grad = operand.grad+exercise1(gradient,operand.data.shape)
    ### END SOLUTION

# %% [markdown]
# The graph of the beginning, as a formula. You should see $180$, and then $120$ and $-81$:

# %%
with utils.attempt("exercise1","exercise2","Tensor"):
    a,b = Tensor(3),Tensor(-5)
    c = a*b
    d = c+a
    e = d*c
    e.backward()
    print(e.data,a.grad,b.grad)

# %% [markdown]
# An engine is tested best against a measurement. A formula with broadcasting, a diamond, and rows that are taken
# twice; the slope with respect to two entries of `W`:

# %%
def formula(W):
    """A number, made from an array (3,4)."""
    W = W if isinstance(W,Operators) else Tensor(W)
    H = (W.take(numpy.array([2,0,2]))*numpy.array([[0.5],[-1.0],[1.5]])).tanh()
    return (H*H+H.exp()/(2.5+H)).sum()

with utils.attempt("exercise1","exercise2","Tensor"):
    W = numpy.random.default_rng(4).uniform(-1,1,(3,4))
    leaf = Tensor(W)
    formula(leaf).backward()
    for i,j in [(0,1),(2,3)]:
        step = numpy.zeros((3,4))
        step[i,j] = 1e-6
        measured = (formula(W+step).data-formula(W-step).data)/2e-6
        print(f"W[{i},{j}]   yours {leaf.grad[i,j]:9.6f}   measured {measured:9.6f}")

# %% [markdown]
# ### Softmax and cross-entropy, once more
#
# A whole notebook was about the backward pass of these two lines. With an engine only the forward pass is left to
# write. Try it: there are no marks for it. A sum along each row can be had as a product with a matrix of ones, of shape
# `(C,1)`, and $-\ln P = \ln \sum e^Z - Z$.

# %% solution="cross_entropy_of"
def cross_entropy_of(scores,T):
    """The mean cross-entropy of scores and its gradient, by the engine.

    scores   array of shape (N,C), none of them large
    T        array of shape (N,C): 1 for the right class of each row, else 0
    returns  (err, DZ): a number, and the gradient with respect to the scores, of their shape
    """
    ### BEGIN SOLUTION
    Z = Tensor(scores)
    total = Z.exp()@numpy.ones((T.shape[1],1))
    averaged = ((total.log()-Z)*T).sum()/len(T)
    averaged.backward()
    return averaged.data,Z.grad
    ### END SOLUTION
    raise NotImplementedError("cross_entropy_of")

# %%
with utils.attempt("cross_entropy_of","exercise1","exercise2","Tensor"):
    err,DZ = cross_entropy_of(numpy.log([[1.0,2.0,5.0]]),numpy.array([[0,1,0]]))
    print(f"err = {err:.4f}, and 8 DZ =",8*DZ)

# %% [markdown]
# Do you remember? The error was $\ln 4 \approx 1.3863$, and $8\,\mathrm{D}Z$ was $1, -6, 5$: $P - T$. Nobody has told
# your engine that.
#
# ### Check yourself

# %%
utils.check(Tensor)

# %% [markdown]
# Stuck? As before:

# %%
# utils.hint("Tensor")

# %% marks="Tensor"

# %% [markdown]
# ## It learns
#
# An engine is there to be used. Two moons, hooked into each other: 200 points in the plane, of two kinds.

# %%
def two_moons(count=200):
    """Points (N,2), and their classes (N,1): 1 and -1."""
    random = numpy.random.default_rng(5)
    angle = numpy.pi*random.random(count)
    side = numpy.where(numpy.arange(count)%2,1.0,-1.0)
    points = numpy.column_stack([numpy.cos(angle)*side+0.5*(side<0),numpy.sin(angle)*side+0.25*(side<0)])
    return points+0.08*random.standard_normal((count,2)),side[:,None]

moons,side = two_moons()
utils.show_boundary(moons,side[:,0])

# %% [markdown]
# **In words:** a hundred circles lie along an arch, a hundred triangles along a bowl, and one end of the arch reaches
# into the bowl. No straight line has all circles on one side and all triangles on the other.
#
# The network has one hidden layer of sixteen units with $\tanh$, and gives each point one score: positive for the
# circles. With $t_n = \pm 1$ for the two classes the error is
#
# $$
# \mathrm{err} = \frac{1}{N} \sum_{n=1}^{N} \ln\left(1 + e^{-t_n s_n}\right).
# $$
#
# It is the cross-entropy of two classes whose scores are $s$ and $0$: large where the sign of $s_n$ is wrong, nearly
# $0$ where it is clearly right, and $\ln 2$ where $s_n = 0$. Below is the network, and it is nothing but formulas. There
# is no backward pass in it, and nobody will have to write one.

# %%
def start_of_network():
    """Random weights and zero biases, always the same."""
    random = numpy.random.default_rng(6)
    first,second = random.standard_normal((2,16)),random.standard_normal((16,1))/4
    return [first,numpy.zeros(16),second,numpy.zeros(1)]

def scores_of(points,W1,B1,W2,B2):
    return (points@W1+B1).tanh()@W2+B2

def error_of(scores,side):
    return (1+(-side*scores).exp()).log().sum()/len(side)

def train(steps,learning_rate):
    """Gradient descent on all points at once: parameters, and the error at each step."""
    parameters,errors = start_of_network(),[]
    for step in range(steps):
        leaves = [Tensor(array) for array in parameters]
        error = error_of(scores_of(moons,*leaves),side)
        error.backward()
        parameters = [leaf.data-learning_rate*leaf.grad for leaf in leaves]
        errors.append(float(error.data))
    return parameters,errors

# %% [markdown]
# Before it learns, a look at a gradient. The points themselves are leaves, too, if one asks for it, and then each has
# its own: how would the error change if *this point* were moved? The arrows show the direction in which it would
# fall, against your gradient:

# %%
with utils.attempt("exercise1","exercise2","Tensor"):
    parameters,_ = train(60,1.0)
    points = Tensor(moons)
    error_of(scores_of(points,*map(Tensor,parameters)),side).backward()
    utils.show_boundary(moons,side[:,0],lambda X: scores_of(Tensor(X),*parameters).data[:,0],-points.grad)

# %% [markdown]
# **In words:** after 60 steps the line between the two sides is still nearly straight, and the ends of the moons lie on
# the wrong side of it. The arrows of circles all point to the side of the circles, those of triangles to the other. The longest belong
# to the points on the wrong side and near the line; where a point lies deep on its own side, its arrow is hardly to be
# seen. What the network cannot do is move the points. So it moves the line.

# %%
with utils.attempt("exercise1","exercise2","Tensor"):
    parameters,errors = train(1500,1.0)
    right = numpy.sign(scores_of(Tensor(moons),*parameters).data) == side
    print(f"err {errors[0]:.3f} at first, {errors[-1]:.4f} at the end; "
          f"{right.sum()} of {len(side)} on the right side")
    utils.show_losses({"1500 steps, learning rate 1": errors},name="err")

# %% [markdown]
# **In words:** on the logarithmic scale the error falls from $\ln 2 \approx 0.7$ to less than $0.2$ within some twenty
# steps: so much can be had with a line that is nearly straight. Then it goes on falling, slowly and ever more slowly,
# while the line bends.

# %%
with utils.attempt("exercise1","exercise2","Tensor"):
    parameters,errors = train(1500,1.0)
    utils.show_boundary(moons,side[:,0],lambda X: scores_of(Tensor(X),*parameters).data[:,0])

# %% [markdown]
# **In words:** the line now winds between the moons, once around the end of each. All points lie on their own side.
# Sixteen units and one formula made it, and a gradient that your engine found by itself, fifteen hundred times.

# %% [markdown]
# ## What you have learned
#
# - A gradient is a sum over ways. It is computed without walking them: what arrives at a node is added up, once, and
#   handed on when it is complete.
# - An operation has to know only what it hands back to its operands. Everything else is the same for all.
# - What is broadcast is used many times; its gradient is summed, and has its own shape.
# - An order in which nodes can be computed, turned round, is an order in which gradients can be handed back.
#
# **Where it goes: PyTorch.** `torch.Tensor` is this class. Its `grad_fn` is your `op` with its operands, and
# `loss.backward()` walks the list that you made. `torch.autograd.Function` asks for a `forward` and a `backward`: that
# is one line of `FORWARD` and one case of your `exercise2`. The differences are speed, a great many more operations,
# and that gradients add up from call to call.
#
# **Where it goes: the next notebooks.** Normalisation and attention have backward passes that are worth writing by
# hand, once, to see what flows where. Then each of them is one more operation of your engine, and you may use it
# for good.
#
# **And back.** Put your `exercise3` beside the picture of the network in *Error backpropagation*: the layers are a
# chain, the bias is used once for each data point, and what you wrote there by hand was this sweep, with the order
# chosen by you.
