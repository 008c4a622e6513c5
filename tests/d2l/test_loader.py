"""Both loaders give the same test images, in the same order, layout and types.

Enlarged pixels differ by as much as d2l rounds them. PyTorch's pass through Pillow's
8-bit images, which are rounded twice, once along each side: by up to a whole grey
level of 1/255. MXNet's pass through OpenCV's, rounded once: by up to 3/4 of a level,
as its weights are rounded too. TensorFlow's stay float32.
"""

import numpy as np
import pytest

GREY_LEVEL = 1 / 255
FLOAT32_NOISE = 1e-6
LARGEST_DIFFERENCE = {"torch": 1.0, "mxnet": 0.75, "tensorflow": 0.0}


def pairs(framework, batch_size, resize, split=1):
    """Yield ((X, y) of d2l, (X, y) of the shim), a batch each, as NumPy arrays."""
    sides = (framework.real, framework.shim)
    loaders = [d2l.load_data_fashion_mnist(batch_size, resize)[split] for d2l in sides]
    for batches in zip(*loaders, strict=True):
        yield [tuple(map(framework.to_numpy, batch)) for batch in batches]


def assert_same(real, shim, tolerance):
    (X, y), (our_X, our_y) = real, shim
    assert (our_X.dtype, our_y.dtype) == (X.dtype, y.dtype)
    np.testing.assert_array_equal(our_y, y)
    np.testing.assert_allclose(our_X, X, rtol=0, atol=tolerance)


def test_the_test_split_is_the_same_to_the_last_image(framework):
    sizes = []
    for real, shim in pairs(framework, 250, resize=None):
        assert_same(real, shim, FLOAT32_NOISE)
        sizes.append(len(shim[1]))
    assert set(sizes[:-1]) == {250}


@pytest.mark.parametrize("size", [56, 224])
def test_enlarged_images_differ_by_d2l_s_rounding_alone(framework, only_first, size):
    only_first(train=64, test=400)
    tolerance = LARGEST_DIFFERENCE[framework.name] * GREY_LEVEL + FLOAT32_NOISE
    batches = list(pairs(framework, 128, resize=size))
    for real, shim in batches:
        assert_same(real, shim, tolerance)
    assert [len(shim[1]) for _, shim in batches] == [128, 128, 128, 16]


def test_an_epoch_of_the_training_split_holds_the_same_images(framework, only_first):
    only_first(train=300, test=64)
    real, shim = [], []
    for sides in pairs(framework, 128, resize=None, split=0):
        for images, (X, y) in zip((real, shim), sides, strict=True):
            images.extend(
                pixels.tobytes() + bytes([k]) for pixels, k in zip(X, y, strict=True)
            )
    assert sorted(shim) == sorted(real)
    assert shim != real
