"""Do d2l and the shim end up with the same loss and accuracy, within noise?

    .venv-d2l/bin/python -m benchmarks.metrics

Each trains a small network from its own random start on its own random batches, once
for each seed. Writes the means with their spread to results/metrics.md and .json;
`make test-d2l` asks the same of a single framework, and judges.
"""

import math
import statistics
from unittest import mock

from benchmarks import common
from tests.d2l import frameworks

SEEDS = (1, 2, 3, 4, 5)
TRAIN, TEST = 2048, 1024
BATCH_SIZE, EPOCHS, LEARNING_RATE = 64, 4, 0.05
METRICS = ("eğitim kaybı", "eğitim doğruluğu", "test doğruluğu")
ALLOWED = 4
"""Standard errors: with five seeds a side, equal means differ by more in 0.4 % of all
cases (Student's t with 8 degrees of freedom)."""


def final_metrics(framework, side):
    """Return for each seed what the last epoch of a training leaves.

    Parameters
    ----------
    framework : tests.d2l.frameworks.Framework
        Its data must have been limited to `TRAIN` and `TEST` images.
    side : {"real", "shim"}

    Returns
    -------
    list of (float, float, float)
        Training loss, training accuracy and test accuracy.
    """
    d2l = getattr(framework, side)
    train = getattr(framework, f"train_{side}")
    results = []
    for seed in SEEDS:
        framework.shim.seed(seed)  # seeds everything that d2l draws from as well
        # d2l's reading processes take longer to start here than to read. It has none in
        # TensorFlow.
        none = mock.patch.object(
            framework.real, "get_dataloader_workers", lambda: 0, create=True
        )
        with none:
            data = d2l.load_data_fashion_mnist(BATCH_SIZE)
        run = train(framework.small_cnn(), *data, EPOCHS, LEARNING_RATE)
        results.append((*run.curve[-1], run.test_accuracy[-1]))
    return results


def differences(real, shim):
    """Return for each metric the difference of the means, in its standard errors."""
    pairs = zip(transposed(real), transposed(shim), strict=True)
    return [
        abs(statistics.mean(ours) - statistics.mean(theirs))
        / standard_error(ours, theirs)
        for theirs, ours in pairs
    ]


def standard_error(*samples):
    """Return the standard error of the difference of the means of two samples."""
    return math.sqrt(sum(statistics.variance(x) / len(x) for x in samples))


def transposed(runs):
    """Return for each metric its values in all runs."""
    return list(zip(*runs, strict=True))


def measure(framework, side):
    common.only_first(TRAIN, TEST)
    return final_metrics(frameworks.get(framework), side)


def main():
    options = common.parser(__doc__.splitlines()[0], rounds=1).parse_args()
    if options.job:
        common.answer(measure(**options.job))
        return
    jobs = [
        {"framework": key, "side": side}
        for key in options.framework
        for side in common.SIDES
    ]
    found = [figures for (figures,) in common.in_turn("metrics", jobs, rounds=1)]
    rows = [
        row
        for key, real, shim in zip(
            options.framework, found[::2], found[1::2], strict=True
        )
        for row in comparison(key, real, shim)
    ]
    header = ["Çerçeve", "ölçü", "d2l", "d2l_shim", "fark, standart hata"]
    text = common.table(header, rows)
    note = (
        f"28 × 28, {common.number(TRAIN)} eğitim ve {common.number(TEST)} test "
        f"görüntüsü, {EPOCHS} dönem; {len(SEEDS)} tohumun ortalaması ± standart "
        "sapması."
    )
    common.publish("metrics", text, note, {"jobs": jobs, "runs": found})


def comparison(key, real, shim):
    """Yield a line of the table for each metric: means ± standard deviations."""
    columns = (METRICS, transposed(real), transposed(shim), differences(real, shim))
    for metric, theirs, ours, difference in zip(*columns, strict=True):
        label = common.LABELS[key]
        yield [
            label,
            metric,
            spread(theirs),
            spread(ours),
            common.number(difference, 1),
        ]


def spread(values):
    mean, deviation = statistics.mean(values), statistics.stdev(values)
    return f"{common.number(mean, 3)} ± {common.number(deviation, 3)}"


if __name__ == "__main__":
    main()
