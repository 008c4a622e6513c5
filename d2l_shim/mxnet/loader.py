"""Minibatches of Fashion-MNIST, and the seed that fixes their order."""

from functools import partial

import mxnet as mx
from mxnet import np

from d2l_shim import batches, fashion_mnist
from d2l_shim.resize import interpolation_matrices
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
    make = partial(batches.Batches, place=_place, resize=resize)
    train, test = fashion_mnist.load_limited(batch_size)
    return make(train, batch_size, shuffle=True), make(test, batch_size, shuffle=False)


def _place(resize, image_set, device):
    """As :class:`d2l_shim.batches.Batches` asks for: the data on an ``mx.Context``."""
    if device is None or device.device_type == "cpu":
        return _in_numpy(resize, image_set)
    return _in_mxnet(resize, image_set, device)


def _in_numpy(resize, image_set):
    """Batches made by NumPy, on a CPU several times as fast as MXNet, not copied."""

    def make(indices):
        X = resize_images(image_set.images[indices], resize)[:, None]
        y = image_set.labels[indices].astype("int32")
        return _share(X), _share(y)

    return lambda indices: indices, make


def _share(array):
    """Return a NumPy array as MXNet's, on the same memory."""
    return mx.nd.from_numpy(array, array_cls=np.ndarray)


def _in_mxnet(resize, image_set, device):
    """Batches made where the data lie."""
    images = np.array(image_set.images, dtype="uint8", ctx=device)
    labels = np.array(image_set.labels, dtype="int32", ctx=device)
    height, width = image_set.images.shape[1:]
    rows, columns = (
        np.array(matrix, ctx=device)
        for matrix in interpolation_matrices((height, width), resize)
    )

    def bring(indices):
        return np.array(indices, dtype="int32", ctx=device)

    def make(indices):
        X = np.take(images, indices, axis=0).astype("float32") / 255
        if resize is not None:
            # Each product is one multiplication of two matrices for the whole batch.
            X = np.dot(X.transpose(0, 2, 1).reshape(-1, height), rows.T)
            X = X.reshape(-1, width, len(rows)).transpose(0, 2, 1)
            X = np.dot(X.reshape(-1, width), columns)
        return X.reshape(len(indices), 1, len(rows), -1), np.take(labels, indices)

    return bring, make
