"""The squared error is averaged over the data points instead of summed."""
# %% exercise1
def exercise1(theta,x,y):
    a,b,c,d = theta
    r = a + b*x + c*x**2 + d*x**3 - y
    return numpy.array([2*numpy.mean(r*x**k) for k in range(4)])
# %% exercise2
def exercise2(theta,x,y,learning_rate,steps):
    theta = theta.clone().requires_grad_()
    losses = []
    for t in range(steps):
        a,b,c,d = theta
        loss = torch.mean((a + b*x + c*x**2 + d*x**3 - y)**2)
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            theta -= learning_rate*theta.grad
        theta.grad = None
    return theta.detach(), losses
# %% exercise3
def exercise3(x):
    V = numpy.vander(x, 4, increasing=True)
    H = 2*V.T @ V/len(x)
    return 2/numpy.linalg.eigvalsh(H).max()
