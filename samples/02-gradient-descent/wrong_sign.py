"""The gradient has the wrong sign, and the descent goes uphill."""
# %% exercise1
def exercise1(theta,x,y):
    V = numpy.vander(x, 4, increasing=True)
    return 2*V.T @ (y - V @ theta)
# %% exercise2
def exercise2(theta,x,y,learning_rate,steps):
    theta = theta.clone().requires_grad_()
    losses = []
    for t in range(steps):
        a,b,c,d = theta
        loss = ((a + b*x + c*x**2 + d*x**3 - y)**2).sum()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            theta += learning_rate*theta.grad
        theta.grad = None
    return theta.detach(), losses
# %% exercise3
def exercise3(x):
    V = numpy.vander(x, 4, increasing=True)
    eigenvalues = numpy.linalg.eigvalsh(2*V.T @ V)
    return 2/eigenvalues[-1]
