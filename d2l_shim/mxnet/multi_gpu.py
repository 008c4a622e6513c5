"""Training on several GPUs at once, each with its part of the batch (D2L, chapter 12).

``train_ch13`` is D2L's trainer for any loss and optimizer (section 13.1). It works on
one GPU and on the CPU as well.
"""

from mxnet import autograd, gluon

from d2l_shim import classification
from d2l_shim.batches import on
from d2l_shim.mxnet.classification import accuracy
from d2l_shim.mxnet.devices import try_all_gpus
from d2l_shim.training import Sums, means


def split_batch(X, y, devices):
    """Return `X` and `y` in parts of about one size, one part on each device.

    Parameters
    ----------
    X, y : mxnet.np.ndarray
        A minibatch; the first axis of both counts the examples.
    devices : list of mxnet.Context

    Returns
    -------
    tuple of two lists of mxnet.np.ndarray
        The parts of `X` and the parts of `y`: as many as there are devices, or fewer
        if the batch is too small.

    Raises
    ------
    ValueError
        `X` and `y` differ in length.
    """
    if len(X) != len(y):
        raise ValueError(
            f"X'te {len(X)}, y'de {len(y)} örnek var; sayıları eşit olmalı. "
            "İkisini de aynı yığından alın."
        )
    return _scatter(X, devices), _scatter(y, devices)


def _scatter(array, devices):
    devices = devices[: len(array)]
    return gluon.utils.split_and_load(array, devices, even_split=False)


def evaluate_accuracy_gpus(net, data_iter, split_f=split_batch):
    """Return the fraction of examples that `net` classifies correctly, in [0, 1].

    Parameters
    ----------
    net : mxnet.gluon.Block
        Maps X to one score a class. Each device that has its parameters does a part.
    data_iter : iterable of (X, y)
    split_f : callable
        Distributes a batch, as :func:`split_batch` does.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        The iterable gives no batch.
    """
    devices = next(iter(net.collect_params().values())).list_ctx()
    metric = Sums(2)
    for X, y in data_iter:
        X_shards, y_shards = split_f(X, y, devices)
        y_hats = [net(X_shard) for X_shard in X_shards]
        metric.add(_num_correct(y_hats, y_shards), y.size)
    return means(metric)[0]


def _num_correct(y_hats, y_shards):
    return sum(accuracy(*pair) for pair in zip(y_hats, y_shards, strict=True))


def train_batch_ch13(net, X, y, loss, trainer, devices, split_f=split_batch):
    """Train `net` on one minibatch; return summed loss and correct predictions.

    Parameters
    ----------
    net : mxnet.gluon.Block
        Its parameters are on all devices.
    X, y : mxnet.np.ndarray
    loss : callable
        ``loss(y_hat, y)`` gives one number an example.
    trainer : mxnet.gluon.Trainer
        Steps along the gradient of the mean loss. Parameters that the loss does not
        depend on are left as they are.
    devices : list of mxnet.Context
        Each computes the gradient on its part of the batch; the trainer adds them.
    split_f : callable
        Distributes a batch, as :func:`split_batch` does.

    Returns
    -------
    tuple of two float
    """
    X_shards, y_shards = split_f(X, y, devices)
    with autograd.record():
        y_hats = [net(X_shard) for X_shard in X_shards]
        losses = [loss(*pair) for pair in zip(y_hats, y_shards, strict=True)]
    for shard_losses in losses:
        shard_losses.backward()
    trainer.step(len(y), ignore_stale_grad=True)
    loss_sum = sum(float(shard_losses.sum()) for shard_losses in losses)
    return loss_sum, _num_correct(y_hats, y_shards)


def train_ch13(
    net,
    train_iter,
    test_iter,
    loss,
    trainer,
    num_epochs,
    devices=None,
    split_f=split_batch,
):
    """Train `net`, on several devices at once if there are; show curves and a report.

    Parameters
    ----------
    net : mxnet.gluon.Block
        Maps X to one score a class. Its parameters are on all devices.
    train_iter, test_iter : sized iterable of (X, y)
    loss, trainer, split_f
        As for :func:`train_batch_ch13`.
    num_epochs : int
        Passes over the training data; the budget may allow fewer and then says so.
    devices : list of mxnet.Context, optional
        Where to train; ``try_all_gpus()`` without it.

    Raises
    ------
    ValueError
        `train_iter` holds no batch.
    """
    devices = devices or try_all_gpus()
    train_iter, test_iter = on(devices[0], train_iter), on(devices[0], test_iter)

    def step(X, y):
        loss_sum, correct = train_batch_ch13(net, X, y, loss, trainer, devices, split_f)
        # An example may have a label for each pixel: count the fraction that is right.
        return loss_sum, correct * len(y) / y.size, len(y)

    classification.train(
        net,
        train_iter,
        num_epochs,
        ", ".join(map(str, devices)),
        step=step,
        evaluate=lambda: evaluate_accuracy_gpus(net, test_iter, split_f),
    )
