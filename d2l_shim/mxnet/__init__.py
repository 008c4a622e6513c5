"""The loader and the trainer for MXNet: ``from d2l_shim import mxnet as d2l``.

Images are NCHW: (examples, channels, height, width). Beside this package stand
``d2l_shim.torch`` and ``d2l_shim.tensorflow`` with the same modules and names.

Import this package before ``mxnet`` itself: it makes MXNet 1.9.1 importable beside a
current NumPy (``d2l_shim.mxnet_compat``) and turns on MXNet's NumPy interface.
"""

from d2l_shim import mxnet_compat

mxnet_compat.import_mxnet().npx.set_np()

from d2l_shim.fashion_mnist import get_fashion_mnist_labels  # noqa: E402
from d2l_shim.mxnet.devices import try_all_gpus, try_gpu  # noqa: E402
from d2l_shim.mxnet.loader import load_data_fashion_mnist, seed  # noqa: E402
from d2l_shim.mxnet.trainer import evaluate_accuracy_gpu, run_info, train_ch6  # noqa: E402
from d2l_shim.plotting import (  # noqa: E402
    Animator,
    set_axes,
    set_figsize,
    show_images,
    use_svg_display,
)
from d2l_shim.training import Accumulator, Timer  # noqa: E402

__all__ = [
    "Accumulator",
    "Animator",
    "Timer",
    "evaluate_accuracy_gpu",
    "get_fashion_mnist_labels",
    "load_data_fashion_mnist",
    "run_info",
    "seed",
    "set_axes",
    "set_figsize",
    "show_images",
    "train_ch6",
    "try_all_gpus",
    "try_gpu",
    "use_svg_display",
]
