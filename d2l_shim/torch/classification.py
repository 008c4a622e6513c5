"""Softmax regression and multilayer perceptrons: training them (D2L, section 3.6)."""

import torch
from torch import nn

from d2l_shim import classification
from d2l_shim.classification import predict_ch3  # noqa: F401  the same everywhere
from d2l_shim.training import Sums, means


def accuracy(y_hat, y):
    """Return how many predictions are right: a number, not a fraction.

    Parameters
    ----------
    y_hat : torch.Tensor
        One score a class, shape (batch, classes), or the predicted classes themselves,
        shape (batch,).
    y : torch.Tensor
        The true classes, shape (batch,).

    Returns
    -------
    float
    """
    return float(num_correct(y_hat, y))


def num_correct(y_hat, y):
    """Return the number of correct predictions as a tensor, where `y_hat` is."""
    if y_hat.dim() > 1 and y_hat.shape[1] > 1:
        y_hat = y_hat.argmax(dim=1)
    return (y_hat.type(y.dtype) == y).sum()


def evaluate_accuracy(net, data_iter):
    """Return the fraction of examples that `net` classifies correctly, in [0, 1].

    Parameters
    ----------
    net : callable or torch.nn.Module
        Maps X to one score a class, shape (batch, classes). A module is put in
        evaluation mode.
    data_iter : iterable of (X, y)

    Returns
    -------
    float

    Raises
    ------
    ValueError
        The iterable gives no batch.
    """
    if isinstance(net, nn.Module):
        net.eval()
    metric = Sums(2)
    with torch.no_grad():
        for X, y in data_iter:
            metric.add(num_correct(net(X), y), y.numel())
    return means(metric)[0]


def train_epoch_ch3(net, train_iter, loss, updater):
    """Train `net` for one epoch; return its mean loss and its accuracy meanwhile.

    Parameters
    ----------
    net : callable or torch.nn.Module
        Maps X to one score a class, shape (batch, classes). A module is put in
        training mode.
    train_iter : iterable of (X, y)
    loss : callable
        ``loss(y_hat, y)`` gives one number an example, or their mean.
    updater : torch.optim.Optimizer or callable
        An optimizer steps along the gradient of the mean loss. A function gets the
        batch size after the gradient of the summed loss has been computed, as
        :func:`sgd` expects it.

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
        torch.get_default_device(),
        step=_step(net, loss, updater),
        evaluate=lambda: evaluate_accuracy(net, test_iter),
    )


def _step(net, loss, updater):
    """Return a function that trains on one batch and returns sums over its examples."""

    def step(X, y):
        if isinstance(net, nn.Module):
            net.train()
        y_hat = net(X)
        losses = loss(y_hat, y)
        if isinstance(updater, torch.optim.Optimizer):
            updater.zero_grad()
            losses.mean().backward()
            updater.step()
        else:
            losses.sum().backward()
            updater(len(X))
        mean = losses.detach().mean()
        return mean * y.numel(), num_correct(y_hat.detach(), y), y.numel()

    return step
