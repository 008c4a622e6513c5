"""Minibatches of Fashion-MNIST, and the seed that fixes their order."""

import torch

from d2l_shim import batches, fashion_mnist
from d2l_shim.resize import resize as resize_images


def seed(n):
    """Make what follows reproducible: seed Python, NumPy, PyTorch and the batches.

    Parameters
    ----------
    n : int
    """
    batches.seed_order(n)
    torch.manual_seed(n)


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
        y int64 in 0 to 9, shape (batch,). Training examples come in a new order every
        epoch, test examples always in the order of the file.

    Raises
    ------
    d2l_shim.fashion_mnist.DataError
        There are no data, or they are damaged; the message says what to do.
    """

    def to_tensors(images, labels):
        X = torch.from_numpy(resize_images(images, resize)).unsqueeze(1)
        return X, torch.from_numpy(labels).long()

    train, test = fashion_mnist.load_limited(batch_size)
    return (
        batches.Batches(train, batch_size, shuffle=True, to_tensors=to_tensors),
        batches.Batches(test, batch_size, shuffle=False, to_tensors=to_tensors),
    )
