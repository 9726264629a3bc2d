"""The factor two is missing, in the gradient and in the Hessian."""
# %% exercise1
def exercise1(theta,x,y):
    V = numpy.vander(x, 4, increasing=True)
    return V.T @ (V @ theta - y)
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
            theta -= learning_rate*theta.grad
        theta.grad.zero_()
    return theta.detach(), losses
# %% exercise3
def exercise3(x):
    V = numpy.vander(x, 4, increasing=True)
    return 2/numpy.linalg.eigvalsh(V.T @ V)[-1]
