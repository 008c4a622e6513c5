"""Softmax regression and multilayer perceptrons: training them (D2L, section 3.6)."""

import mxnet as mx
from mxnet import autograd, gluon

from d2l_shim import classification
from d2l_shim.classification import predict_ch3  # noqa: F401  the same everywhere
from d2l_shim.training import Sums, means


def accuracy(y_hat, y):
    """Return how many predictions are right: a number, not a fraction.

    Parameters
    ----------
    y_hat : mxnet.np.ndarray
        One score a class, shape (batch, classes), or the predicted classes themselves,
        shape (batch,).
    y : mxnet.np.ndarray
        The true classes, shape (batch,).

    Returns
    -------
    float
    """
    if y_hat.ndim > 1 and y_hat.shape[1] > 1:
        y_hat = y_hat.argmax(axis=1)
    return float((y_hat.astype(y.dtype) == y).sum())


def evaluate_accuracy(net, data_iter):
    """Return the fraction of examples that `net` classifies correctly, in [0, 1].

    Parameters
    ----------
    net : callable or mxnet.gluon.Block
        Maps X to one score a class, shape (batch, classes).
    data_iter : iterable of (X, y)

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
        metric.add(accuracy(net(X), y), y.size)
    return means(metric)[0]


def train_epoch_ch3(net, train_iter, loss, updater):
    """Train `net` for one epoch; return its mean loss and its accuracy meanwhile.

    Parameters
    ----------
    net : callable or mxnet.gluon.Block
        Maps X to one score a class, shape (batch, classes).
    train_iter : iterable of (X, y)
    loss : callable
        ``loss(y_hat, y)`` gives one number an example.
    updater : mxnet.gluon.Trainer or callable
        A trainer steps along the gradient of the mean loss. A function gets the batch
        size after the gradient of the summed loss has been computed, as :func:`sgd`
        expects it.

    Returns
    -------
    tuple of two float
        Mean loss an example, and a fraction in [0, 1].

    Raises
    ------
    ValueError
        `train_iter` holds no batch.
    """
    return classification.train_epoch(train_iter, _step(net, loss, updater))


def train_ch3(net, train_iter, test_iter, loss, num_epochs, updater):
    """Train `net` and show curves, a progress bar and a final report.

    Unlike D2L's, this does not fail if the network has learnt too little.

    Parameters
    ----------
    net, train_iter, loss, updater
        As for :func:`train_epoch_ch3`; `train_iter` has a length.
    test_iter : iterable of (X, y)
        Evaluated after each epoch.
    num_epochs : int
        Passes over the training data; the budget may allow fewer and then says so.

    Raises
    ------
    ValueError
        `train_iter` holds no batch.
    """
    classification.train(
        net,
        train_iter,
        num_epochs,
        mx.current_context(),
        step=_step(net, loss, updater),
        evaluate=lambda: evaluate_accuracy(net, test_iter),
    )


def _step(net, loss, updater):
    """Return a function that trains on one batch and returns sums over its examples."""
    update = updater.step if isinstance(updater, gluon.Trainer) else updater

    def step(X, y):
        with autograd.record():
            y_hat = net(X)
            losses = loss(y_hat, y)
        losses.backward()
        update(len(X))
        # float() waits for the batch: MXNet would otherwise queue all in memory.
        return float(losses.mean()) * y.size, accuracy(y_hat, y), y.size

    return step
