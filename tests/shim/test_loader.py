"""`load_data_fashion_mnist` gives the same batches in every framework."""

import numpy as np
import pytest
from PIL import Image

from d2l_shim import fashion_mnist
from tests.shim.frameworks import NAMES, Framework


@pytest.fixture(params=NAMES)
def framework(request, synthetic):
    return Framework(request.param)


@pytest.fixture
def smoke(monkeypatch):
    """Eight training batches and two test batches are enough here."""
    monkeypatch.setenv("D2L_SHIM_BUDGET", "smoke")


def epoch(framework, batches):
    """Return all labels and all images, (n, height, width), that an epoch yields."""
    pairs = [[framework.to_numpy(tensor) for tensor in pair] for pair in batches]
    images = np.concatenate([X for X, _ in pairs]).squeeze(framework.channel_axis())
    return images, np.concatenate([y for _, y in pairs])


def image_keys(images):
    return [image.tobytes() for image in images]


def test_a_batch_has_the_framework_s_layout_and_types(framework, smoke):
    for iterator in framework.d2l.load_data_fashion_mnist(16):
        X, y = (framework.to_numpy(tensor) for tensor in next(iter(iterator)))
        layout = (28, 28, 1) if framework.name == "tensorflow" else (1, 28, 28)
        assert (X.shape, y.shape) == ((16, *layout), (16,))
        assert X.dtype == np.float32 and np.issubdtype(y.dtype, np.integer)
        assert 0 == X.min() < X.max() <= 1


def test_resize_enlarges_to_a_square_or_a_rectangle(framework, smoke):
    for size, expected in ((56, (56, 56)), ((32, 64), (32, 64))):
        _, test_iter = framework.d2l.load_data_fashion_mnist(4, resize=size)
        images, _ = epoch(framework, test_iter)
        assert images.shape == (8, *expected)


def test_resizing_agrees_with_pillow_to_one_grey_level(framework, smoke):
    _, test_iter = framework.d2l.load_data_fashion_mnist(4, resize=224)
    _, test, _ = fashion_mnist.load()
    enlarged, _ = epoch(framework, test_iter)
    for ours, original in zip(enlarged, test.images, strict=False):
        pillow = Image.fromarray(original).resize((224, 224), Image.BILINEAR)
        # Pillow rounds to whole grey levels, for the rows and for the columns.
        assert np.abs(ours * 255 - np.asarray(pillow, float)).max() <= 1.01


def test_test_data_come_in_the_order_of_the_file(framework, smoke):
    _, test_iter = framework.d2l.load_data_fashion_mnist(16)
    _, test, _ = fashion_mnist.load()
    for _ in range(2):
        images, labels = epoch(framework, test_iter)
        np.testing.assert_array_equal(labels, test.labels[:32])
        np.testing.assert_allclose(images, test.images[:32] / 255, atol=1e-6)


def test_training_data_are_reshuffled_by_example_each_epoch(framework, smoke):
    train_iter, _ = framework.d2l.load_data_fashion_mnist(16)
    (first, _), (second, _) = (epoch(framework, train_iter) for _ in range(2))
    assert sorted(image_keys(first)) == sorted(image_keys(second))
    first_batch = set(image_keys(first[:16]))
    second_batches = [set(image_keys(second[i : i + 16])) for i in range(0, 128, 16)]
    assert first_batch not in second_batches  # not just the same batches moved about


def test_images_keep_their_labels_when_shuffled(framework, smoke):
    train_iter, _ = framework.d2l.load_data_fashion_mnist(16)
    train, _, _ = fashion_mnist.load()
    pairs = zip(train.images[:128], train.labels, strict=False)
    label_of = {(image / np.float32(255)).tobytes(): label for image, label in pairs}
    images, labels = epoch(framework, train_iter)
    assert [label_of[key] for key in image_keys(images)] == labels.tolist()


def test_the_last_partial_batch_is_kept(framework, monkeypatch):
    monkeypatch.setenv("D2L_SHIM_BUDGET", "cpu")
    _, test_iter = framework.d2l.load_data_fashion_mnist(1000)
    sizes = [len(y) for _, y in test_iter]
    assert sizes == [1000, 1000, 1000, 1000, 96]
    assert len(test_iter) == 5


def test_the_same_seed_gives_every_framework_the_same_batches(synthetic, smoke):
    labels = []
    for framework in map(Framework, NAMES):
        framework.d2l.seed(3)
        train_iter, _ = framework.d2l.load_data_fashion_mnist(16)
        labels.append(epoch(framework, train_iter)[1].tolist())
    assert labels[0] == labels[1] == labels[2]


def test_a_batch_size_below_one_is_refused(framework, smoke):
    with pytest.raises(ValueError, match="Yığın boyutu en az 1 olmalı, verilen: 0"):
        framework.d2l.load_data_fashion_mnist(0)


def test_labels_have_names(framework, smoke):
    _, test_iter = framework.d2l.load_data_fashion_mnist(16)
    _, y = next(iter(test_iter))
    names = framework.d2l.get_fashion_mnist_labels(y)
    expected = [fashion_mnist.text_labels[i] for i in framework.to_numpy(y)]
    assert names == expected


def test_images_of_any_framework_can_be_shown(framework, smoke):
    _, test_iter = framework.d2l.load_data_fashion_mnist(16)
    X, y = next(iter(test_iter))
    titles = framework.d2l.get_fashion_mnist_labels(y[:6])
    axes = framework.d2l.show_images(X[:6], 2, 3, titles=titles)
    assert [axis.get_title() for axis in axes] == titles
    shown = axes[0].get_images()[0].get_array()
    np.testing.assert_allclose(shown, framework.to_numpy(X[0]).squeeze())
