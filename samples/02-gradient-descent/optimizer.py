"""Right answers, with the optimizer that comes with PyTorch."""
# %% exercise1
def exercise1(theta,x,y):
    powers = x[None,:]**numpy.arange(4)[:,None]
    residual = y - theta.dot(powers)
    return -2*(powers*residual).sum(axis=1)
# %% exercise2
def exercise2(theta,x,y,learning_rate,steps):
    p = torch.nn.Parameter(theta.clone())
    opt = torch.optim.SGD([p], lr=learning_rate)
    losses = []
    for step in range(steps):
        opt.zero_grad()
        y_pred = p[0] + x*(p[1] + x*(p[2] + x*p[3]))
        loss = torch.nn.functional.mse_loss(y_pred, y, reduction='sum')
        loss.backward()
        losses.append(float(loss))
        opt.step()
    return p.data, losses
# %% exercise3
def exercise3(x):
    V = numpy.vander(x, 4)
    s = numpy.linalg.norm(V, 2)     # largest singular value
    return 1/s**2
