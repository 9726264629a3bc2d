# %% [markdown]
# # Gradient descent
#
# In *Error backpropagation* you computed a gradient, and took a single step with it. Here you take thousands.
# A gradient says in which direction a loss grows fastest, so a small step the other way makes the loss smaller. Do
# that again and again, and you have *gradient descent*, the idea by which nearly every network is trained.
#
# To see it clearly we leave the network aside and take a very small model, a cubic with four parameters, which is
# fitted to a sine. There are three exercises, 30 points in all:
#
# 1. the gradient by hand, in NumPy (10 P),
# 2. the descent itself, with PyTorch's automatic differentiation (15 P),
# 3. how large a step may be before the descent turns into a climb (5 P).
#
# You may run the notebook from top to bottom at any time. Where an exercise isn't written yet, the cells that need it
# say so and the rest goes on.

# %%
import numpy, torch, utils

# %% [markdown]
# ## The model and its loss
#
# The data are $N = 2000$ points on a sine,
#
# $$x_n \text{ evenly spaced from } {-\pi} \text{ to } \pi, \qquad y_n = \sin(x_n),$$
#
# and the model is a cubic polynomial in $x$ with the four parameters $\theta = (a, b, c, d)$:
#
# $$\hat y_n = a + b\,x_n + c\,x_n^2 + d\,x_n^3 .$$
#
# The loss adds up the squares of the *residuals* $r_n = \hat y_n - y_n$:
#
# $$L(\theta) = \sum_{n=1}^{N} r_n^2 = \sum_{n=1}^{N} (\hat y_n - y_n)^2 .$$
#
# Mind the difference from the last notebook: there the error was a *mean*, and the mean divided. Here it is a *sum*,
# and nothing is divided by $N$. The gradient is $N$ times as large, so a step along it has to be $N$ times as small.

# %%
x = numpy.linspace(-numpy.pi,numpy.pi,2000)
y = numpy.sin(x)

start = numpy.array([0.36835,-2.04099,-0.06355,0.31885])      # a, b, c, d before the first step

def L(theta,x,y):
    """Sum of the squared errors: theta (4,), x (N,), y (N,) -> a number."""
    a,b,c,d = theta
    return ((a + b*x + c*x**2 + d*x**3 - y)**2).sum()

print("loss at the start:", L(start,x,y))

# %% [markdown]
# We start far away from a good fit:

# %%
utils.show_fit(x,y,start)

# %% [markdown]
# **In words:** the data make one wave, down to $-1$ left of the middle and up to $1$ right of it. The dashed curve of
# our starting parameters does nearly the opposite: it rises to about $2$ where the wave is low, falls to about $-2$
# where it is high, and leaves the data at both ends. The lower panel draws the difference, model minus data.

# %% [markdown]
# ## Exercise 1 (10 P): the gradient by hand
#
# Again we ask what the gradient is a gradient of: of $L$, with respect to $\theta$, with the data held still. So it
# has the shape of $\theta$, four numbers. There is no chain of layers this time, only one step from the parameters to
# the prediction and one from the prediction to the loss. We need the four slopes $\partial L/\partial a$, $\partial L/\partial b$, $\partial L/\partial c$,
# $\partial L/\partial d$. First by hand, on a single data point: let $x = 3$, $y = -1$ and $\theta = (1, 1, 0, 0)$.
# Then
#
# $$\hat y = 1 + 1\cdot 3 = 4, \qquad r = \hat y - y = 5, \qquad L = r^2 = 25 .$$
#
# Now wiggle one parameter at a time by a tiny $\varepsilon$ and watch the loss:
#
# - $a \to 1 + \varepsilon$ makes $\hat y = 4 + \varepsilon$ and
#   $L = (5 + \varepsilon)^2 = 25 + 10\varepsilon + \varepsilon^2$. The slope is $\partial L/\partial a = 10$.
# - $b \to 1 + \varepsilon$ makes $\hat y = 4 + 3\varepsilon$ and
#   $L = (5 + 3\varepsilon)^2 = 25 + 30\varepsilon + 9\varepsilon^2$. The slope is $\partial L/\partial b = 30$, three
#   times as large, because $b$ reaches the prediction through $x = 3$.
#
# What are the slopes for $c$ and $d$? Work them out on paper before you write code, then say the rule for any point
# in one line (it's the chain rule). For many points the loss is a sum, and the derivative of a sum is the sum of the
# derivatives.
#
# **Your task.** Write `exercise1(theta,x,y)`. It returns the gradient of $L$ as an array of shape `(4,)`, in the
# order $a, b, c, d$. Use NumPy and your own formulas, no automatic differentiation; it should work for any number of
# points. Each of the four entries is worth 2.5 P.

