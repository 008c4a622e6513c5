"""Which device of PyTorch there is to compute on."""

import torch


def try_gpu(i=0):
    """Return GPU number `i` as a ``torch.device`` if there is one, else the CPU."""
    if torch.cuda.device_count() > i:
        return torch.device("cuda", i)
    return torch.device("cpu")


def try_all_gpus():
    """Return all GPUs as a list of ``torch.device``; without a GPU, ``[cpu]``."""
    gpus = [torch.device("cuda", i) for i in range(torch.cuda.device_count())]
    return gpus or [torch.device("cpu")]
