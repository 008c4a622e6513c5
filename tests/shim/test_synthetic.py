"""The drawn garments: always the same, and neither too easy nor too hard."""

import numpy as np
import pytest

from d2l_shim import synthetic

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402


@pytest.mark.parametrize("split, count", [("train", 8192), ("test", 4096)])
def test_images_have_fashion_mnist_s_form_with_equal_classes(split, count):
    garments = synthetic.garments(split)
    assert garments.images.shape == (count, 28, 28)
    assert garments.images.dtype == garments.labels.dtype == np.uint8
    counts = np.bincount(garments.labels, minlength=10)
    assert len(counts) == 10
    assert counts.max() - counts.min() <= 1


def test_the_same_images_are_drawn_every_time():
    first = synthetic.garments("test")
    synthetic.garments.cache_clear()
    again = synthetic.garments("test")
    assert again is not first
    np.testing.assert_array_equal(again.images, first.images)
    np.testing.assert_array_equal(again.labels, first.labels)


def test_no_test_image_is_a_training_image():
    train = {image.tobytes() for image in synthetic.garments("train").images}
    test = {image.tobytes() for image in synthetic.garments("test").images}
    assert len(train) == 8192 and len(test) == 4096
    assert not train & test


def tensors(split):
    garments = synthetic.garments(split)
    images = torch.from_numpy(garments.images)[:, None] / 255
    return images, torch.from_numpy(garments.labels).long()


def accuracy(net, images, labels):
    with torch.no_grad():
        return (net(images).argmax(1) == labels).float().mean().item()


def fit_linear(images, labels):
    """Return a multinomial logistic regression trained to its optimum."""
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    optimiser = torch.optim.LBFGS(
        net.parameters(), max_iter=100, line_search_fn="strong_wolfe"
    )

    def closure():
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(net(images), labels)
        (loss + 3e-4 * net[1].weight.square().sum()).backward()
        return loss

    optimiser.step(closure)
    return net


def fit_convolutional(images, labels, epochs=3):
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Conv2d(1, 16, 5, stride=2, padding=2), nn.ReLU(),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * 49, 10),
    )  # fmt: skip
    optimiser = torch.optim.Adam(net.parameters(), 5e-3)
    for _ in range(epochs):
        for batch in torch.randperm(len(images)).split(64):
            optimiser.zero_grad()
            nn.functional.cross_entropy(net(images[batch]), labels[batch]).backward()
            optimiser.step()
    return net


@pytest.fixture
def one_thread():
    """So small a network only waits for more threads on a busy machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.usefixtures("one_thread")
def test_a_small_convolutional_network_learns_what_a_linear_model_cannot():
    train, test = tensors("train"), tensors("test")
    linear = fit_linear(*train)
    assert accuracy(linear, *train) > 0.92  # it was trained well, and yet:
    assert accuracy(linear, *test) < 0.93
    assert accuracy(fit_convolutional(*train), *test) > 0.96
