"""Training on several devices with TensorFlow's distribution strategies.

:func:`train_ch6` trains on several devices of one process (``MirroredStrategy``) or,
in workers that :func:`launch` has started, on all of theirs together
(``MultiWorkerMirroredStrategy``).

Beside this module stand ``d2l_shim.torch.parallel`` and ``d2l_shim.mxnet.parallel``
with the same names.
"""

import functools
import json
import os
import sys

import tensorflow as tf

from d2l_shim import parallel
from d2l_shim.parallel import draw_curves, send_back  # noqa: F401  the same everywhere
from d2l_shim.tensorflow import trainer
from d2l_shim.tensorflow.devices import device_name, try_all_gpus
from d2l_shim.training import Sums, TrainingRun, means

CONFIG = "TF_CONFIG"


def launch(script, *arguments, workers=2, threads=1, timeout=600):
    """Run a script in several workers; return what they send back.

    Parameters
    ----------
    script : str or path
        A Python file; `arguments` are its ``sys.argv[1:]``. It calls :func:`join`
        before TensorFlow computes anything.
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
    addresses = [f"127.0.0.1:{port}" for port in parallel.free_ports(workers)]
    command = [sys.executable, str(script), *map(str, arguments)]
    processes = [
        parallel.Process(command, _variables(addresses, number))
        for number in range(workers)
    ]
    with parallel.working_folder() as folder:
        return parallel.launch(processes, folder, threads, timeout)


def _variables(addresses, number):
    """Return what tells a worker who it is, who the others are, and its GPU if any."""
    gpus = len(tf.config.list_physical_devices("GPU"))
    names = os.environ.get("CUDA_VISIBLE_DEVICES", ",".join(map(str, range(gpus))))
    task = {"type": "worker", "index": number}
    return {
        CONFIG: json.dumps({"cluster": {"worker": addresses}, "task": task}),
        parallel.RANK: str(number),
        "CUDA_VISIBLE_DEVICES": (
            names.split(",")[number] if gpus >= len(addresses) else "-1"
        ),
        "no_grpc_proxy": "127.0.0.1",
    }


@functools.cache
def join():
    """Join the workers that :func:`launch` started; return its rank and their number.

    A script calls this before TensorFlow computes anything. Elsewhere there is one
    worker.

    Returns
    -------
    tuple of two int
    """
    parallel.begin_worker()
    if CONFIG not in os.environ:
        return 0, 1
    resolver = _workers().cluster_resolver
    return resolver.task_id, len(resolver.cluster_spec().as_dict()["worker"])


@functools.cache
def _workers():
    return tf.distribute.MultiWorkerMirroredStrategy()


def train_ch6(net, train_iter, test_iter, num_epochs, lr, devices=None):
    """As ``d2l.train_ch6``, with each batch shared out among all devices.

    Called by every worker alike. The gradient is that of the mean loss over the whole
    batch, so that the updates are those of one device.

    Parameters
    ----------
    net : callable
        A function without arguments that builds the network; it is called where its
        parameters get a copy on each device.
    train_iter, test_iter : sized iterable of (X, y)
        The whole batches, the same in every worker: seed them alike.
    num_epochs : int
        Passes over the training data; the budget may allow fewer and then says so.
    lr : float
        Learning rate.
    devices : list of tf.device contexts, optional
        Devices of this process; ``try_all_gpus()`` without it. A worker that
        :func:`launch` has started uses its own.

    Returns
    -------
    d2l_shim.training.History
        The same in every worker.

    Raises
    ------
    TypeError
        `net` is a network and not a function.
    ValueError
        `train_iter` holds no batch, or the workers are not seeded alike.
    """
    if isinstance(net, tf.keras.Model):
        raise TypeError(
            "Ağın her aygıtta bir kopyası olmalı; kurulmuş bir ağ sonradan "
            "kopyalanamaz. train_ch6'ya ağı kuran fonksiyonu verin."
        )
    rank, workers = join()
    strategy = _strategy(devices)
    with parallel.only_first(rank), strategy.scope():
        number = float(parallel.order_number())
        total = tf.function(lambda: _sum(strategy, lambda: tf.constant(number)))()
        parallel.check_order(total, strategy.num_replicas_in_sync)
        net = net()
        train, test = (_shares(strategy, data) for data in (train_iter, test_iter))
        run = TrainingRun(net, train, num_epochs, _described(strategy, workers))
        for X, _ in test_iter:
            net(X[:1])  # Keras makes the parameters when it first sees an input
            break
        trainer._init_xavier(net)
        with run:
            _train(run, strategy, net, train, test, lr)
    return run.history


def _train(run, strategy, net, train, test, lr):
    optimizer = tf.keras.optimizers.SGD(learning_rate=lr)
    optimizer.build(net.trainable_variables)
    loss = _summed_loss()

    def on_part(X, y, own, whole):
        with tf.GradientTape() as tape:
            y_hat = net(X, training=True)[:own]
            loss_sum = loss(y[:own], y_hat)
            target = loss_sum / whole  # Keras adds the replicas' gradients up
        gradients = tape.gradient(target, net.trainable_variables)
        optimizer.apply_gradients(zip(gradients, net.trainable_variables, strict=True))
        return tf.stack([loss_sum, trainer._num_correct(y_hat, y[:own])])

    @tf.function(reduce_retracing=True)
    def step(*part):
        return _sum(strategy, on_part, *part)

    evaluate = _evaluator(strategy, net, test)
    run.begin(*evaluate())
    for _ in run.epochs():
        for parts, whole in run.batches(train):
            sums = step(*_place(strategy, parts), tf.constant(float(whole)))
            run.add(sums[0], sums[1], whole)
        run.end_epoch(*evaluate())


def _evaluator(strategy, net, test):
    """Return a function that gives mean cross-entropy and accuracy on the test data."""
    loss = _summed_loss()

    def on_part(X, y, own):
        y_hat, y = net(X, training=False)[:own], y[:own]
        return tf.stack([loss(y, y_hat), trainer._num_correct(y_hat, y)])

    @tf.function(reduce_retracing=True)
    def sums(*part):
        return _sum(strategy, on_part, *part)

    def evaluate():
        metric = Sums(3)
        for parts, whole in test:
            metric.add(*sums(*_place(strategy, parts)), whole)
        return means(metric)

    return evaluate


def _summed_loss():
    return tf.keras.losses.SparseCategoricalCrossentropy(
        from_logits=True, reduction="sum"
    )


def _strategy(devices):
    if CONFIG in os.environ:
        return _workers()
    return tf.distribute.MirroredStrategy(
        [device_name(device) for device in devices or try_all_gpus()]
    )


def _described(strategy, workers):
    devices = strategy.extended.worker_devices
    names = ", ".join(device.rpartition("device:")[2].lower() for device in devices)
    return f"{workers} × {names}" if workers > 1 else names


def _numbers(strategy):
    """Return the numbers of this process's replicas among all."""
    values = strategy.experimental_distribute_values_from_function(
        lambda context: context.replica_id_in_sync_group
    )
    return [int(number) for number in strategy.experimental_local_results(values)]


def _shares(strategy, data):
    return parallel.Shares(data, _numbers(strategy), strategy.num_replicas_in_sync)


def _place(strategy, parts):
    """Return X, y and own, each as the values of this process's replicas."""
    waiting = [iter(column) for column in zip(*parts, strict=True)]
    return [
        strategy.experimental_distribute_values_from_function(
            lambda _, column=column: tf.convert_to_tensor(next(column))
        )
        for column in waiting
    ]


def _sum(strategy, function, *arguments):
    """Run a function on every replica; return its results added up."""
    results = strategy.run(function, args=arguments)
    return strategy.reduce(tf.distribute.ReduceOp.SUM, results, axis=None)