# %% solution="exercise1"
def exercise1(theta,x,y):
    """Gradient of the summed squared error, L = sum of (a + b x + c x² + d x³ - y)².

    theta    array of shape (4,), float64: a, b, c, d
    x, y     arrays of shape (N,), float64: the data
    returns  array of shape (4,), float64: dL/da, dL/db, dL/dc, dL/dd
    """
    ### BEGIN SOLUTION
    powers = numpy.array([x**0,x,x**2,x**3])      # (4,N): how the prediction depends on a, b, c, d
    residual = theta @ powers - y                 # (N,)
    gradient = 2 * powers @ residual
    return gradient
    ### END SOLUTION
    raise NotImplementedError("exercise1")

# %% [markdown]
# Try it on the single point from above. The first two numbers should be 10 and 30, the other two what you found on
# paper.

# %%
with utils.attempt("exercise1"):
    print(exercise1(numpy.array([1.0,1.0,0.0,0.0]),numpy.array([3.0]),numpy.array([-1.0])))

# %% [markdown]
# And on all the data. A slope can also be *measured*: move one parameter a little to both sides and divide the change
# of the loss by the distance,
#
# $$\frac{\partial L}{\partial a} \approx \frac{L(a + h) - L(a - h)}{2h} .$$
#
# For most functions this is an approximation. For ours, a quadratic in every parameter, it is exact up to rounding,
# because the $h^2$ terms on the two sides cancel. So the two lines should agree in every digit that is printed.

# %%
with utils.attempt("exercise1"):
    h = 0.01
    slopes = [(L(start+step,x,y) - L(start-step,x,y))/(2*h) for step in h*numpy.eye(4)]
    print("yours   ",exercise1(start,x,y))
    print("measured",numpy.array(slopes))

# %% [markdown]
# ### Check yourself
#
# The same on other data, with as few points as one: the check compares your slopes with the true ones and says which of the four agree.

# %%
utils.check(exercise1)

# %% [markdown]
# Stuck? Take away the `#` and run the cell. Run it again for the next hint.

# %%
# utils.hint("exercise1")

# %% marks="exercise1"

# %% [markdown]
# ## Exercise 2 (15 P): descending with PyTorch
#
# Gradient descent repeats one line. With a *learning rate* $\eta > 0$,
#
# $$\theta_{t+1} = \theta_t - \eta\, \nabla L(\theta_t) .$$
#
# Here is the whole thing by hand for a single data point, $x = 1$ and $y = 3$, from $\theta = (0, 0, 0, 0)$ with
# $\eta = 1/16$. As all powers of $x$ are $1$, all four slopes are equal to $2r$, and the parameters stay equal to
# each other:
#
# | step $t$ | each parameter | prediction $\hat y$ | residual $r$ | loss $r^2$ | each slope $2r$ | each moves by $-2\eta r$ |
# |:---:|:---:|:---:|:---:|:---:|:---:|:---:|
# | 0 | 0 | 0 | −3 | 9 | −6 | +0.375 |
# | 1 | 0.375 | 1.5 | −1.5 | 2.25 | −3 | +0.1875 |
# | 2 | 0.5625 | 2.25 | −0.75 | 0.5625 | −1.5 | +0.09375 |
# | 3 | 0.65625 | 2.625 | −0.375 | 0.140625 | −0.75 | +0.046875 |
#
# Every step halves the residual. (Why a half? Keep the question, it comes back in exercise 3.)
#
# This time PyTorch shall find the slopes, by the record that it keeps (the last section of *Error backpropagation*
# looks at one). What you need of it:
#
# - A tensor with `requires_grad=True` is watched: PyTorch records whatever is computed from it.
# - `loss.backward()` goes back through the record and *adds* the gradient to the `.grad` of every watched tensor.
#
# That it adds, and does not replace, surprises nearly everybody the first time. See it here:

