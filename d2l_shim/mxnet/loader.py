"""Minibatches of Fashion-MNIST, and the seed that fixes their order."""

import mxnet as mx
from mxnet import np

from d2l_shim import batches, fashion_mnist
from d2l_shim.resize import resize as resize_images


def seed(n):
    """Make what follows reproducible: seed Python, NumPy, MXNet and the batches.

    Parameters
    ----------
    n : int
    """
    batches.seed_order(n)
    mx.random.seed(n)


def load_data_fashion_mnist(batch_size, resize=None):
    """Return minibatches of Fashion-MNIST as ``(train_iter, test_iter)``.

    Parameters
    ----------
    batch_size : int
        Examples in a batch; the last batch holds the rest.
    resize : int or (int, int), optional
        Height and width in pixels to enlarge the images to (bilinear); 28 without it.

    Returns
    -------
    tuple of two iterables
        Each gives ``(X, y)``: X float32 in [0, 1], shape (batch, 1, height, width), and
        y int32 in 0 to 9, shape (batch,). Training examples come in a new order every
        epoch, test examples always in the order of the file.

    Raises
    ------
    d2l_shim.fashion_mnist.DataError
        There are no data, or they are damaged; the message says what to do.
    """

    def to_tensors(images, labels):
        X = np.array(resize_images(images, resize)[:, None])
        return X, np.array(labels, dtype="int32")

    train, test = fashion_mnist.load_limited(batch_size)
    return (
        batches.Batches(train, batch_size, shuffle=True, to_tensors=to_tensors),
        batches.Batches(test, batch_size, shuffle=False, to_tensors=to_tensors),
    )
