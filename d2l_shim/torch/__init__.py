"""The loader and the trainer for PyTorch: ``from d2l_shim import torch as d2l``.

Images are NCHW: (examples, channels, height, width). Beside this package stand
``d2l_shim.tensorflow`` and ``d2l_shim.mxnet`` with the same modules and names.
"""

from d2l_shim.fashion_mnist import get_fashion_mnist_labels
from d2l_shim.plotting import (
    Animator,
    set_axes,
    set_figsize,
    show_images,
    use_svg_display,
)
from d2l_shim.torch.devices import try_all_gpus, try_gpu
from d2l_shim.torch.loader import load_data_fashion_mnist, seed
from d2l_shim.torch.trainer import evaluate_accuracy_gpu, run_info, train_ch6
from d2l_shim.training import Accumulator, Timer

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
