"""D2L's names for MXNet: ``from d2l_shim import mxnet as d2l``.

Images are NCHW: (examples, channels, height, width). Beside this package stand
``d2l_shim.torch`` and ``d2l_shim.tensorflow`` with the same modules and names.

Import this package before ``mxnet`` itself: it makes MXNet 1.9.1 importable beside a
current NumPy (``d2l_shim.mxnet_compat``) and turns on MXNet's NumPy interface.
"""

from matplotlib import pyplot as plt

from d2l_shim import mxnet_compat

mxnet_compat.import_mxnet().npx.set_np()

from mxnet import autograd, gluon, image, init, np, npx  # noqa: E402
from mxnet.gluon import nn  # noqa: E402

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
from d2l_shim.mxnet.arrays import (  # noqa: E402
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
from d2l_shim.mxnet.classification import (  # noqa: E402
    accuracy,
    evaluate_accuracy,
    predict_ch3,
    train_ch3,
    train_epoch_ch3,
)
from d2l_shim.mxnet.devices import try_all_gpus, try_gpu  # noqa: E402
from d2l_shim.mxnet.loader import load_data_fashion_mnist, seed  # noqa: E402
from d2l_shim.mxnet.multi_gpu import (  # noqa: E402
    evaluate_accuracy_gpus,
    split_batch,
    train_batch_ch13,
    train_ch13,
)
from d2l_shim.mxnet.networks import Residual, corr2d, nn_Module, resnet18  # noqa: E402
from d2l_shim.mxnet.regression import (  # noqa: E402
    evaluate_loss,
    linreg,
    load_array,
    sgd,
    squared_loss,
    synthetic_data,
)
from d2l_shim.mxnet.trainer import evaluate_accuracy_gpu, run_info, train_ch6  # noqa: E402
from d2l_shim.plotting import (  # noqa: E402
    Animator,
    plot,
    set_axes,
    set_figsize,
    show_images,
    use_svg_display,
)
from d2l_shim.results import record  # noqa: E402
from d2l_shim.training import Accumulator, Timer  # noqa: E402
from d2l_shim.workers import get_dataloader_workers  # noqa: E402

__all__ = [
    "Accumulator",
    "Animator",
    "DATA_HUB",
    "DATA_URL",
    "Residual",
    "Timer",
    "abs",
    "accuracy",
    "arange",
    "argmax",
    "astype",
    "autograd",
    "concat",
    "corr2d",
    "cos",
    "cosh",
    "download",
    "download_all",
    "download_extract",
    "evaluate_accuracy",
    "evaluate_accuracy_gpu",
    "evaluate_accuracy_gpus",
    "evaluate_loss",
    "exp",
    "eye",
    "float32",
    "get_dataloader_workers",
    "get_fashion_mnist_labels",
    "gluon",
    "image",
    "init",
    "int32",
    "limit_epochs",
    "linreg",
    "linspace",
    "load_array",
    "load_data_fashion_mnist",
    "log",
    "matmul",
    "meshgrid",
    "nn",
    "nn_Module",
    "normal",
    "np",
    "npx",
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

__getattr__ = missing_names("mxnet")