# %%
w = torch.tensor(0.5,requires_grad=True)

error = (w - 3)**2
error.backward()
print(w.grad)       # 2 (w - 3) = -5, as it should be

error = (w - 3)**2
error.backward()
print(w.grad)       # -10: the second gradient was added to the first

w.grad = None       # start afresh
error = (w - 3)**2
error.backward()
print(w.grad)       # -5 again

# %% [markdown]
# So a step of the descent has three parts:
#
# 1. Compute the loss from the current parameters, so that PyTorch can differentiate it, and call `loss.backward()`.
# 2. Change the parameters, inside `with torch.no_grad():`. The step itself is not part of the model, so it must not
#    be recorded. Change them in place, with `-=`; writing `theta = theta - …` there would make a new tensor that
#    nobody watches.
# 3. Set `.grad` to `None`, so that the next gradient starts from nothing.
#
# **Your task.** Write `exercise2(theta,x,y,learning_rate,steps)`: plain gradient descent on $L$, `steps` times. It
# returns two things, `(theta, losses)`:
#
# - `theta`, the parameters after the last update, a tensor of shape `(4,)` (8 P);
# - `losses`, a list of `steps` floats: the loss at each step, *before* its update (7 P). `loss.item()` turns a tensor
#   that holds one number into a float; a list of tensors would keep all the records alive.
#
# All tensors here are in single precision, `torch.float32`. The `theta` that comes in is a plain tensor, not a
# watched one, and it **must not be changed**: neither its numbers nor whether it is watched. Start from a copy
# (`theta.clone()`). Its caller may want to call it again from the same start, as this notebook soon does with other
# learning rates.

# %% solution="exercise2"
def exercise2(theta,x,y,learning_rate,steps):
    """Plain gradient descent on the summed squared error, by automatic differentiation.

    theta          tensor of shape (4,), float32: a, b, c, d at the start; it is not changed
    x, y           tensors of shape (N,), float32: the data
    learning_rate  float
    steps          int: how many updates
    returns        (theta, losses): a tensor of shape (4,), the parameters after the last update,
                   and a list of floats, the loss at each step before its update
    """
    ### BEGIN SOLUTION
    theta = theta.detach().clone().requires_grad_()
    x2,x3 = x**2,x**3                                 # they stay the same, so compute them once
    losses = []
    for t in range(steps):
        a,b,c,d = theta
        loss = ((a + b*x + c*x2 + d*x3 - y)**2).sum()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            theta -= learning_rate*theta.grad
        theta.grad = None
    return theta.detach(),losses
    ### END SOLUTION
    raise NotImplementedError("exercise2")

# %% [markdown]
# First the table above: three steps should give the losses 9, 2.25 and 0.5625, end at 0.65625 four times, and leave
# the start at zero.

# %%
with utils.attempt("exercise2"):
    zero = torch.zeros(4)
    theta,losses = exercise2(zero,torch.tensor([1.0]),torch.tensor([3.0]),1/16,3)
    print("losses:   ",losses)
    print("end:      ",theta.tolist())
    print("the start:",zero.tolist())

# %% [markdown]
# Then the two exercises against each other: one step of exercise 2 must land where the gradient of exercise 1 points
# to. (Single precision carries about seven digits, so expect that many to agree, not all that are printed.)

# %%
x32 = torch.tensor(x,dtype=torch.float32)
y32 = torch.tensor(y,dtype=torch.float32)
start32 = torch.tensor(start,dtype=torch.float32)

with utils.attempt("exercise1"):
    by_hand = start - 1e-6*exercise1(start,x,y)
    with utils.attempt("exercise2"):
        theta,losses = exercise2(start32,x32,y32,1e-6,1)
        print("by exercise 1:",by_hand)
        print("by exercise 2:",theta.numpy(force=True))

# %% [markdown]
# Now the real thing: 2000 steps with the learning rate $10^{-6}$. The homework sheet prints the losses of this very
# run at every hundredth step, and the parameters at its end. Yours should agree to better than $10^{-4}$, relatively;
# the order in which single precision adds things up leaves its traces around $10^{-6}$.

