"""The real d2l, imported on today's frameworks and fed with the book's own data files.

``load("torch")`` returns the module ``d2l.torch`` of the package index, unchanged. What
stands in its way is removed around it: operators that torchvision expects of a PyTorch
with CUDA, names that MXNet expects of an old NumPy, and checks that would send the
frameworks' own Fashion-MNIST classes to the internet, or make them refuse a folder
that holds only the first part of the data set.
"""

import functools
import importlib
import importlib.util
import sys
from pathlib import Path

from d2l_shim import fashion_mnist

NAMES = ("torch", "tensorflow", "mxnet")
D2L_1 = Path(sys.prefix) / "d2l-1"


@functools.cache
def load(framework):
    """Return the real ``d2l.torch``, ``d2l.tensorflow`` or ``d2l.mxnet``, 0.17.6."""
    prepare(framework)
    return importlib.import_module(f"d2l.{framework}")


@functools.cache
def load_newer(framework):
    """Return the same module of d2l 1.0.3, under a name of its own."""
    prepare(framework)
    path = D2L_1 / "d2l" / f"{framework}.py"
    spec = importlib.util.spec_from_file_location(f"d2l_1_{framework}", path)
    module = importlib.util.module_from_spec(spec)
    # d2l looks itself up among the modules while it is imported.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@functools.cache
def prepare(framework):
    """Make the framework importable and its Fashion-MNIST the book's files."""
    globals()[f"_prepare_{framework}"]()


def _prepare_torch():
    _import_torchvision()
    from torchvision.datasets import FashionMNIST

    FashionMNIST._check_exists = lambda self: True
    FashionMNIST._load_data = lambda self: _torch_data(self.train)


def _torch_data(train):
    import torch

    split = _data_split(train)
    return torch.tensor(split.images), torch.tensor(split.labels).long()


def _import_torchvision():
    """Import torchvision; beside a PyTorch without CUDA it lacks its own operators."""
    try:
        import torchvision  # noqa: F401
    except RuntimeError:
        import torch

        # The declarations must outlive this function, or they are withdrawn.
        global _declarations
        _declarations = torch.library.Library("torchvision", "DEF")
        for name in ("nms", "qnms"):
            _declarations.define(f"{name}(Tensor a, Tensor b, float c) -> Tensor")
        import torchvision  # noqa: F401


def _prepare_tensorflow():
    import tensorflow as tf

    def load_data():
        train, test = _data_split(train=True), _data_split(train=False)
        return (train.images, train.labels), (test.images, test.labels)

    tf.keras.datasets.fashion_mnist.load_data = load_data


def _prepare_mxnet():
    from d2l_shim import mxnet_compat

    mxnet_compat.import_mxnet().npx.set_np()
    from mxnet import np as mx_np
    from mxnet.gluon.data.vision import FashionMNIST

    def get_data(self):
        split = _data_split(self._train)
        self._data = mx_np.array(split.images[..., None], dtype="uint8")
        self._label = mx_np.array(split.labels, dtype="int32")

    FashionMNIST._get_data = get_data


def loads_first(train, test, load=fashion_mnist.load):
    """Return a function like `fashion_mnist.load` that gives the first images only."""
    train_set, test_set, source = load()
    return lambda: (train_set.first(train), test_set.first(test), source)


def _data_split(train):
    return fashion_mnist.load()[0 if train else 1]
