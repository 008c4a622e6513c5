"""Linear regression: data, model, loss and gradient descent (D2L, chapter 3)."""

import tensorflow as tf

from d2l_shim.training import Sums, means


def synthetic_data(w, b, num_examples):
    """Return noisy examples of a linear model, ``y = Xw + b + noise`` (section 3.2).

    Parameters
    ----------
    w : tf.Tensor
        Weights, shape (inputs,) or (inputs, 1).
    b : float or tf.Tensor
        Bias.
    num_examples : int

    Returns
    -------
    tuple of two tf.Tensor
        X from the standard normal distribution, shape (examples, inputs), and y, shape
        (examples, 1). The noise has a standard deviation of 0.01.
    """
    X = tf.random.normal((num_examples, w.shape[0]))
    y = X @ tf.reshape(w, (-1, 1)) + b
    return X, y + tf.random.normal(y.shape, stddev=0.01)


def load_array(data_arrays, batch_size, is_train=True):
    """Return minibatches of tensors that lie in memory (D2L, section 3.3).

    Parameters
    ----------
    data_arrays : sequence of tf.Tensor
        Such as (X, y); their first axes, the examples, have one length.
    batch_size : int
        Examples in a batch; the last batch holds the rest.
    is_train : bool
        Whether every pass goes through the examples in a new order.

    Returns
    -------
    tf.data.Dataset
    """
    dataset = tf.data.Dataset.from_tensor_slices(tuple(data_arrays))
    if is_train:
        # A buffer smaller than the data set would mix neighbours only.
        dataset = dataset.shuffle(buffer_size=len(dataset))
    return dataset.batch(batch_size)


def linreg(X, w, b):
    """Return ``Xw + b``, what linear regression predicts (D2L, section 3.2).

    Parameters
    ----------
    X : tf.Tensor
        Shape (batch, inputs).
    w : tf.Tensor or tf.Variable
        Shape (inputs, outputs).
    b : tf.Tensor or tf.Variable
        Shape (outputs,).

    Returns
    -------
    tf.Tensor
        Shape (batch, outputs).
    """
    return tf.matmul(X, w) + b


def squared_loss(y_hat, y):
    """Return half the squared error of each prediction (D2L, section 3.2).

    Parameters
    ----------
    y_hat, y : tf.Tensor
        Predictions and targets, as many of the one as of the other.

    Returns
    -------
    tf.Tensor
        Of the shape of `y_hat`; neither summed nor averaged.
    """
    return (y_hat - tf.reshape(y, y_hat.shape)) ** 2 / 2


def sgd(params, grads, lr, batch_size):
    """Take one step of minibatch gradient descent, in place (D2L, section 3.2).

    Parameters
    ----------
    params : iterable of tf.Variable
    grads : iterable of tf.Tensor
        The gradients of the summed loss, one a variable.
    lr : float
        Learning rate.
    batch_size : int
        Examples that the loss was summed over.
    """
    for param, grad in zip(params, grads, strict=True):
        param.assign_sub(lr / batch_size * grad)


def evaluate_loss(net, data_iter, loss):
    """Return the mean loss of `net` over the data (D2L, section 4.4).

    Parameters
    ----------
    net : callable
        Maps X to predictions.
    data_iter : iterable of (X, y)
    loss : callable or tf.keras.losses.Loss
        ``loss(predictions, y)`` gives one number a prediction, or their mean. A loss of
        Keras gets ``(y, predictions)``.

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
        metric.add(*_sum_and_count(call_loss(loss, net(X), y), len(y)))
    return means(metric)[0]


def call_loss(loss, y_hat, y):
    """Return the loss; Keras wants the true values first, D2L's functions last."""
    if isinstance(loss, tf.keras.losses.Loss):
        return loss(y, y_hat)
    return loss(y_hat, y)


def _sum_and_count(losses, num_examples):
    """Return the sum of the losses and their number; a mean counts every example."""
    if losses.shape.rank == 0:
        return losses * num_examples, num_examples
    return tf.reduce_sum(losses), int(tf.size(losses))
