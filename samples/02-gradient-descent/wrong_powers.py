"""The powers of x are differentiated too, and the constant is forgotten in the Hessian."""
# %% exercise1
def exercise1(theta,x,y):
    a,b,c,d = theta
    r = 2*(a + b*x + c*x**2 + d*x**3 - y)
    Da = numpy.sum(r)
    Db = numpy.sum(r*x)
    Dc = numpy.sum(r*2*x)
    Dd = numpy.sum(r*3*x**2)
    return numpy.array([Da,Db,Dc,Dd])
# %% exercise2
def exercise2(theta,x,y,learning_rate,steps):
    theta = theta.clone().requires_grad_()
    losses = []
    for t in range(steps):
        a,b,c,d = theta
        loss = ((a*x + b*x**2 + c*x**3 + d*x**4 - y)**2).sum()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            theta -= learning_rate*theta.grad
        theta.grad = None
    return theta.detach(), losses
# %% exercise3
def exercise3(x):
    V = numpy.stack([x, x**2, x**3], axis=1)
    return 2/numpy.linalg.eigvalsh(2*V.T @ V).max()
