"""D2L's names for PyTorch: ``from d2l_shim import torch as d2l``.

Images are NCHW: (examples, channels, height, width). Beside this package stand
``d2l_shim.tensorflow`` and ``d2l_shim.mxnet`` with the same modules and names.
"""

import numpy as np
import torch
from matplotlib import pyplot as plt
from PIL import Image
from torch import nn
from torch.nn import functional as F

from d2l_shim.budget import limit_epochs
from d2l_shim.d2l_package import missing_names
from d2l_shim.data_hub import (
    DATA_HUB,
    DATA_URL,
    download,
    download_all,
    download_extract,
)
from d2l_shim.fashion_mnist import get_fashion_mnist_labels
from d2l_shim.plotting import (
    Animator,
    plot,
    set_axes,
    set_figsize,
    show_images,
    use_svg_display,
)
from d2l_shim.results import record
from d2l_shim.torch.arrays import (
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
from d2l_shim.torch.classification import (
    accuracy,
    evaluate_accuracy,
    predict_ch3,
    train_ch3,
    train_epoch_ch3,
)
from d2l_shim.torch.devices import try_all_gpus, try_gpu
from d2l_shim.torch.loader import load_data_fashion_mnist, seed
from d2l_shim.torch.multi_gpu import split_batch, train_batch_ch13, train_ch13
from d2l_shim.torch.networks import Residual, corr2d, nn_Module, resnet18
from d2l_shim.torch.regression import (
    evaluate_loss,
    linreg,
    load_array,
    sgd,
    squared_loss,
    synthetic_data,
)
from d2l_shim.torch.trainer import evaluate_accuracy_gpu, run_info, train_ch6
from d2l_shim.training import Accumulator, Timer
from d2l_shim.workers import get_dataloader_workers

__all__ = [
    "Accumulator",
    "Animator",
    "DATA_HUB",
    "DATA_URL",
    "F",
    "Image",
    "Residual",
    "Timer",
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
    "nn",
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
    "to",
    "torch",
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

__getattr__ = missing_names("torch")
