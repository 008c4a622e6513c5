"""Linear regression: data, model, loss and gradient descent (D2L, chapter 3)."""

import torch
from torch.utils import data

from d2l_shim.training import Sums, means


def synthetic_data(w, b, num_examples):
    """Return noisy examples of a linear model, ``y = Xw + b + noise`` (section 3.2).

    Parameters
    ----------
    w : torch.Tensor
        Weights, shape (inputs,) or (inputs, 1).
    b : float or torch.Tensor
        Bias.
    num_examples : int

    Returns
    -------
    tuple of two torch.Tensor
        X from the standard normal distribution, shape (examples, inputs), and y, shape
        (examples, 1). The noise has a standard deviation of 0.01.
    """
    X = torch.randn(num_examples, len(w))
    y = X @ w.reshape(-1, 1) + b
    return X, y + 0.01 * torch.randn(y.shape)


def load_array(data_arrays, batch_size, is_train=True):
    """Return minibatches of tensors that lie in memory (D2L, section 3.3).

    Parameters
    ----------
    data_arrays : sequence of torch.Tensor
        Such as (X, y); their first axes, the examples, have one length.
    batch_size : int
        Examples in a batch; the last batch holds the rest.
    is_train : bool
        Whether every pass goes through the examples in a new order.

    Returns
    -------
    torch.utils.data.DataLoader
    """
    dataset = data.TensorDataset(*data_arrays)
    return data.DataLoader(dataset, batch_size, shuffle=is_train)


def linreg(X, w, b):
    """Return ``Xw + b``, what linear regression predicts (D2L, section 3.2).

    Parameters
    ----------
    X : torch.Tensor
        Shape (batch, inputs).
    w : torch.Tensor
        Shape (inputs, outputs).
    b : torch.Tensor
        Shape (outputs,).

    Returns
    -------
    torch.Tensor
        Shape (batch, outputs).
    """
    return X @ w + b


def squared_loss(y_hat, y):
    """Return half the squared error of each prediction (D2L, section 3.2).

    Parameters
    ----------
    y_hat, y : torch.Tensor
        Predictions and targets, as many of the one as of the other.

    Returns
    -------
    torch.Tensor
        Of the shape of `y_hat`; neither summed nor averaged.
    """
    return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2


def sgd(params, lr, batch_size):
    """Take one step of minibatch gradient descent, in place (D2L, section 3.2).

    The gradients are set to zero afterwards.

    Parameters
    ----------
    params : iterable of torch.Tensor
        With the gradients of the summed loss in ``.grad``.
    lr : float
        Learning rate.
    batch_size : int
        Examples that the loss was summed over.
    """
    with torch.no_grad():
        for param in params:
            param -= lr / batch_size * param.grad
            param.grad.zero_()


def evaluate_loss(net, data_iter, loss):
    """Return the mean loss of `net` over the data (D2L, section 4.4).

    Parameters
    ----------
    net : callable
        Maps X to predictions.
    data_iter : iterable of (X, y)
    loss : callable
        ``loss(predictions, y)`` gives one number a prediction, or their mean.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        The iterable gives no batch.
    """
    metric = Sums(2)
    with torch.no_grad():
        for X, y in data_iter:
            y_hat = net(X)
            if y_hat.numel() == y.numel():
                y = y.reshape(y_hat.shape)
            metric.add(*_sum_and_count(loss(y_hat, y), len(y)))
    return means(metric)[0]


def _sum_and_count(losses, num_examples):
    """Return the sum of the losses and their number; a mean counts every example."""
    if losses.dim() == 0:
        return losses * num_examples, num_examples
    return losses.sum(), losses.numel()
