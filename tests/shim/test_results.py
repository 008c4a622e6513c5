"""Recording a result: what the reader sees and what the notebook keeps."""

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from d2l_shim import results
from d2l_shim.training import History


@pytest.fixture
def shown(monkeypatch):
    """What was displayed: one dictionary of MIME types for each display."""
    publisher = CapturingDisplayPublisher()
    shell = InteractiveShell.instance()
    monkeypatch.setattr(shell, "display_pub", publisher)
    monkeypatch.setattr(InteractiveShell, "initialized", lambda: True)
    return lambda: [output["data"] for output in publisher.outputs]


def test_a_result_is_a_line_of_text_and_data(shown):
    results.record("LeNet", test_accuracy=0.8125, seconds=12)
    assert shown() == [
        {
            "text/plain": "LeNet: test doğruluğu 0.812, süre 12.0 sn",
            results.MIME_TYPE: {
                "name": "LeNet",
                "test_accuracy": 0.8125,
                "seconds": 12.0,
            },
        }
    ]


def test_of_a_training_run_the_state_after_its_last_epoch_is_kept(shown):
    history = History(
        device="cpu",
        net=None,
        train_loss=[2.0, 1.0],
        train_accuracy=[0.3, 0.6],
        test_loss=[1.9, 0.9],
        test_accuracy=[0.35, 0.65],
        examples=400,
        seconds=2.0,
    )
    results.record("LeNet", history, parameters=61_706)
    assert shown()[0][results.MIME_TYPE] == {
        "name": "LeNet",
        "test_accuracy": 0.65,
        "train_accuracy": 0.6,
        "test_loss": 0.9,
        "train_loss": 1.0,
        "seconds": 2.0,
        "examples_per_second": 200.0,
        "parameters": 61_706.0,
    }


def test_a_run_without_a_whole_epoch_has_no_accuracy_to_keep(shown):
    results.record("LeNet", History(device="cpu", net=None))
    assert "test_accuracy" not in shown()[0][results.MIME_TYPE]


@pytest.mark.parametrize(
    ("values", "cause"),
    [({"accuracy": 1}, "accuracy diye bir değer yok"), ({}, "değer verilmemiş")],
)
def test_a_value_without_a_known_name_is_refused(shown, values, cause):
    with pytest.raises(ValueError, match=f"“LeNet” .*{cause}.*test_accuracy"):
        results.record("LeNet", **values)
    assert shown() == []
