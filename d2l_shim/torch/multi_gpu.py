"""Training on several GPUs at once, each with its part of the batch (D2L, chapter 12).

``train_ch13`` is D2L's trainer for any loss and optimizer (section 13.1). It works on
one GPU and on the CPU as well.
"""

from torch import nn

from d2l_shim import classification
from d2l_shim.batches import on
from d2l_shim.torch.classification import num_correct
from d2l_shim.torch.devices import try_all_gpus
from d2l_shim.torch.trainer import evaluate_accuracy_gpu


def split_batch(X, y, devices):
    """Return `X` and `y` in parts of about one size, one part on each device.

    Parameters
    ----------
    X, y : torch.Tensor
        A minibatch; the first axis of both counts the examples.
    devices : list of torch.device

    Returns
    -------
    tuple of two tuples of torch.Tensor
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


def _scatter(tensor, devices):
    parts = tensor.chunk(len(devices))
    return tuple(part.to(device) for part, device in zip(parts, devices, strict=False))


def train_batch_ch13(net, X, y, loss, trainer, devices):
    """Train `net` on one minibatch; return summed loss and correct predictions.

    Parameters
    ----------
    net : torch.nn.Module
        Its parameters are on the first device. It is put in training mode.
    X, y : torch.Tensor
    loss : callable
        ``loss(y_hat, y)`` gives one number an example; their sum is what the gradient
        is taken of. Of a mean it is the gradient of the mean.
    trainer : torch.optim.Optimizer
    devices : list of torch.device

    Returns
    -------
    tuple of two torch.Tensor
        Single numbers, still on the first device.
    """
    X, y = X.to(devices[0]), y.to(devices[0])
    net.train()
    trainer.zero_grad()
    y_hat = net(X)
    losses = loss(y_hat, y)
    losses.sum().backward()
    trainer.step()
    return losses.detach().mean() * len(y), num_correct(y_hat.detach(), y)


def train_ch13(net, train_iter, test_iter, loss, trainer, num_epochs, devices=None):
    """Train `net`, on several devices at once if there are; show curves and a report.

    Parameters
    ----------
    net : torch.nn.Module
        Maps X to one score a class. It is moved to the first device.
    train_iter, test_iter : sized iterable of (X, y)
    loss, trainer
        As for :func:`train_batch_ch13`.
    num_epochs : int
        Passes over the training data; the budget may allow fewer and then says so.
    devices : list of torch.device, optional
        Where to train; ``try_all_gpus()`` without it.

    Raises
    ------
    ValueError
        `train_iter` holds no batch.
    """
    devices = devices or try_all_gpus()
    net.to(devices[0])
    train_iter, test_iter = on(devices[0], train_iter), on(devices[0], test_iter)
    if len(devices) > 1 and devices[0].type != "cpu":
        net = nn.DataParallel(net, device_ids=devices)

    def step(X, y):
        loss_sum, correct = train_batch_ch13(net, X, y, loss, trainer, devices)
        # An example may have a label for each pixel: count the fraction that is right.
        return loss_sum, correct * (len(y) / y.numel()), len(y)

    classification.train(
        net,
        train_iter,
        num_epochs,
        ", ".join(map(str, devices)),
        step=step,
        evaluate=lambda: evaluate_accuracy_gpu(net, test_iter, devices[0]),
    )