# %%
sheet = [5970.38037109375,3954.881103515625,2620.96875,1738.095458984375,1153.7125244140625,
         766.8773193359375,510.79052734375,341.24688720703125,228.98988342285156,154.65667724609375,
         105.4305419921875,72.8281478881836,51.233089447021484,36.927330017089844,27.449447631835938,
         21.169198989868164,17.00717544555664,14.248553276062012,12.419769287109375,11.207252502441406]

with utils.attempt("exercise2"):
    theta,losses = exercise2(start32,x32,y32,1e-6,2000)
    print("   t    the sheet        yours   relative difference")
    for t,printed in zip(range(99,2000,100),sheet):
        print(f"{t:4}  {printed:11.6f}  {losses[t]:11.6f}   {abs(losses[t]-printed)/printed:.1e}")
    a,b,c,d = theta.tolist()
    print()
    print("the sheet: y = 0.011601 + 0.810427 x + -0.002001 x^2 + -0.086743 x^3")
    print(f"yours:     y = {a:.6f} + {b:.6f} x + {c:.6f} x^2 + {d:.6f} x^3")

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
# ### A look at the fit
#
# How does the curve get from where it was to where it is? Here the 2000 steps are taken in eleven stages, each from
# where the last one ended, and every stage is a page. Turn them with the slider, or let them play.

# %%
with utils.attempt("exercise2"):
    theta,losses,stages = start32,[],{0: start32}
    for steps in [50,50,100,100,100,200,200,200,300,300,400]:
        theta,more = exercise2(theta,x32,y32,1e-6,steps)
        losses += more
        stages[len(losses)] = theta
    utils.show_descent(x,y,stages,losses)
    utils.show_fit(x,y,theta)

# %% [markdown]
# **In words:** once Exercise 2 works, you can turn the pages. From one to the next the dashed cubic, which ran against
# the wave, flattens; at step 600 it is nearly a level line, and from there it grows into the shape of the wave.
# Meanwhile the dot slides down the curve of the loss. The last two pages are hard to tell apart, and yet the
# loss has halved between them.
#
# After 2000 steps the dashed cubic follows the wave closely. The lower panel, model minus data, is much smaller than
# before: a slow ripple between about $-0.15$ and $0.15$ that crosses zero five times and is largest at the two ends.

# %% [markdown]
# ### How far is it from the best?
#
# A cubic is no sine, so the loss cannot reach zero. How small can it get? For a model that is linear in its
# parameters the best ones can be computed at once ("least squares"), without any descent:

# %%
best = numpy.polynomial.polynomial.polyfit(x,y,3)
print(f"the least loss possible: {L(best,x,y):.6f}")

with utils.attempt("exercise2"):
    theta,losses = exercise2(start32,x32,y32,1e-6,2000)
    reached = L(theta.numpy(force=True).astype(float),x,y)
    print(f"reached in 2000 steps:   {reached:.6f}, which is {reached/L(best,x,y) - 1:.0%} above it")

# %%
with utils.attempt("exercise2"):
    theta,losses = exercise2(start32,x32,y32,1e-6,2000)
    utils.show_losses({"learning rate 1e-6": losses},optimum=L(best,x,y))

# %% [markdown]
# **In words:** once Exercise 2 works, you see on a logarithmic scale how the loss falls. It runs almost straight down
# from about $9000$ for the first thousand steps: each step takes away the same *fraction* of it. Then it bends and
# levels out towards the dotted line, the least loss possible, $8.817165$, without having reached it at step 2000.

