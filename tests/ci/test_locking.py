"""Choosing and locking versions: what the two programs make of a resolution."""

import lock
import renew

NEWEST = {
    "matplotlib": ["matplotlib==4.0.0"],
    "numpy": [
        "numpy==1.26.5 ; python_full_version < '3.13'",
        "numpy==3.0.0 ; python_full_version >= '3.13'",
    ],
    "tensorflow": ["tensorflow==3.0.0"],
    "jupyter-client": ["jupyter-client==9.0.0"],
}


def raised(text):
    """A requirements file with the newest versions."""
    return renew.PIN.sub(lambda pin: renew.raised(pin, NEWEST), text)


def test_a_pin_gets_the_newest_version_and_keeps_what_else_it_says():
    assert raised("matplotlib==3.11.2\n") == "matplotlib==4.0.0\n"
    assert raised("jupyter_client==8.1\n") == "jupyter_client==9.0.0\n"
    gpu = "tensorflow[and-cuda]==2.21.0\n"
    assert raised(gpu) == "tensorflow[and-cuda]==3.0.0\n"


def test_of_two_versions_each_python_gets_its_own():
    text = (
        'numpy==1.26.4; python_version < "3.13"\n'
        'numpy==2.5.5; python_version >= "3.13"\n'
    )
    assert raised(text) == text.replace("1.26.4", "1.26.5").replace("2.5.5", "3.0.0")


def test_comments_options_and_packages_of_elsewhere_stay():
    text = "# torch==1 is old\n-c constraints.txt\nmxnet-cu112==1.9.1\n"
    assert raised(text) == text


def test_nothing_goes_back_and_jupyter_book_stays_on_its_line():
    limits = renew.limits()
    assert "jupyter-book<2" in limits
    pins = [x for name in renew.CHOSEN for x in lock.read(name)]
    assert {pin.replace("==", ">=", 1) for pin in pins} <= set(limits)


def test_the_constraints_name_a_python_only_where_versions_differ():
    lines = list(renew.constraints(NEWEST))
    assert "matplotlib==4.0.0" in lines
    assert 'numpy==1.26.5; python_version < "3.13"' in lines


RESOLUTION = """\
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:aa
numpy==1.26.4 ; python_full_version < '3.13' \\
    --hash=sha256:bb
numpy==2.5.5 ; python_full_version >= '3.13' \\
    --hash=sha256:cc
pywinpty==3.1.2 ; os_name == 'nt' \\
    --hash=sha256:dd
ptyprocess==0.7.0 ; os_name != 'nt' or sys_platform != 'win32' \\
    --hash=sha256:ee
"""


def test_a_lock_leaves_out_what_only_other_systems_need():
    found = lock.by_name(RESOLUTION)
    assert found.keys() == {"numpy", "ptyprocess"}
    assert found["numpy"].count("--hash") == 2


def test_a_gpu_lock_asks_for_no_other_framework(monkeypatch):
    asked = []
    monkeypatch.setattr(lock, "resolve", lambda wanted, *_, **__: asked.extend(wanted))
    book = ["torch==2.13.0", "tensorflow==2.21.0", "mxnet==1.9.1; x", "pooch==1.9.0"]
    lock.resolve_gpu("mxnet", book)
    names = {lock.name_of(line) for line in asked}
    assert {"mxnet-cu112", "pooch", "nbval", "pytest"} <= names
    assert not names & {"torch", "tensorflow", "mxnet"}
