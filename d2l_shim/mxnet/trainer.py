"""Training and evaluating a network with MXNet (D2L, section 6.6)."""

import warnings
from collections import deque
from contextlib import contextmanager

import mxnet as mx
from mxnet import autograd, gluon, init
from mxnet.gluon import nn

from d2l_shim import training
from d2l_shim.batches import on
from d2l_shim.mxnet.devices import try_gpu
from d2l_shim.training import Sums

BATCHES_AHEAD = 2


def evaluate_accuracy_gpu(net, data_iter, device=None):
    """Return the fraction of examples that `net` classifies correctly, in [0, 1].

    Parameters
    ----------
    net : mxnet.gluon.Block
        Maps X to one score a class, shape (batch, classes).
    data_iter : iterable of (X, y)
    device : mxnet.Context, optional
        Where to compute; where the parameters of `net` are, without it.
    """
    device = device or next(iter(net.collect_params().values())).list_ctx()[0]
    return _evaluate(net, data_iter, device)[1]


def _evaluate(net, data_iter, device):
    """Return mean cross-entropy and accuracy over `data_iter`, with dropout off."""
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    metric = Sums(3)
    for X, y in data_iter:
        X, y = X.as_in_ctx(device), y.as_in_ctx(device)
        y_hat = net(X)
        # float() waits for the batch: MXNet would otherwise queue all in memory.
        batch_loss = float(loss(y_hat, y).sum())
        metric.add(batch_loss, float(_num_correct(y_hat, y)), len(y))
    return training.means(metric)


def train_ch6(net, train_iter, test_iter, num_epochs, lr, device=None):
    """Train `net` by minibatch SGD on the softmax cross-entropy (D2L, section 6.6).

    Weights of convolutional and fully connected layers start anew from Xavier's uniform
    distribution (Glorot and Bengio, 2010). Curves and a progress bar grow meanwhile.

    Parameters
    ----------
    net : mxnet.gluon.Block
        Maps X to one score a class, without softmax.
    train_iter, test_iter : sized iterable of (X, y)
        As from :func:`load_data_fashion_mnist`.
    num_epochs : int
        Passes over the training data; the budget may allow fewer and then says so.
    lr : float
        Learning rate.
    device : mxnet.Context, optional
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
    net.initialize(init.Xavier(), ctx=device, force_reinit=True)
    optimizer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": lr})
    train_iter, test_iter = on(device, train_iter), on(device, test_iter)
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    with _as_graph(net) as graph, run:
        run.begin(*_evaluate(graph, test_iter, device))
        for _ in run.epochs():
            queue = deque()
            for X, y in run.batches(train_iter):
                X, y = X.as_in_ctx(device), y.as_in_ctx(device)
                with autograd.record():
                    y_hat = graph(X)
                    batch_loss = loss(y_hat, y)
                batch_loss.backward()
                optimizer.step(len(y))
                run.add(batch_loss.sum(), _num_correct(y_hat, y), len(y))
                # MXNet only queues the work: stay a little ahead, not a whole epoch.
                queue.append(batch_loss)
                if len(queue) > BATCHES_AHEAD:
                    queue.popleft().wait_to_read()
            run.end_epoch(*_evaluate(graph, test_iter, device))
    return run.history


def run_info(device=None):
    """Return data, versions, machine and date of this run as Turkish text."""
    return training.run_info(f"MXNet {mx.__version__}", device or try_gpu())


@contextmanager
def _as_graph(net):
    """Give `net` compiled to one graph whose memory is laid out once, if it can be.

    The graph shares its layers and parameters with `net`.
    """
    graph = net
    if type(net) is nn.Sequential and all(map(_is_hybrid, net)):
        graph = nn.HybridSequential()
        graph.add(*net)
    compiled_before = getattr(graph, "_active", False)
    if not compiled_before:
        _hybridize(graph, True)
    try:
        yield graph
    finally:
        if not compiled_before:
            _hybridize(graph, False)


def _hybridize(block, active):
    with warnings.catch_warnings():
        # MXNet would advise the reader to build networks from HybridSequential.
        warnings.simplefilter("ignore")
        block.hybridize(active, static_alloc=True)


def _is_hybrid(block):
    return isinstance(block, gluon.HybridBlock)


def _num_correct(y_hat, y):
    return (y_hat.argmax(axis=1).astype(y.dtype) == y).sum()
