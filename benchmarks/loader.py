"""How fast does `load_data_fashion_mnist` enlarge images, beside Pillow one by one?

    python benchmarks/loader.py [--resize 224] [--batch-size 128]

Prints the machine, then images per second and the ratio to Pillow for each framework
that is installed. All figures come from one run and each framework has a process of
its own, so the ratios hold on a noisy machine where the rates do not.
"""

import argparse
import importlib
import importlib.util
import json
import statistics
import subprocess
import sys
import time

import numpy as np
from PIL import Image

from d2l_shim import fashion_mnist, training

FRAMEWORKS = ("torch", "tensorflow", "mxnet")
REPEATS = 5
IMAGES = 2048


def pillow_rate(size):
    """Return images per second when Pillow enlarges the images one after another."""
    train, _, _ = fashion_mnist.load()
    images = train.images[:IMAGES]

    def enlarge_all():
        for image in images:
            enlarged = Image.fromarray(image).resize((size, size), Image.BILINEAR)
            np.asarray(enlarged, np.float32) / 255

    return median_rate(enlarge_all, len(images))


def framework_rate(framework, size, batch_size):
    """Return images per second over whole epochs of the framework's training data."""
    d2l = importlib.import_module(f"d2l_shim.{framework}")
    train_iter, _ = d2l.load_data_fashion_mnist(batch_size, resize=size)
    count = sum(len(y) for _, y in train_iter)

    def epoch():
        for X, _ in train_iter:
            if framework == "mxnet":
                X.wait_to_read()  # MXNet only queues the work

    return median_rate(epoch, count)


def median_rate(work, count):
    """Return `count` over the median time of some repetitions of `work`."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return count / statistics.median(times)


def in_own_process(arguments):
    """Return the rate that this script finds for one framework in a new process."""
    command = [sys.executable, __file__, *arguments]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(output.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--resize", type=int, default=224)
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--framework", choices=FRAMEWORKS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.framework:
        rate = framework_rate(options.framework, options.resize, options.batch_size)
        print(json.dumps(rate))
        return
    print(training.run_info("benchmarks/loader.py", "cpu"))
    baseline = pillow_rate(options.resize)
    print(f"{'Pillow':<12}{baseline:>10,.0f} images/s")
    for framework in FRAMEWORKS:
        if importlib.util.find_spec(framework):
            rate = in_own_process(["--framework", framework, *sys.argv[1:]])
            print(f"{framework:<12}{rate:>10,.0f} images/s{rate / baseline:>8.1f}×")


if __name__ == "__main__":
    main()
