"""Right answers, but the descent works on the parameters it was given instead of a copy."""
# %% exercise1
def exercise1(theta,x,y):
    V = numpy.vander(x, 4, increasing=True)
    r = V.dot(theta) - y
    return (2*r[:,None]*V).sum(axis=0)
# %% exercise2
def exercise2(theta,x,y,learning_rate,steps):
    theta.requires_grad_()
    losses = []
    for t in range(steps):
        a,b,c,d = theta
        loss = ((a + b*x + c*x**2 + d*x**3 - y)**2).sum()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            theta -= learning_rate*theta.grad
        theta.grad = None
    return theta, losses
# %% exercise3
def exercise3(x):
    V = numpy.vander(x, 4, increasing=True)
    return 2/numpy.linalg.eigvalsh(2*V.T @ V).max()
