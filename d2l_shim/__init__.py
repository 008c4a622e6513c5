"""The data loader and the trainer of the book, under the names that D2L readers know.

``from d2l_shim import torch as d2l`` (or ``tensorflow``, or ``mxnet``) is all that a
chapter needs. Each framework lives in a module of its own, with the same names in the
same order; importing one never imports another. What does not depend on a framework
is written once: where the data come from (``fashion_mnist``), how much of them is used
(``budget``), how images are enlarged (``resize``), in which order they are seen
(``batches``), what a training run shows and remembers (``training``, ``plotting``).

This package is not a framework of its own: networks, losses and optimisers are those
of MXNet, PyTorch and TensorFlow.
"""

__version__ = "1.0.0"
