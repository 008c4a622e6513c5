"""Which device of MXNet there is to compute on."""

from mxnet import npx


def try_gpu(i=0):
    """Return GPU number `i` as an ``mxnet.Context`` if there is one, else the CPU."""
    return npx.gpu(i) if npx.num_gpus() > i else npx.cpu()


def try_all_gpus():
    """Return all GPUs as a list of ``mxnet.Context``; without a GPU, ``[cpu]``."""
    return [npx.gpu(i) for i in range(npx.num_gpus())] or [npx.cpu()]
