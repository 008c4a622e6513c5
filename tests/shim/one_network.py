"""Computes the chapter's AlexNet in one framework; a process of its own for each.

    python -m tests.shim.one_network pytorch

prints, as JSON, the number of parameters, and for padding 0 and 1 in the first
convolution the logits and the loss of two images. Weights, images and labels are drawn
from one seed, in PyTorch's layout, and transposed to the framework's own. The network
comes from the cell of the committed notebook that is tagged `alexnet-network`.
"""

import json
import math
import sys
from pathlib import Path

import nbformat
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
LABELS = [3, 7]


def network_from_notebook(framework):
    """Return what the notebook's network cell calls `net`."""
    notebook = nbformat.read(
        ROOT / f"notebooks/{framework}/alexnet.ipynb", as_version=4
    )
    (source,) = (
        cell.source
        for cell in notebook.cells
        if "alexnet-network" in cell.metadata.get("tags", [])
    )
    namespace = {}
    exec(source, namespace)
    return namespace["net"]


def images():
    """Return two random images in [0, 1], (2, 1, 224, 224), float32."""
    return np.random.default_rng(1).random((2, 1, 224, 224), dtype=np.float32)


def weights(shapes):
    """Return random arrays of such scale that signals keep theirs (He et al., 2015).

    `shapes` are those of weights and biases in turn, in PyTorch's layout.
    """
    rng = np.random.default_rng(0)
    for shape in shapes:
        values = rng.standard_normal(shape, dtype=np.float32)
        yield values * (math.sqrt(2 / math.prod(shape[1:])) if shape[1:] else 0.1)


def padded(padding):
    """Return the images with a border of zeros: a padded convolution without one."""
    border = (padding, padding)
    return np.pad(images(), ((0, 0), (0, 0), border, border))


def to_tensorflow(arrays):
    """Yield arrays in TensorFlow's layout: (height, width, in, out) and (in, out).

    The first dense layer sees its inputs in the order height, width, channel there.
    """
    channels = None
    for array in arrays:
        if array.ndim == 4:
            channels = len(array)
            yield array.transpose(2, 3, 1, 0)
        elif array.ndim == 2 and channels:
            grouped = array.reshape(len(array), channels, -1)
            yield grouped.transpose(2, 1, 0).reshape(-1, len(array))
            channels = None
        else:
            yield array.T


def pytorch():
    """Return the number of parameters, and a function from padding to logits, loss."""
    from d2l_shim import torch as d2l  # isort: skip  # noqa: F401
    import torch
    from torch import nn

    net = network_from_notebook("pytorch").eval().requires_grad_(False)
    parameters = list(net.parameters())
    for own, new in zip(parameters, weights(p.shape for p in parameters), strict=True):
        own.copy_(torch.tensor(new))
    first = next(layer for layer in net.modules() if isinstance(layer, nn.Conv2d))

    def evaluate(padding):
        first.padding = (padding, padding)
        logits = net(torch.tensor(images()))
        return logits, nn.CrossEntropyLoss()(logits, torch.tensor(LABELS))

    return sum(p.numel() for p in parameters), evaluate


def mxnet():
    """As `pytorch`; Gluon has the same layouts."""
    from d2l_shim import mxnet as d2l  # isort: skip  # noqa: F401
    from mxnet import gluon, np as mx_np  # isort: skip

    net = network_from_notebook("mxnet")
    net.initialize()
    net(mx_np.array(images()))  # shapes are known from now on
    parameters = list(net.collect_params().values())
    for own, new in zip(parameters, weights(p.shape for p in parameters), strict=True):
        own.set_data(mx_np.array(new))

    def evaluate(padding):
        logits = net(mx_np.array(padded(padding)))
        losses = gluon.loss.SoftmaxCrossEntropyLoss()(logits, mx_np.array(LABELS))
        return logits.asnumpy(), losses.mean()

    return sum(math.prod(p.shape) for p in parameters), evaluate


def tensorflow():
    """As `pytorch`, with the axes transposed."""
    from d2l_shim import tensorflow as d2l  # isort: skip  # noqa: F401
    import tensorflow as tf

    net = network_from_notebook("tensorflow")()
    net(images().transpose(0, 2, 3, 1))  # shapes are known from now on
    shapes = [_in_pytorch_layout(weight.shape) for weight in net.weights]
    net.set_weights(list(to_tensorflow(weights(shapes))))
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def evaluate(padding):
        logits = net(padded(padding).transpose(0, 2, 3, 1), training=False)
        return logits.numpy(), loss(np.array(LABELS), logits)

    return net.count_params(), evaluate


def _in_pytorch_layout(shape):
    return (*shape[-1:], *shape[-2:-1], *shape[:-2])


def main(framework):
    """Print what the framework computes."""
    count, evaluate = {"pytorch": pytorch, "mxnet": mxnet, "tensorflow": tensorflow}[
        framework
    ]()
    results = {"parameters": count}
    for padding in (0, 1):
        logits, loss = evaluate(padding)
        results[f"logits, padding {padding}"] = logits.tolist()
        results[f"loss, padding {padding}"] = float(loss)
    print(json.dumps(results))


if __name__ == "__main__":
    main(sys.argv[1])
