"""`load_data_fashion_mnist` gives the same batches in every framework."""

import importlib
import os
import subprocess
import sys
from functools import partial

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


def test_batches_say_whether_their_images_are_enlarged(framework, smoke):
    for size, enlarged in ((None, False), (28, False), (29, True), ((14, 57), True)):
        for iterator in framework.d2l.load_data_fashion_mnist(4, resize=size):
            assert iterator.enlarged is enlarged
            assert iterator.on(framework.d2l.try_gpu()).enlarged is enlarged


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


@pytest.mark.parametrize("size", [None, 56, (32, 64)])
def test_batches_made_on_a_device_are_those_made_on_the_cpu(framework, smoke, size):
    train, _ = fashion_mnist.load_limited(16)
    indices = np.array([5, 0, 77])
    loader = importlib.import_module(f"d2l_shim.{framework.name}.loader")
    made = [
        [framework.to_numpy(tensor) for tensor in make(bring(indices))]
        for bring, make in (
            loader._place(size, train, None),
            on_a_device(loader, framework.name, size, train),
        )
    ]
    for ours, theirs in zip(*made, strict=True):
        assert ours.dtype == theirs.dtype
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-6)


def on_a_device(loader, name, size, image_set):
    """Place the data as for a GPU, but on the CPU, which every machine has."""
    if name == "mxnet":
        return loader._in_mxnet(size, image_set, loader.mx.cpu())
    if name == "tensorflow":
        matrices = loader.interpolation_matrices((28, 28), size)
        return loader._in_tensorflow(size, image_set, matrices)
    return loader._place(size, image_set, loader.torch.device("cpu"))


def test_the_same_batches_can_be_had_on_a_device(framework, smoke):
    _, test_iter = framework.d2l.load_data_fashion_mnist(16)
    there = test_iter.on(framework.d2l.try_gpu())
    assert len(there) == len(test_iter)
    pairs = map(partial(epoch, framework), (there, test_iter))
    for ours, theirs in zip(*pairs, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_the_enlarged_images_are_never_all_in_memory(framework, root):
    batch = 128 * 224 * 224 * 4
    answer = subprocess.run(
        [sys.executable, "-c", READ_AN_EPOCH, framework.name],
        env=os.environ | {"D2L_SHIM_BUDGET": "full", "PYTHONPATH": str(root)},
        check=True,
        capture_output=True,
        text=True,
    )
    growth, count = map(int, answer.stdout.splitlines()[-1].split())
    assert count == 8192
    # What an allocator rounds up is not the loader's: half a batch is for that.
    assert growth < 2.5 * batch + count * 28 * 28


READ_AN_EPOCH = """
import importlib, resource, sys
d2l = importlib.import_module(f"d2l_shim.{sys.argv[1]}")

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

def read(data_iter):
    count = 0
    for X, y in data_iter:
        count += len(y)
        if sys.argv[1] == "mxnet":
            X.wait_to_read()
    return count

read(d2l.load_data_fashion_mnist(128, resize=28)[1])  # start up the framework
train_iter, _ = d2l.load_data_fashion_mnist(128, resize=224)
before = peak()
count = read(train_iter)
print(peak() - before, count)
"""


def test_keras_trains_on_the_batches(synthetic, smoke):
    framework = Framework("tensorflow")
    import tensorflow as tf

    train_iter, test_iter = framework.d2l.load_data_fashion_mnist(16)
    layers = [tf.keras.layers.Flatten(), tf.keras.layers.Dense(10)]
    net = tf.keras.Sequential(layers)
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile("sgd", loss, metrics=["accuracy"])
    history = net.fit(train_iter, epochs=2, verbose=0)
    assert len(history.history["loss"]) == 2
    assert 0 <= net.evaluate(test_iter, verbose=0)[1] <= 1


def test_tensorflow_s_batches_have_the_methods_of_a_dataset(synthetic, smoke):
    train_iter, test_iter = Framework("tensorflow").d2l.load_data_fashion_mnist(16)
    assert int(train_iter.cardinality()) == len(train_iter) == 8
    ((X, y),) = train_iter.take(1)
    assert (X.shape, y.shape) == ((16, 28, 28, 1), (16,))
    assert len(list(test_iter.map(lambda X, y: y).prefetch(1))) == 2
