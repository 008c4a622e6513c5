"""Training on several devices with MXNet's key-value store.

:func:`train_ch6` trains on several devices of one process or, in workers that
:func:`launch` has started, on all of theirs together. Those send their gradients to a
server, a further process that adds them up (``dist_sync``); each worker then updates
its own copy of the network.

Beside this module stand ``d2l_shim.torch.parallel`` and
``d2l_shim.tensorflow.parallel`` with the same names.
"""

import functools
import itertools
import os
import sys

from mxnet import autograd, gluon, init, kvstore, np, npx

from d2l_shim import parallel
from d2l_shim.mxnet import trainer
from d2l_shim.parallel import draw_curves, send_back  # noqa: F401  the same everywhere
from d2l_shim.training import Sums, TrainingRun, means

ROLE = "DMLC_ROLE"
KEYS = itertools.count()  # a store keeps each key for good: no two may be the same
SUMS = next(KEYS)  # of what the workers count
SERVE = """
from d2l_shim import parallel
parallel.begin_worker()
from d2l_shim import mxnet  # serves meanwhile, and returns when the workers are done
"""


def launch(script, *arguments, workers=2, threads=1, timeout=600):
    """Run a script in several workers; return what they send back.

    Beside the workers run a server and a scheduler, as the key-value store needs them.

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
    root, *ports = parallel.free_ports(workers + 1)
    common = {
        "DMLC_PS_ROOT_URI": "127.0.0.1",
        "DMLC_PS_ROOT_PORT": str(root),
        "DMLC_NODE_HOST": "127.0.0.1",
        "DMLC_NUM_WORKER": str(workers),
        "DMLC_NUM_SERVER": "1",
    }
    command = [sys.executable, str(script), *map(str, arguments)]
    processes = [
        # The store numbers the workers in the order of their ports.
        parallel.Process(
            command,
            {**common, ROLE: "worker", "PORT": str(port), parallel.RANK: str(number)},
        )
        for number, port in enumerate(ports)
    ]
    for role in ("server", "scheduler"):
        processes.append(
            parallel.Process([sys.executable, "-c", SERVE], {**common, ROLE: role})
        )
    with parallel.working_folder() as folder:
        return parallel.launch(processes, folder, threads, timeout)


def join():
    """Join the workers that :func:`launch` started; return its rank and their number.

    Elsewhere there is one worker. :func:`train_ch6` does this by itself.

    Returns
    -------
    tuple of two int
    """
    store = _store()
    return store.rank, store.num_workers


@functools.cache
def _store():
    """Return the store through which all devices of all workers add numbers up."""
    parallel.begin_worker()
    launched = os.environ.get(ROLE) == "worker"
    store = kvstore.create("dist_sync" if launched else "device")
    store.init(SUMS, np.zeros(2))
    return store


def train_ch6(net, train_iter, test_iter, num_epochs, lr, devices=None):
    """As ``d2l.train_ch6``, with each batch shared out among all devices.

    Called by every worker alike. The gradient is that of the mean loss over the whole
    batch, so that the updates are those of one device.

    Parameters
    ----------
    net : mxnet.gluon.Block
        Maps X to one score a class, without softmax.
    train_iter, test_iter : sized iterable of (X, y)
        The whole batches, the same in every worker: seed them alike.
    num_epochs : int
        Passes over the training data; the budget may allow fewer and then says so.
    lr : float
        Learning rate.
    devices : list of mxnet.Context, optional
        Devices of this process. Without it a worker takes the GPU with its number, or
        the CPU if there are too few; where there is one worker, ``try_all_gpus()``.

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
    devices = devices or _own_devices(rank, workers)
    with parallel.only_first(rank):
        parallel.check_order(_sum([parallel.order_number()])[0], workers)
        count = len(devices)
        numbers = range(rank * count, (rank + 1) * count)
        train, test = (
            parallel.Shares(data, numbers, workers * count)
            for data in (train_iter, test_iter)
        )
        names = ", ".join(map(str, devices))
        name = f"{workers} × {names}" if workers > 1 else names
        run = TrainingRun(net, train, num_epochs, name)
        net.initialize(init.Xavier(), ctx=devices, force_reinit=True)
        with trainer._as_graph(net) as graph, run:
            _train(run, graph, train, test, lr, devices)
    return run.history


def _train(run, net, train, test, lr, devices):
    parameters = net.collect_params()
    optimizer = gluon.Trainer(parameters, "sgd", {"learning_rate": lr}, kvstore=None)
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    run.begin(*_evaluate(net, test, devices))
    keys = _announce(parameters)
    for _ in run.epochs():
        for parts, whole in run.batches(train):
            parts = _place(parts, devices)
            with autograd.record():
                results = [_forward(net, loss, *part) for part in parts]
            autograd.backward([loss_sum for loss_sum, _ in results])
            _add_gradients(keys)
            optimizer.step(whole)
            run.add(*_sum(_added(results)), whole)
        run.end_epoch(*_evaluate(net, test, devices))


def _announce(parameters):
    """Return the parameters by the keys under which the store knows their gradients."""
    keys = dict(zip(KEYS, parameters.values(), strict=False))
    for key, parameter in keys.items():
        zeros = np.zeros(parameter.shape)
        zeros.wait_to_read()
        _store().init(key, zeros)
    return keys


def _add_gradients(keys):
    """Replace each gradient by its sum over all devices of all workers.

    Gluon's trainer could do so itself, but with its exchange two processes took wrong
    steps in about half of the runs (MXNet 1.9.1).
    """
    for key, parameter in keys.items():
        if parameter.grad_req != "null":
            _store().push(key, parameter.list_grad(), priority=-key)
            _store().pull(key, out=parameter.list_grad(), priority=-key)


def _evaluate(net, test, devices):
    """Return mean cross-entropy and accuracy over the parts of all workers."""
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    metric = Sums(3)
    for parts, whole in test:
        parts = _place(parts, devices)
        metric.add(*_added(_forward(net, loss, *part) for part in parts), whole)
    metric.data[:2] = _sum(metric.data[:2])
    return means(metric)


def _forward(net, loss, X, y, own):
    """Return summed loss and correct predictions of a part's own examples."""
    y_hat = net(X)
    counts = np.array([1.0] * own + [0.0] * (len(y) - own), ctx=X.ctx)
    right = (y_hat.argmax(axis=1).astype(y.dtype) == y) * counts
    return (loss(y_hat, y) * counts).sum(), right.sum()


def _place(parts, devices):
    return [
        (X.as_in_ctx(device), y.as_in_ctx(device), own)
        for (X, y, own), device in zip(parts, devices, strict=True)
    ]


def _added(results):
    """Return summed loss and correct predictions of this worker; waits for them."""
    return [sum(map(float, numbers)) for numbers in zip(*results, strict=True)]


def _sum(numbers):
    """Return each number summed over the workers."""
    values = np.zeros(2)
    values[: len(numbers)] = np.array(numbers)
    _store().push(SUMS, values)
    _store().pull(SUMS, out=values)
    return [float(value) for value in values[: len(numbers)]]


def _own_devices(rank, workers):
    gpus = npx.num_gpus()
    if workers == 1:
        return [npx.gpu(i) for i in range(gpus)] or [npx.cpu()]
    return [npx.gpu(rank) if gpus >= workers else npx.cpu()]