# %% [markdown]
# ## Exercise 3 (5 P): how large may a step be?
#
# Two thousand steps, and not there yet. Why not take larger ones? Back to the single point, $x = 1$ and $y = 3$. A
# step changes each of the four parameters by $-\eta \cdot 2r$, so the prediction by $-8\eta r$, and the residual
# becomes
#
# $$r - 8\eta\, r = (1 - 8\eta)\, r .$$
#
# That is the half from the table: $1 - 8/16$. Other learning rates give other factors:
#
# | learning rate $\eta$ | factor $1 - 8\eta$ | residuals, step by step |
# |:---:|:---:|:---|
# | 0.0625 | 0.5 | −3, −1.5, −0.75, −0.375, … |
# | 0.2 | −0.6 | −3, 1.8, −1.08, 0.648, … |
# | 0.3 | −1.4 | −3, 4.2, −5.88, 8.232, … |
#
# At $\eta = 0.2$ each step overshoots, and still the residuals shrink. At $\eta = 0.3$ each step overshoots so far
# that it ends worse than it began. Somewhere between lies the limit. For this one point you can tell exactly where:
# do.
#
# With 2000 points nothing new happens, only in four directions at once:
#
# 1. **The loss is a quadratic.** The residuals are linear in $\theta$, so your gradient from exercise 1 is, too.
#    Differentiate it once more and you get the *Hessian*, the $4 \times 4$ matrix of second derivatives
#    $H_{jk} = \partial^2 L / \partial\theta_j\, \partial\theta_k$. Neither $\theta$ nor $y$ is left in it: $H$
#    depends on $x$ alone. It is symmetric.
# 2. **The gradient sees only the error.** Let $\theta^*$ be the parameters of the least loss, and
#    $e_t = \theta_t - \theta^*$ the error after $t$ steps. The gradient is linear and vanishes at $\theta^*$, so
#    $\nabla L(\theta_t) = H e_t$. A step of the descent then reads
#
#    $$e_{t+1} = e_t - \eta\, H e_t .$$
#
# 3. **Along an eigenvector it is one number.** If $e_t$ lies along an eigenvector of $H$, that is
#    $H e_t = \lambda\, e_t$, then
#
#    $$e_{t+1} = (1 - \eta \lambda)\, e_t .$$
#
#    A symmetric matrix has four perpendicular eigenvectors, so every error is a sum of four such parts, and each part
#    goes its own way with its own $\lambda_1 \le \lambda_2 \le \lambda_3 \le \lambda_4$. None of them is negative,
#    since a sum of squares never curves downwards. (Along a direction with $\lambda = 0$ the loss is flat, and there
#    is nothing to be gained or lost.)
#
# The rest is yours. What must hold for the factor $1 - \eta\lambda$, so that a part of the error dies out? It must
# hold for all four at once: which of them breaks it first when $\eta$ grows?
#
# **Your task.** Write `exercise3(x)`. It returns, as a float, the largest learning rate for which gradient descent on
# $L$ converges. It takes $x$ alone, for any number of points. By *largest* we mean the limit itself: with any smaller
# learning rate (above zero) the descent converges, with any larger one it diverges from almost every start.
# `numpy.linalg.eigvalsh` gives the eigenvalues of a symmetric matrix, in ascending order.

# %% solution="exercise3"
def exercise3(x):
    """The largest learning rate for which gradient descent on L converges.

    x        array of shape (N,), float64: where the data points lie
    returns  float: the limit; below it the descent converges, above it it does not
    """
    ### BEGIN SOLUTION
    powers = numpy.array([x**0,x,x**2,x**3])      # (4,N)
    hessian = 2 * powers @ powers.T               # (4,4): the gradient, differentiated once more
    return float(2 / numpy.linalg.eigvalsh(hessian)[-1])
    ### END SOLUTION
    raise NotImplementedError("exercise3")

# %% [markdown]
# Is the first number, up to rounding, the limit that you found by hand for the single point $x = 1$? The second one
# is for all the data; $10^{-6}$ should lie below it, or exercise 2 would have gone wrong.

# %%
with utils.attempt("exercise3"):
    print("a single point at 1:",exercise3(numpy.array([1.0])))
    print("all the data:       ",exercise3(x))

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
# ### Just below and just above
#
# A limit is worth testing from both sides. Here the descent runs three times from the same start: with the learning
# rate from above, then one percent below your limit, then one percent above it.

# %%
with utils.attempt("exercise3"):
    limit = float(exercise3(x))
    with utils.attempt("exercise2"):
        runs = {"learning rate 1e-6":  exercise2(start32,x32,y32,1e-6,600)[1],
                "1 % below the limit": exercise2(start32,x32,y32,0.99*limit,600)[1],
                "1 % above the limit": exercise2(start32,x32,y32,1.01*limit,600)[1]}
        utils.show_losses(runs,optimum=L(best,x,y))

