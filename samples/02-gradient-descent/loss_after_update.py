"""The losses are recorded after each update instead of before."""
# %% exercise1
def exercise1(theta,x,y):
    V = numpy.array([numpy.ones(len(x)), x, x**2, x**3])
    return 2*V @ (theta @ V - y)
# %% exercise2
def exercise2(theta,x,y,learning_rate,steps):
    def error(p):
        return ((p[0] + p[1]*x + p[2]*x**2 + p[3]*x**3 - y)**2).sum()

    theta = theta.clone().requires_grad_()
    losses = []
    for t in range(steps):
        error(theta).backward()
        with torch.no_grad():
            theta -= learning_rate*theta.grad
            losses.append(error(theta).item())
        theta.grad = None
    return theta.detach(), losses
# %% exercise3
def exercise3(x):
    V = numpy.array([numpy.ones(len(x)), x, x**2, x**3])
    return 2/numpy.linalg.eigvalsh(2*V @ V.T).max()
