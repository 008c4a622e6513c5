"""Linear regression: data, model, loss and gradient descent (D2L, chapter 3)."""

from mxnet import gluon, np

from d2l_shim.training import Sums, means


def synthetic_data(w, b, num_examples):
    """Return noisy examples of a linear model, ``y = Xw + b + noise`` (section 3.2).

    Parameters
    ----------
    w : mxnet.np.ndarray
        Weights, shape (inputs,) or (inputs, 1).
    b : float or mxnet.np.ndarray
        Bias.
    num_examples : int

    Returns
    -------
    tuple of two mxnet.np.ndarray
        X from the standard normal distribution, shape (examples, inputs), and y, shape
        (examples, 1). The noise has a standard deviation of 0.01.
    """
    X = np.random.normal(0, 1, (num_examples, len(w)))
    y = np.dot(X, w.reshape(-1, 1)) + b
    return X, y + np.random.normal(0, 0.01, y.shape)


def load_array(data_arrays, batch_size, is_train=True):
    """Return minibatches of arrays that lie in memory (D2L, section 3.3).

    Parameters
    ----------
    data_arrays : sequence of mxnet.np.ndarray
        Such as (X, y); their first axes, the examples, have one length.
    batch_size : int
        Examples in a batch; the last batch holds the rest.
    is_train : bool
        Whether every pass goes through the examples in a new order.

    Returns
    -------
    mxnet.gluon.data.DataLoader
    """
    dataset = gluon.data.ArrayDataset(*data_arrays)
    return gluon.data.DataLoader(dataset, batch_size, shuffle=is_train)


def linreg(X, w, b):
    """Return ``Xw + b``, what linear regression predicts (D2L, section 3.2).

    Parameters
    ----------
    X : mxnet.np.ndarray
        Shape (batch, inputs).
    w : mxnet.np.ndarray
        Shape (inputs, outputs).
    b : mxnet.np.ndarray
        Shape (outputs,).

    Returns
    -------
    mxnet.np.ndarray
        Shape (batch, outputs).
    """
    return np.dot(X, w) + b


def squared_loss(y_hat, y):
    """Return half the squared error of each prediction (D2L, section 3.2).

    Parameters
    ----------
    y_hat, y : mxnet.np.ndarray
        Predictions and targets, as many of the one as of the other.

    Returns
    -------
    mxnet.np.ndarray
        Of the shape of `y_hat`; neither summed nor averaged.
    """
    return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2


def sgd(params, lr, batch_size):
    """Take one step of minibatch gradient descent, in place (D2L, section 3.2).

    Parameters
    ----------
    params : iterable of mxnet.np.ndarray
        With the gradients of the summed loss in ``.grad``.
    lr : float
        Learning rate.
    batch_size : int
        Examples that the loss was summed over.
    """
    for param in params:
        param[:] = param - lr / batch_size * param.grad


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
    for X, y in data_iter:
        metric.add(*_sum_and_count(loss(net(X), y), len(y)))
    return means(metric)[0]


def _sum_and_count(losses, num_examples):
    """Return the sum of the losses and their number; a mean counts every example."""
    if losses.ndim == 0:
        return float(losses) * num_examples, num_examples
    return float(losses.sum()), losses.size