# %% [markdown]
# **In words:** once Exercises 2 and 3 work, you see that all three runs begin by falling. The two near the limit
# (dashed: below; dash-dotted: above) fall side by side, much faster than the solid line of $10^{-6}$. Shortly before
# step 400, the run above the limit turns round and climbs, ever on, by the same factor each step. The run below keeps
# falling towards the dotted line, and is closer to it after 600 steps than $10^{-6}$ was after 2000.
#
# See for how long the run that fails in the end is the best of the three. Our start has next to nothing of its error along the
# one direction that grows; but next to nothing, multiplied at every step by a factor a little larger than one in
# size, becomes everything in the end. A loss that falls is no proof that the learning rate is safe.

# %% [markdown]
# ### Two valleys
#
# What do the four directions look like? Our $x$ lie evenly on both sides of zero, so odd powers of $x$ have nothing to
# do with even ones: two of the four eigenvectors lie in the plane of $b$ and $d$, the other two in the plane of $a$ and
# $c$. In each plane one of them is much more curved than the other, and that makes a valley. The map below shows the
# valley over $b$ and $d$, with $a$ and $c$ held still, and on it the first 30 steps of a descent. It runs at 95 % of
# your limit, from $\theta = (0, 0, 0, 0.3)$, far off in $d$.

# %%
with utils.attempt("exercise3"):
    limit = float(exercise3(x))
    with utils.attempt("exercise2"):
        path = [torch.tensor([0.0,0.0,0.0,0.3])]
        for step in range(30):
            path.append(exercise2(path[-1],x32,y32,0.95*limit,1)[0])
        utils.show_loss_surface(lambda theta: L(theta,x,y),path,
                                directions=([0,1,0,0],[0,0,0,1]),names=("change of b","change of d"))

# %% [markdown]
# **In words:** once Exercises 2 and 3 work, you see the valley from above, in numbers that are counted from the end of
# the path. Its floor, the dark band, runs from left to right, nearly along $b$, and falls very slowly to the right: the
# lowest point lies far outside of the map. Its two sides rise steeply, upward and downward along $d$. The path leaps
# from one side to the other, each time a little less far, since $1 - 0.95 \cdot 2 = -0.9$. (It does so at right angles
# to the floor; the leaps look slanted because the two axes have different scales.) All the while it creeps along the
# floor, and there a step removes only $0.7$ % of what is left. A larger step would leap out of the valley; a smaller
# one would creep more slowly still.
#
# So the sides of this valley set the limit: theirs is the largest of the four eigenvalues, 272 times that of the floor.
# The valley over $a$ and $c$ is not on the map. Its sides are less steep, and its floor is the flattest of the four
# directions, though not by much: its eigenvalue is about five sixths of that of the floor you see.

# %% [markdown]
# ## What you have learned
#
# - The gradient of a sum of squares is a sum of residuals, each weighted by what its parameter does to the
#   prediction. You wrote it down by hand, and measured it.
# - Automatic differentiation gives the same gradient. The loop around it is short, and its three rules
#   (differentiate, change unrecorded, clear) are the same for four parameters and for four billion.
# - How large a step may be is a property of the loss's curvature, and for a quadratic you can compute it.
#
# **Where it goes: conditioning.** Why was the fit still on its way after 2000 steps? The learning rate has to suit
# the most curved direction, the sides of [one valley](#Two-valleys), but the flattest ones, the floors of both, set how
# long it takes: with $\eta = 10^{-6}$ a step removes only about 0.2 % of what is left there. The ratio of the largest to the smallest
# eigenvalue is called the *condition number*; here it is about 325, mostly because $x^3$ is so much larger than $1$
# at the ends of the interval. This is why inputs are scaled before training, and why networks have layers that
# normalise.
#
# **Where it goes: momentum.** Let the steps remember where they were going,
#
# $$v_{t+1} = \mu\, v_t - \eta\, \nabla L(\theta_t), \qquad \theta_{t+1} = \theta_t + v_{t+1},$$
#
# and along the flat directions they gather speed, while the to and fro along the curved ones cancels. At its best the
# number of steps then grows with the *square root* of the condition number: with 18 instead of 325. Two more lines in
# your loop: try it.
#
# **And back.** The error of the network in *Error backpropagation* is no quadratic,
# but near a minimum it looks like one, and what you found here holds there: train with too large a learning rate, and
# it's along the most curved direction that the error grows first.
