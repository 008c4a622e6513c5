"""D2L's smaller functions and classes: the same inputs give the same outputs."""

import numpy as np
import pytest

from d2l_shim import fashion_mnist

TOLERANCE = {"rtol": 1e-5, "atol": 1e-6}


def numbers(*shape):
    """Return the same float32 array of this shape each time."""
    return np.random.default_rng(0).standard_normal(shape, dtype=np.float32)


def small_numbers(*shape):
    """Return them at a scale that suits weights."""
    return numbers(*shape) / 16


@pytest.fixture
def both(framework):
    """d2l's module and the book's."""
    return framework.real, framework.shim


def assert_same(framework, real, shim):
    shim, real = framework.to_numpy(shim), framework.to_numpy(real)
    assert (shim.shape, shim.dtype) == (real.shape, real.dtype)
    np.testing.assert_allclose(shim, real, **TOLERANCE)


@pytest.fixture
def batches(framework):
    """Three batches of garments, the last one smaller."""
    train = fashion_mnist.load()[0].first(150)
    return framework.batches(train.images / np.float32(255), train.labels, 64)


def test_linear_regression(framework, both):
    arguments = [framework.tensor(numbers(*shape)) for shape in [(5, 3), (3, 1), (1,)]]
    real, shim = (d2l.linreg(*arguments) for d2l in both)
    assert_same(framework, real, shim)


@pytest.mark.parametrize("shape", [(6, 1), (6,)])
def test_squared_loss(framework, both, shape):
    y_hat, y = framework.tensor(numbers(6, 1)), framework.tensor(1 - numbers(*shape))
    real, shim = (d2l.squared_loss(y_hat, y) for d2l in both)
    assert_same(framework, real, shim)


def test_corr2d(framework, both):
    X, K = framework.tensor(numbers(5, 6)), framework.tensor(numbers(2, 3))
    real, shim = (framework.constant(d2l.corr2d(X, K)) for d2l in both)
    assert_same(framework, real, shim)


def test_load_array(framework, both):
    arrays = framework.tensor(numbers(10, 2)), framework.tensor(numbers(10, 1))
    real, shim = (list(d2l.load_array(arrays, 4, is_train=False)) for d2l in both)
    for theirs, ours in zip(real, shim, strict=True):
        for a, b in zip(theirs, ours, strict=True):
            assert_same(framework, a, b)
    drawn = [X for X, _ in framework.shim.load_array(arrays, 4, is_train=True)]
    drawn = np.concatenate([framework.to_numpy(X) for X in drawn])
    np.testing.assert_array_equal(
        np.sort(drawn, axis=0), np.sort(numbers(10, 2), axis=0)
    )


def test_accuracy_is_a_number_of_examples(framework, both, batches):
    net = framework.linear(pixels=28**2)
    framework.draw_weights(net, batches[0][0], numbers)
    counts, fractions = [], []
    for d2l in both:
        counts.append([d2l.accuracy(net(X), y) for X, y in batches])
        fractions.append(d2l.evaluate_accuracy(net, batches))
    assert counts[1] == counts[0]
    assert fractions[1] == fractions[0] == sum(counts[0]) / 150


def test_an_epoch_of_softmax_regression_from_scratch(framework, both, batches):
    results, weights = [], []
    for d2l in both:
        net, loss, updater, params = framework.softmax_regression(
            d2l, small_numbers(784, 10), lr=0.1
        )
        results.append(d2l.train_epoch_ch3(net, batches, loss, updater))
        weights.append(np.vstack([framework.to_numpy(param) for param in params]))
    np.testing.assert_allclose(results[1], results[0], **TOLERANCE)
    np.testing.assert_allclose(weights[1], weights[0], **TOLERANCE)
    assert np.abs(weights[0][:-1] - small_numbers(784, 10)).max() > 1e-3, (
        "it has learnt"
    )


def test_an_epoch_of_softmax_regression_with_the_framework_s_optimizer(
    framework, both, batches
):
    results, scores = [], []
    for d2l in both:
        net = framework.linear(pixels=28**2)
        framework.draw_weights(net, batches[0][0], small_numbers)
        loss, updater = framework.loss_and_updater(net, lr=0.1)
        results.append(d2l.train_epoch_ch3(net, batches, loss, updater))
        scores.append(framework.constant(net(batches[0][0])))
    np.testing.assert_allclose(results[1], results[0], **TOLERANCE)
    assert_same(framework, *scores)


@pytest.mark.parametrize(
    "options", [{}, {"use_1x1conv": True, "strides": 2}], ids=["same", "halved"]
)
def test_a_residual_block(framework, both, options):
    X = framework.tensor(numbers(2, 8, 8, 8))  # NCHW and NHWC alike
    outputs = []
    for d2l in both:
        block = framework.residual(d2l, channels=8, **options)
        framework.draw_weights(block, X, small_numbers)
        outputs.append(framework.constant(block(X)))
    assert_same(framework, *outputs)


def test_resnet18_has_the_same_parameters_and_output(framework, both):
    if framework.name == "tensorflow":
        assert not hasattr(framework.real, "resnet18")  # there is none to compare with
        return
    X = framework.tensor(numbers(2, 1, 16, 16))
    outputs, shapes = [], []
    for d2l in both:
        net = d2l.resnet18(10)
        shapes.append(framework.draw_weights(net, X, small_numbers))
        outputs.append(framework.constant(net(X)))
    assert shapes[1] == shapes[0]
    assert_same(framework, *outputs)
