"""Bilinear resizing of whole batches, as two matrix products.

Bilinear interpolation is linear and acts on rows and columns separately, so an image
X becomes R @ X @ C.T with one small matrix for the rows and one for the columns. This
module computes those matrices and applies them with NumPy; on a GPU a framework
multiplies with the same matrices.
"""

import numpy as np

# Weights are multiples of this, so that every sum of them is exact in float32 and a
# row sums to exactly 1: a resized image cannot leave [0, 1], not even by rounding.
UNIT = 2.0**-24


def interpolation_matrix(source: int, target: int) -> np.ndarray:
    """Return the matrix that resizes a line of `source` pixels to `target` pixels.

    Row i holds the weights of output pixel i: a triangle around the pixel's centre,
    with half-pixel centres, as wide as an input pixel or, when shrinking, as an output
    pixel (so nothing is skipped), and normalised to 1, also at the borders. This is
    Pillow's BILINEAR.

    Returns
    -------
    numpy.ndarray
        float32, shape (target, source); no weight is negative, each row sums to 1.
    """
    if target < 1:
        raise ValueError(f"Yeni boyut en az 1 piksel olmalı, verilen: {target}.")
    scale = source / target
    centres = (np.arange(target) + 0.5) * scale
    distances = np.abs(np.arange(source) + 0.5 - centres[:, None])
    weights = np.maximum(0, 1 - distances / max(scale, 1))
    weights = np.rint(weights / weights.sum(axis=1, keepdims=True) / UNIT) * UNIT
    weights[np.arange(target), weights.argmax(axis=1)] += 1 - weights.sum(axis=1)
    return weights.astype(np.float32)


def interpolation_matrices(shape, size):
    """Return the matrices `rows` and `columns`: X resized is ``rows @ X @ columns``.

    Parameters
    ----------
    shape : (int, int)
        Height and width of X in pixels.
    size : int, (int, int) or None
        New height and width in pixels, one number for a square; `None` keeps the size.

    Returns
    -------
    tuple of two numpy.ndarray
        float32, shapes (new height, height) and (width, new width), contiguous.
    """
    height, width = shape if size is None else np.broadcast_to(size, 2)
    columns = interpolation_matrix(shape[1], width).T
    return interpolation_matrix(shape[0], height), np.ascontiguousarray(columns)


def resize(images: np.ndarray, size: int | tuple[int, int] | None) -> np.ndarray:
    """Return uint8 images as float32 in [0, 1], resized bilinearly.

    Parameters
    ----------
    images : numpy.ndarray
        uint8, shape (n, height, width).
    size : int, (int, int) or None
        As for :func:`interpolation_matrices`.

    Returns
    -------
    numpy.ndarray
        float32, shape (n, new height, new width), contiguous.
    """
    scaled = np.divide(images, np.float32(255), dtype=np.float32)
    if size is None:
        return scaled
    rows, columns = interpolation_matrices(images.shape[1:], size)
    # Rows first: the larger product, the columns', is then one multiplication for the
    # whole batch instead of one per image.
    tall = rows @ scaled
    shape = (len(images), len(rows), columns.shape[1])
    return (tall.reshape(-1, len(columns)) @ columns).reshape(shape)
