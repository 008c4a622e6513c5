"""The data loader and the trainer of the book, under the names that D2L readers know.

``from d2l_shim import torch as d2l`` (or ``tensorflow``, or ``mxnet``) is all that a
chapter needs. Each framework lives in a folder of its own, with the same names in the
same order; importing one never imports another. What does not depend on a framework
is written once: where the data come from (``fashion_mnist``), how much of them is used
(``budget``), how images are enlarged (``resize``), in which order they are seen
(``batches``), what a training run shows and remembers (``training``, ``plotting``).

After :func:`install`, code that says ``from d2l import torch as d2l`` runs on these
modules as well; ``python -m d2l_shim run`` does that for a whole notebook.

This package is not a framework of its own: networks, losses and optimisers are those
of MXNet, PyTorch and TensorFlow.
"""

__version__ = "1.0.0"


def install():
    """Put this package in the place of ``d2l`` for every import that follows.

    ``from d2l import torch as d2l`` (or ``tensorflow``, or ``mxnet``) then gives the
    names of ``d2l_shim.torch``, with one difference: ``train_ch6`` returns what D2L's
    returns, the trained network in TensorFlow and nothing in the others.

    No framework is imported. A real ``d2l`` that is installed serves for those names
    alone that this package leaves out. Calling this again changes nothing.
    """
    from d2l_shim import d2l_package

    d2l_package.install()
