"""The loader and the trainer for TensorFlow.

A chapter says ``from d2l_shim import tensorflow as d2l``.

Images are NHWC: (examples, height, width, channels). Beside this package stand
``d2l_shim.torch`` and ``d2l_shim.mxnet`` with the same modules and names.
"""

import os

from d2l_shim.quiet import quiet_stderr

# TensorFlow's start-up remarks (no GPU found, CPU features) are not for readers. Some
# come before it reads this variable, some when it first looks for a GPU.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
with quiet_stderr():
    import tensorflow as tf

    tf.config.list_physical_devices("GPU")

from d2l_shim.fashion_mnist import get_fashion_mnist_labels  # noqa: E402
from d2l_shim.plotting import (  # noqa: E402
    Animator,
    set_axes,
    set_figsize,
    show_images,
    use_svg_display,
)
from d2l_shim.tensorflow.devices import try_all_gpus, try_gpu  # noqa: E402
from d2l_shim.tensorflow.loader import load_data_fashion_mnist, seed  # noqa: E402
from d2l_shim.tensorflow.trainer import evaluate_accuracy_gpu, run_info, train_ch6  # noqa: E402
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
