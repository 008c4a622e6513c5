"""On the same data both end up with the same loss and accuracy, within noise."""

import statistics

from benchmarks import metrics


def test_final_metrics_of_five_seeds_agree(framework, only_first):
    only_first(train=metrics.TRAIN, test=metrics.TEST)
    real = metrics.final_metrics(framework, "real")
    shim = metrics.final_metrics(framework, "shim")
    print(f"d2l: {real}\nkitap: {shim}")
    for runs in (real, shim):
        losses, accuracies, test_accuracies = zip(*runs, strict=True)
        assert len(set(losses)) == len(metrics.SEEDS), "every seed its own draw"
        assert statistics.mean(test_accuracies) > 0.6, "they learn"
    assert max(metrics.differences(real, shim)) < metrics.ALLOWED
