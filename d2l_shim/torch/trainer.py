"""Training and evaluating a network with PyTorch (D2L, section 6.6)."""

from contextlib import contextmanager
from itertools import pairwise

import torch
from torch import nn

from d2l_shim import training
from d2l_shim.batches import on
from d2l_shim.torch.classification import num_correct
from d2l_shim.torch.devices import try_gpu
from d2l_shim.training import Sums

PRODUCERS = (nn.Linear, nn.Conv2d, nn.BatchNorm2d)


def evaluate_accuracy_gpu(net, data_iter, device=None):
    """Return the fraction of examples that `net` classifies correctly, in [0, 1].

    Parameters
    ----------
    net : callable or torch.nn.Module
        Maps X to one score a class, shape (batch, classes). A module is put in
        evaluation mode.
    data_iter : iterable of (X, y)
    device : torch.device, optional
        Where to compute; where the parameters of `net` are, without it. A function
        needs it.
    """
    device = device or next(net.parameters()).device
    return _evaluate(net, data_iter, device)[1]


def _evaluate(net, data_iter, device):
    """Return mean cross-entropy and accuracy over `data_iter`, with dropout off."""
    if isinstance(net, nn.Module):
        net.eval()
    loss = nn.CrossEntropyLoss(reduction="sum")
    metric = Sums(3)
    with torch.inference_mode():
        for X, y in data_iter:
            X, y = X.to(device), y.to(device)
            y_hat = net(X)
            metric.add(loss(y_hat, y), num_correct(y_hat, y), len(y))
    return training.means(metric)


def train_ch6(net, train_iter, test_iter, num_epochs, lr, device=None):
    """Train `net` by minibatch SGD on the softmax cross-entropy (D2L, section 6.6).

    Weights of convolutional and fully connected layers start anew from Xavier's uniform
    distribution (Glorot and Bengio, 2010). Curves and a progress bar grow meanwhile.

    Parameters
    ----------
    net : torch.nn.Module
        Maps X to one score a class, without softmax.
    train_iter, test_iter : sized iterable of (X, y)
        As from :func:`load_data_fashion_mnist`.
    num_epochs : int
        Passes over the training data; the budget may allow fewer and then says so.
    lr : float
        Learning rate.
    device : torch.device, optional
        Where to train; ``try_gpu()`` without it.

    Returns
    -------
    d2l_shim.training.History

    Raises
    ------
    ValueError
        `train_iter` holds no batch.
    """
    device = device or try_gpu()
    run = training.TrainingRun(net, train_iter, num_epochs, device)
    net.to(device)
    train_iter, test_iter = on(device, train_iter), on(device, test_iter)
    _make_parameters(net, test_iter, device)
    net.apply(_init_xavier)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    loss = nn.CrossEntropyLoss()
    with _fast(net), run:
        run.begin(*_evaluate(net, test_iter, device))
        for _ in run.epochs():
            net.train()
            for X, y in run.batches(train_iter):
                X, y = X.to(device, non_blocking=True), y.to(device, non_blocking=True)
                optimizer.zero_grad()
                y_hat = net(X)
                batch_loss = loss(y_hat, y)
                batch_loss.backward()
                optimizer.step()
                with torch.no_grad():
                    run.add(batch_loss * len(y), num_correct(y_hat, y), len(y))
            run.end_epoch(*_evaluate(net, test_iter, device))
    return run.history


def run_info(device=None):
    """Return data, versions, machine and date of this run as Turkish text."""
    return training.run_info(f"PyTorch {torch.__version__}", device or try_gpu())


@contextmanager
def _fast(net):
    """Lay `net` out for speed meanwhile; what it computes stays the same.

    Convolutions are faster with the channels last, and an activation that overwrites
    its input saves the memory for its output.
    """
    net.to(memory_format=torch.channels_last)
    activations = list(_overwritable(net))
    for activation in activations:
        activation.inplace = True
    try:
        yield
    finally:
        for activation in activations:
            activation.inplace = False
        net.to(memory_format=torch.contiguous_format)


def _overwritable(net):
    """Yield the activations whose input nothing else can want.

    That is known where the layer before hands it on and does not need it itself.
    """
    for module in net.modules():
        if isinstance(module, nn.Sequential):
            for layer, activation in pairwise(module):
                if type(layer) in PRODUCERS and type(activation) is nn.ReLU:
                    if not activation.inplace:
                        yield activation


def _make_parameters(net, data_iter, device):
    """Let lazy layers make their parameters, which needs the shape of an input."""
    if any(nn.parameter.is_lazy(parameter) for parameter in net.parameters()):
        with torch.no_grad():
            for X, _ in data_iter:
                net.eval()(X[:1].to(device))
                break


def _init_xavier(module):
    if isinstance(module, (nn.Linear, nn.Conv2d)):
        nn.init.xavier_uniform_(module.weight)
