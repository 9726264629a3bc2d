"""Right answers, with the matrix of powers."""
# %% exercise1
def exercise1(theta,x,y):
    V = numpy.vander(x, 4, increasing=True)
    r = V @ theta - y
    return 2*V.T @ r
# %% exercise2
def exercise2(theta,x,y,learning_rate,steps):
    theta = theta.clone().requires_grad_(True)
    V = torch.stack([x**0, x, x**2, x**3], dim=1)
    losses = []
    for t in range(steps):
        loss = ((V @ theta - y)**2).sum()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            theta -= learning_rate*theta.grad
            theta.grad = None
    return theta.detach(), losses
# %% exercise3
def exercise3(x):
    V = numpy.vander(x, 4, increasing=True)
    H = 2*V.T @ V
    return 2/numpy.linalg.eigvalsh(H).max()
