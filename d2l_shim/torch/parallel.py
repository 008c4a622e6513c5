"""Training in several processes with PyTorch's DistributedDataParallel.

:func:`launch` starts a script in several workers with torchrun, on this machine;
:func:`train_ch6` is what the script calls there. The workers exchange gradients
through NCCL where each has a GPU of its own, else through Gloo.

Beside this module stand ``d2l_shim.tensorflow.parallel`` and
``d2l_shim.mxnet.parallel`` with the same names.
"""

import atexit
import functools
import os
import sys

import torch
from torch import distributed, nn

from d2l_shim import parallel
from d2l_shim.batches import on
from d2l_shim.parallel import draw_curves, send_back  # noqa: F401  the same everywhere
from d2l_shim.torch import trainer
from d2l_shim.torch.classification import num_correct
from d2l_shim.training import Sums, TrainingRun, means


def launch(script, *arguments, workers=2, threads=1, timeout=600):
    """Run a script in several workers with torchrun; return what they send back.

    Parameters
    ----------
    script : str or path
        A Python file; `arguments` are its ``sys.argv[1:]``.
    workers : int
        Processes that run it.
    threads : int
        Cores that each worker computes on.
    timeout : float
        Seconds after which all are ended.

    Returns
    -------
    list
        What each worker gave to :func:`send_back`, in the order of their ranks.

    Raises
    ------
    d2l_shim.parallel.WorkerError
        A worker failed, with its message, or time was up.
    """
    with parallel.working_folder() as folder:
        command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
        command += [f"--nproc-per-node={workers}", "--redirects=3"]
        command += [f"--log-dir={folder}", str(script), *map(str, arguments)]
        return parallel.launch([parallel.Process(command)], folder, threads, timeout)


@functools.cache
def join():
    """Join the workers that torchrun started; return this one's rank and their number.

    Outside torchrun there is one worker. :func:`train_ch6` does this by itself.

    Returns
    -------
    tuple of two int
    """
    backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
    launched = distributed.is_torchelastic_launched()
    alone = {"store": distributed.HashStore(), "rank": 0, "world_size": 1}
    distributed.init_process_group(backend, **({} if launched else alone))
    atexit.register(distributed.destroy_process_group)
    parallel.begin_worker()  # not earlier: PyTorch puts its own report of errors on top
    return distributed.get_rank(), distributed.get_world_size()


def train_ch6(net, train_iter, test_iter, num_epochs, lr, devices=None):
    """As ``d2l.train_ch6``, with each batch shared out among all workers.

    Called by every worker alike. The gradient is that of the mean loss over the whole
    batch, so that the updates are those of one device. Outside torchrun there is one
    worker.

    Parameters
    ----------
    net : torch.nn.Module
        Maps X to one score a class, without softmax.
    train_iter, test_iter : sized iterable of (X, y)
        The whole batches, the same in every worker: seed them alike.
    num_epochs : int
        Passes over the training data; the budget may allow fewer and then says so.
    lr : float
        Learning rate.
    devices : list of torch.device, optional
        The one device of this worker; without it the GPU with its number, or the CPU
        if there are too few.

    Returns
    -------
    d2l_shim.training.History
        The same in every worker.

    Raises
    ------
    ValueError
        `train_iter` holds no batch, or the workers are not seeded alike.
    """
    rank, workers = join()
    (device,) = devices or [_own_device()]
    with parallel.only_first(rank):
        parallel.check_order(_sum(device, parallel.order_number())[0], workers)
        train, test = (
            parallel.Shares(on(device, data), [rank], workers)
            for data in (train_iter, test_iter)
        )
        run = TrainingRun(net, train, num_epochs, f"{workers} × {device.type}")
        net.to(device)
        trainer._make_parameters(net, test_iter, device)
        net.apply(trainer._init_xavier)
        with trainer._fast(net), run:
            _train(run, net, train, test, lr, device)
    return run.history


def _train(run, net, train, test, lr, device):
    ids = [device] if device.type == "cuda" else None
    model = nn.parallel.DistributedDataParallel(net, ids, gradient_as_bucket_view=True)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    loss = nn.CrossEntropyLoss(reduction="sum")
    run.begin(*_evaluate(net, test, device))
    for _ in run.epochs():
        net.train()
        for [(X, y, own)], whole in run.batches(train):
            X, y = X.to(device, non_blocking=True), y.to(device, non_blocking=True)
            optimizer.zero_grad()
            y_hat = model(X)[:own]
            loss_sum = loss(y_hat, y[:own])
            # The engine takes the mean of the workers' gradients.
            (loss_sum * (distributed.get_world_size() / whole)).backward()
            optimizer.step()
            counted = num_correct(y_hat.detach(), y[:own])
            run.add(*_sum(device, loss_sum.detach(), counted), whole)
        run.end_epoch(*_evaluate(net, test, device))


def _evaluate(net, test, device):
    """Return mean cross-entropy and accuracy over the parts of all workers."""
    net.eval()
    loss = nn.CrossEntropyLoss(reduction="sum")
    metric = Sums(3)
    with torch.inference_mode():
        for [(X, y, own)], _ in test:
            X, y = X[:own].to(device), y[:own].to(device)
            y_hat = net(X)
            metric.add(loss(y_hat, y), num_correct(y_hat, y), own)
        metric.data = _sum(device, *metric.data).tolist()
    return means(metric)


def _sum(device, *numbers):
    """Return each number summed over the workers, as a tensor of all."""
    tensors = [torch.as_tensor(n, dtype=torch.float32, device=device) for n in numbers]
    sums = torch.stack(tensors)
    distributed.all_reduce(sums)
    return sums


def _own_device():
    """Return the GPU that has this worker's number, if every worker has one."""
    number = int(os.environ.get("LOCAL_RANK", 0))
    if torch.cuda.device_count() < int(os.environ.get("LOCAL_WORLD_SIZE", 1)):
        return torch.device("cpu")
    torch.cuda.set_device(number)
    return torch.device("cuda", number)
