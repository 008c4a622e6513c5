"""Minibatches of Fashion-MNIST, and the seed that fixes their order."""

from functools import partial

import torch

from d2l_shim import batches, fashion_mnist
from d2l_shim.resize import interpolation_matrices


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
    make = partial(batches.Batches, place=_place, resize=resize)
    train, test = fashion_mnist.load_limited(batch_size)
    return make(train, batch_size, shuffle=True), make(test, batch_size, shuffle=False)


def _place(resize, image_set, device):
    """As :class:`d2l_shim.batches.Batches` asks for: the data on a ``torch.device``."""
    images = torch.from_numpy(image_set.images).to(device)
    labels = torch.from_numpy(image_set.labels).to(device).long()
    matrices = interpolation_matrices(image_set.images.shape[1:], resize)
    rows, columns = (torch.from_numpy(matrix).to(device) for matrix in matrices)

    def bring(indices):
        return torch.from_numpy(indices).to(device)

    def make(indices):
        X = images[indices].to(torch.float32).div_(255)
        if resize is not None:
            X = rows @ X @ columns
        return X.unsqueeze(1), labels[indices]

    return bring, make
