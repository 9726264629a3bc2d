"""Right answers, with loops over the data points and a power iteration."""
# %% exercise1
def exercise1(theta,x,y):
    grad = numpy.zeros(4)
    for n in range(len(x)):
        pred = 0.0
        for k in range(4):
            pred += theta[k]*x[n]**k
        for k in range(4):
            grad[k] += 2*(pred-y[n])*x[n]**k
    return grad
# %% exercise2
def exercise2(theta,x,y,learning_rate,steps):
    losses = torch.zeros(steps)
    for t in range(steps):
        theta = theta.detach().requires_grad_()
        y_pred = sum(theta[k]*x**k for k in range(4))
        loss = torch.sum((y_pred-y)**2)
        grad, = torch.autograd.grad(loss, theta)
        losses[t] = loss.detach()
        theta = theta - learning_rate*grad
    return theta, losses
# %% exercise3
def exercise3(x):
    V = numpy.stack([x**k for k in range(4)]).T
    H = 2*numpy.dot(V.T, V)
    v = numpy.ones(4)
    for i in range(2000):
        v = H @ v
        v = v/numpy.linalg.norm(v)
    return 2/(v @ H @ v)
