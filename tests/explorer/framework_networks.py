"""The explorer's networks in PyTorch, TensorFlow and MXNet, which tell their shapes.

Each function returns (shape, number of parameters) for every layer behind the input, as
the framework itself works them out, channels first; it raises what the framework raises
for a network that cannot be. Nothing is calculated: the tensors hold no numbers.
"""

from itertools import pairwise
from math import prod

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

import d2l_shim.mxnet  # noqa: F401  MXNet can only be imported once its shim has been


def _torch_layer(layer, shape):
    kind, window, stride = (layer.get(key) for key in ("kind", "window", "stride"))
    if kind == "conv":
        places = {"padding": layer["padding"], "groups": layer["groups"]}
        return nn.Conv2d(shape[0], layer["channels"], window, stride, **places)
    if kind == "pool":
        return nn.MaxPool2d(window, stride)
    if kind == "norm":
        return nn.LocalResponseNorm(5)
    return nn.Sequential(nn.Flatten(), nn.Linear(prod(shape), layer["units"]))


def in_torch(network):
    """Return the shapes and parameters that PyTorch has."""
    first, *others = network["layers"]
    with torch.device("meta"):
        x = torch.zeros(1, first["channels"], first["size"], first["size"])
        result = []
        for layer in others:
            module = _torch_layer(layer, x.shape[1:])
            x = module(x)
            parameters = sum(p.numel() for p in module.parameters())
            result.append((tuple(x.shape[1:]), parameters))
    return result


def torch_operations(network):
    """Return the multiply-adds of an image by PyTorch's own count of operations."""
    with FlopCounterMode(display=False) as counter:
        in_torch(network)
    return counter.get_total_flops() // 2


def _keras_layers(layer, keras):
    kind, window, stride = (layer.get(key) for key in ("kind", "window", "stride"))
    if kind == "conv":
        yield keras.layers.ZeroPadding2D(layer["padding"])
        groups = {"groups": layer["groups"]}
        yield keras.layers.Conv2D(layer["channels"], window, stride, **groups)
    elif kind == "pool":
        yield keras.layers.MaxPool2D(window, stride)
    elif kind == "norm":
        yield keras.layers.Activation("linear")  # Keras has no such layer
    else:
        yield keras.layers.Flatten()
        yield keras.layers.Dense(layer["units"])


def in_tensorflow(network):
    """Return the shapes and parameters that Keras has."""
    import tensorflow as tf

    first, *others = network["layers"]
    x = tf.keras.Input((first["size"], first["size"], first["channels"]))
    result = []
    for layer in others:
        parameters = 0
        for each in _keras_layers(layer, tf.keras):
            x = each(x)
            parameters += each.count_params()
        *sides, channels = x.shape[1:]
        result.append(((channels, *sides), parameters))
    return result


def _mxnet_layer(layer, x, mx):
    kind = layer["kind"]
    window, stride = ((layer[key],) * 2 if key in layer else () for key in SQUARE)
    if kind == "conv":
        options = {"pad": (layer["padding"],) * 2, "num_group": layer["groups"]}
        options |= {"num_filter": layer["channels"]}
        return mx.sym.Convolution(x, kernel=window, stride=stride, **options)
    if kind == "pool":
        return mx.sym.Pooling(x, kernel=window, stride=stride, pool_type="max")
    if kind == "norm":
        return mx.sym.LRN(x, nsize=5)
    return mx.sym.FullyConnected(x, num_hidden=layer["units"])


SQUARE = "window", "stride"


def in_mxnet(network):
    """Return the shapes and parameters that MXNet has."""
    import mxnet as mx

    first, *others = network["layers"]
    data = (1, first["channels"], first["size"], first["size"])
    x, shapes, counts = mx.sym.var("data"), [], [0]
    for layer in others:
        x = _mxnet_layer(layer, x, mx)
        arguments, (output,), _ = x.infer_shape(data=data)
        shapes.append(tuple(output[1:]))
        counts.append(sum(map(prod, arguments)) - prod(data))
    parameters = [after - before for before, after in pairwise(counts)]
    return list(zip(shapes, parameters, strict=True))


FRAMEWORKS = {"torch": in_torch, "tensorflow": in_tensorflow, "mxnet": in_mxnet}
