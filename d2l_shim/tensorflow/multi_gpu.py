"""Training on several GPUs at once, each with its part of the batch (D2L, chapter 12).

``train_ch13`` is D2L's trainer for any loss and optimizer (section 13.1). It works on
one GPU and on the CPU as well. D2L itself has none of this for TensorFlow; it is here
so that the three frameworks offer the same.
"""

import tensorflow as tf

from d2l_shim import classification
from d2l_shim.batches import on
from d2l_shim.tensorflow.classification import num_correct
from d2l_shim.tensorflow.devices import device_name, try_all_gpus
from d2l_shim.tensorflow.regression import call_loss
from d2l_shim.tensorflow.trainer import evaluate_accuracy_gpu


def split_batch(X, y, devices):
    """Return `X` and `y` in parts of about one size, one part on each device.

    Parameters
    ----------
    X, y : tf.Tensor
        A minibatch; the first axis of both counts the examples.
    devices : list of tf.device contexts

    Returns
    -------
    tuple of two tuples of tf.Tensor
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
    size = -(-len(tensor) // len(devices))
    parts = (tensor[i : i + size] for i in range(0, len(tensor), size))
    pairs = zip(parts, devices, strict=False)
    return tuple(_copy(part, device) for part, device in pairs)


def _copy(tensor, device):
    with device:
        return tf.identity(tensor)


def train_batch_ch13(net, X, y, loss, trainer, devices):
    """Train `net` on one minibatch; return summed loss and correct predictions.

    Parameters
    ----------
    net : tf.keras.Model
    X, y : tf.Tensor
    loss : callable or tf.keras.losses.Loss
        ``loss(y_hat, y)`` gives one number an example; their sum is what the gradient
        is taken of. Of a mean it is the gradient of the mean. A loss of Keras gets
        ``(y, y_hat)``.
    trainer : tf.keras.optimizers.Optimizer
    devices : list of tf.device contexts
        Each computes the gradient on its part of the batch; the gradients are added.

    Returns
    -------
    tuple of two tf.Tensor
        Single numbers.
    """
    parts = zip(*split_batch(X, y, devices), devices, strict=False)
    results = [_on_part(net, *part, loss, len(y)) for part in parts]
    gradients, loss_sums, corrects = zip(*results, strict=True)
    gradients = [tf.add_n(parts) for parts in zip(*gradients, strict=True)]
    trainer.apply_gradients(zip(gradients, net.trainable_variables, strict=True))
    return tf.add_n(loss_sums), tf.add_n(corrects)


def _on_part(net, X, y, device, loss, batch_size):
    """Return the gradients, summed loss and correct predictions of one device."""
    with device:
        with tf.GradientTape() as tape:
            y_hat = net(X, training=True)
            losses = target = call_loss(loss, y_hat, y)
            if losses.shape.rank == 0:  # the parts' means add up to that of the batch
                target = losses * (len(y) / batch_size)
        gradients = tape.gradient(target, net.trainable_variables)
        return gradients, tf.reduce_mean(losses) * len(y), num_correct(y_hat, y)


def train_ch13(net, train_iter, test_iter, loss, trainer, num_epochs, devices=None):
    """Train `net`, on several devices at once if there are; show curves and a report.

    Parameters
    ----------
    net : tf.keras.Model
        Maps X to one score a class.
    train_iter, test_iter : sized iterable of (X, y)
    loss, trainer
        As for :func:`train_batch_ch13`.
    num_epochs : int
        Passes over the training data; the budget may allow fewer and then says so.
    devices : list of tf.device contexts, optional
        Where to train; ``try_all_gpus()`` without it.

    Raises
    ------
    ValueError
        `train_iter` holds no batch.
    """
    devices = devices or try_all_gpus()
    train_iter, test_iter = on(devices[0], train_iter), on(devices[0], test_iter)

    def step(X, y):
        loss_sum, correct = train_batch_ch13(net, X, y, loss, trainer, devices)
        # An example may have a label for each pixel: count the fraction that is right.
        return loss_sum, float(correct) * len(y) / int(tf.size(y)), len(y)

    classification.train(
        net,
        train_iter,
        num_epochs,
        ", ".join(map(device_name, devices)),
        step=step,
        evaluate=lambda: evaluate_accuracy_gpu(net, test_iter, devices[0]),
    )
