"""Cross-correlation, ResNet's blocks and ResNet-18, alike in every framework."""

import numpy as np
import pytest

from tests.shim.frameworks import NAMES, Framework


@pytest.fixture(params=NAMES)
def framework(request):
    return Framework(request.param)


def images(framework, count, channels, size):
    """Return random images in the framework's layout."""
    shape = [count, size, size]
    shape.insert(framework.channel_axis(), channels)
    rng = np.random.default_rng(0)
    return framework.tensor(rng.normal(size=shape).astype(np.float32))


def shape(framework, tensor):
    """Return (count, channels, height, width), whatever the framework's layout."""
    count, *others = tensor.shape
    channels = others.pop(framework.channel_axis() - 1)
    return (count, channels, *others)


def residual(framework, input_channels, num_channels, **kwargs):
    """Return the block; only PyTorch must be told the channels of the input."""
    channels = [num_channels]
    if framework.name == "torch":
        channels.insert(0, input_channels)
    block = framework.d2l.Residual(*channels, **kwargs)
    framework.initialize(block)
    return block


def test_corr2d_sums_the_products_under_the_kernel(framework):
    X, K = np.arange(9.0).reshape(3, 3), np.arange(4.0).reshape(2, 2)
    Y = framework.d2l.corr2d(framework.tensor(X), framework.tensor(K))
    np.testing.assert_allclose(framework.to_numpy(Y), [[19, 25], [37, 43]])


def test_corr2d_takes_whole_numbers_and_oblong_kernels(framework):
    X = framework.tensor([[1, 2, 4], [0, 0, 5]], "int32")
    Y = framework.d2l.corr2d(X, framework.tensor([[1, -1]], "int32"))
    np.testing.assert_allclose(framework.to_numpy(Y), [[-1, -2], [0, -5]])


def test_a_residual_block_keeps_the_shape(framework):
    Y = residual(framework, 3, 3)(images(framework, 4, 3, 6))
    assert shape(framework, Y) == (4, 3, 6, 6)


def test_a_residual_block_doubles_channels_and_halves_the_image(framework):
    block = residual(framework, 3, 6, use_1x1conv=True, strides=2)
    assert shape(framework, block(images(framework, 4, 3, 6))) == (4, 6, 3, 3)


def test_a_block_whose_layers_give_nothing_passes_its_input_on(framework):
    block, X = residual(framework, 3, 3), images(framework, 4, 3, 6)
    block(X)  # shapes are known from now on
    SILENCE[framework.name](block.bn2)
    expected = np.maximum(framework.to_numpy(X), 0)
    np.testing.assert_allclose(framework.to_numpy(block(X)), expected, atol=1e-6)


SILENCE = {
    "torch": lambda norm: norm.weight.data.zero_(),
    "mxnet": lambda norm: norm.gamma.set_data(norm.gamma.data() * 0),
    "tensorflow": lambda norm: norm.gamma.assign(norm.gamma * 0),
}


def num_parameters(framework, net):
    """Return how many numbers of `net` are trained."""
    if framework.name == "mxnet":
        trained = (p for p in net.collect_params().values() if p.grad_req != "null")
    elif framework.name == "torch":
        trained = net.parameters()
    else:
        trained = net.trainable_variables
    return sum(int(np.prod(parameter.shape)) for parameter in trained)


def test_resnet18_gives_scores_and_has_the_same_parameters_everywhere(framework):
    net = framework.d2l.resnet18(10)
    framework.initialize(net)
    assert tuple(net(images(framework, 2, 1, 28)).shape) == (2, 10)
    assert num_parameters(framework, net) == 11_175_818


def test_resnet18_halves_the_image_three_times(framework):
    net, X = framework.d2l.resnet18(10), images(framework, 2, 1, 28)
    framework.initialize(net)
    layers = net.layers if framework.name == "tensorflow" else list(net)
    for layer in layers[:-2]:  # without pooling and the fully connected layer
        X = layer(X)
    assert shape(framework, X) == (2, 512, 4, 4)


def test_resnet18_takes_images_with_colours(framework):
    channels = [3] if framework.name == "torch" else []
    net = framework.d2l.resnet18(5, *channels)
    framework.initialize(net)
    assert tuple(net(images(framework, 2, 3, 32)).shape) == (2, 5)


def test_in_mxnet_resnet18_compiles_to_one_graph_that_computes_the_same():
    framework = Framework("mxnet")
    net, X = framework.d2l.resnet18(10), images(framework, 2, 1, 28)
    framework.initialize(net)
    expected = net(X).asnumpy()
    net.hybridize()
    np.testing.assert_allclose(net(X).asnumpy(), expected, rtol=1e-4, atol=1e-5)


def test_nn_module_is_what_networks_derive_from(framework):
    assert isinstance(residual(framework, 3, 3), framework.d2l.nn_Module)
