"""Resizing: the same as Pillow's bilinear filter, and never outside [0, 1]."""

import numpy as np
import pytest
from PIL import Image

from d2l_shim.resize import interpolation_matrix, resize

SIZES = [
    ((28, 28), (224, 224)),
    ((28, 28), (227, 227)),
    ((28, 28), (32, 96)),
    ((28, 28), (28, 28)),
    ((28, 28), (14, 14)),
    ((28, 28), (10, 40)),
    ((224, 224), (28, 28)),
    ((5, 3), (1, 7)),
]


def random_images(height, width, count=2):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (count, height, width), dtype=np.uint8)


def with_pillow(images, size, mode):
    """Return the images as Pillow resizes them, still between 0 and 255."""
    height, width = size
    return np.stack(
        [
            Image.fromarray(image)
            .convert(mode)
            .resize((width, height), Image.Resampling.BILINEAR)
            for image in images
        ]
    )


@pytest.mark.parametrize("source, target", SIZES)
def test_agrees_with_pillow_in_floating_point(source, target):
    images = random_images(*source)
    np.testing.assert_allclose(
        resize(images, target), with_pillow(images, target, "F") / 255, atol=1e-6
    )


@pytest.mark.parametrize("source, target", SIZES)
def test_agrees_with_pillow_in_bytes_but_for_its_two_roundings(source, target):
    images = random_images(*source)
    difference = resize(images, target) * 255 - with_pillow(images, target, "L")
    assert np.abs(difference).max() <= 1 + 1e-3


@pytest.mark.parametrize("size", [*range(1, 60), 96, 224, 227, 299])
def test_weights_sum_to_exactly_one(size):
    matrix = interpolation_matrix(28, size)
    assert matrix.shape == (size, 28)
    assert matrix.dtype == np.float32
    assert matrix.min() >= 0
    for order in (matrix, matrix[:, ::-1]):
        assert (np.add.accumulate(order, axis=1)[:, -1] == 1).all()


@pytest.mark.parametrize("size", [13, 224, 227, 299, (100, 31)])
def test_black_stays_0_and_white_stays_1(size):
    black_and_white = np.stack([np.zeros((28, 28)), np.full((28, 28), 255)])
    black, white = resize(black_and_white.astype(np.uint8), size)
    assert (black == 0).all()
    assert (white == 1).all()


def test_one_number_means_a_square():
    images = random_images(28, 28)
    np.testing.assert_array_equal(resize(images, 40), resize(images, (40, 40)))


def test_without_a_size_only_the_scale_changes():
    every_value = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    scaled = resize(every_value, None)
    assert scaled.dtype == np.float32
    np.testing.assert_array_equal(scaled, every_value / np.float32(255))


def test_the_result_is_contiguous_float32_also_for_an_empty_batch():
    for count in (0, 1, 3):
        result = resize(random_images(28, 28, count), (30, 50))
        assert result.shape == (count, 30, 50)
        assert result.dtype == np.float32
        assert result.flags.c_contiguous


def test_a_size_of_nothing_is_refused():
    with pytest.raises(ValueError, match="en az 1 piksel olmalı, verilen: 0"):
        resize(random_images(28, 28), 0)
