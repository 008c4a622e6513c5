"""D2L's names for TensorFlow: ``from d2l_shim import tensorflow as d2l``.

Images are NHWC: (examples, height, width, channels). Beside this package stand
``d2l_shim.torch`` and ``d2l_shim.mxnet`` with the same modules and names.
"""

import os

import numpy as np
from matplotlib import pyplot as plt

from d2l_shim.quiet import quiet_stderr

# TensorFlow's start-up remarks (no GPU found, CPU features) are not for readers. Some
# come before it reads this variable, some when it first looks for a GPU.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
with quiet_stderr():
    import tensorflow as tf

    tf.config.list_physical_devices("GPU")

from d2l_shim.budget import limit_epochs  # noqa: E402
from d2l_shim.d2l_package import missing_names  # noqa: E402
from d2l_shim.data_hub import (  # noqa: E402
    DATA_HUB,
    DATA_URL,
    download,
    download_all,
    download_extract,
)
from d2l_shim.fashion_mnist import get_fashion_mnist_labels  # noqa: E402
from d2l_shim.plotting import (  # noqa: E402
    Animator,
    plot,
    set_axes,
    set_figsize,
    show_images,
    use_svg_display,
)
from d2l_shim.results import record  # noqa: E402
from d2l_shim.tensorflow import keras_compat  # noqa: E402
from d2l_shim.tensorflow.arrays import (  # noqa: E402
    abs,
    arange,
    argmax,
    astype,
    concat,
    cos,
    cosh,
    exp,
    eye,
    float32,
    int32,
    linspace,
    log,
    matmul,
    meshgrid,
    normal,
    numpy,
    ones,
    rand,
    reduce_sum,
    reshape,
    sin,
    sinh,
    size,
    stack,
    tanh,
    tensor,
    to,
    transpose,
    zeros,
)
from d2l_shim.tensorflow.classification import (  # noqa: E402
    TrainCallback,
    Updater,
    accuracy,
    evaluate_accuracy,
    predict_ch3,
    train_ch3,
    train_epoch_ch3,
)
from d2l_shim.tensorflow.devices import try_all_gpus, try_gpu  # noqa: E402
from d2l_shim.tensorflow.loader import load_data_fashion_mnist, seed  # noqa: E402
from d2l_shim.tensorflow.multi_gpu import split_batch, train_batch_ch13, train_ch13  # noqa: E402
from d2l_shim.tensorflow.networks import Residual, corr2d, nn_Module, resnet18  # noqa: E402
from d2l_shim.tensorflow.regression import (  # noqa: E402
    evaluate_loss,
    linreg,
    load_array,
    sgd,
    squared_loss,
    synthetic_data,
)
from d2l_shim.tensorflow.trainer import evaluate_accuracy_gpu, run_info, train_ch6  # noqa: E402
from d2l_shim.training import Accumulator, Timer  # noqa: E402
from d2l_shim.workers import get_dataloader_workers  # noqa: E402

keras_compat.install()

__all__ = [
    "Accumulator",
    "Animator",
    "DATA_HUB",
    "DATA_URL",
    "Residual",
    "Timer",
    "TrainCallback",
    "Updater",
    "abs",
    "accuracy",
    "arange",
    "argmax",
    "astype",
    "concat",
    "corr2d",
    "cos",
    "cosh",
    "download",
    "download_all",
    "download_extract",
    "evaluate_accuracy",
    "evaluate_accuracy_gpu",
    "evaluate_loss",
    "exp",
    "eye",
    "float32",
    "get_dataloader_workers",
    "get_fashion_mnist_labels",
    "int32",
    "limit_epochs",
    "linreg",
    "linspace",
    "load_array",
    "load_data_fashion_mnist",
    "log",
    "matmul",
    "meshgrid",
    "nn_Module",
    "normal",
    "np",
    "numpy",
    "ones",
    "plot",
    "plt",
    "predict_ch3",
    "rand",
    "record",
    "reduce_sum",
    "reshape",
    "resnet18",
    "run_info",
    "seed",
    "set_axes",
    "set_figsize",
    "sgd",
    "show_images",
    "sin",
    "sinh",
    "size",
    "split_batch",
    "squared_loss",
    "stack",
    "synthetic_data",
    "tanh",
    "tensor",
    "tf",
    "to",
    "train_batch_ch13",
    "train_ch13",
    "train_ch3",
    "train_ch6",
    "train_epoch_ch3",
    "transpose",
    "try_all_gpus",
    "try_gpu",
    "use_svg_display",
    "zeros",
]

__getattr__ = missing_names("tensorflow")
