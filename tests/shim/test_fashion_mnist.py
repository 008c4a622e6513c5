"""Where the data come from, in which order, and what the reader is told."""

import contextlib
import gzip
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from idx_files import NAMES, idx_bytes, random_split, write_data

from d2l_shim import downloads, fashion_mnist
from d2l_shim.errors import DataError
from tests.shim.bad_server import bad_server, ok, send, status

TRAIN, TEST = random_split(12, seed=1), random_split(6, seed=2)
FIRST = f"{NAMES[0]}.gz"
CHOICES = (
    "İnternet bağlantısını denetleyip",
    "D2L_SHIM_DATA ortam değişkeniyle",
    "D2L_SHIM_DATA=synthetic",
)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    monkeypatch.delenv("D2L_SHIM_DATA", raising=False)
    monkeypatch.delenv("D2L_SHIM_BUDGET", raising=False)


@pytest.fixture
def use(monkeypatch):
    """Return a function that sets `D2L_SHIM_DATA`."""
    return lambda value: monkeypatch.setenv("D2L_SHIM_DATA", str(value))


@pytest.fixture
def cache(monkeypatch, tmp_path):
    """The folder in which the data are cached, not made yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return downloads.cache_folder("fashion-mnist")


@pytest.fixture
def server(monkeypatch, tmp_path, cache):
    """A web server with the four files at two addresses, in place of the official ones.

    Its `files` maps their names to what is in them.
    """
    folder = write_data(tmp_path / "official", TRAIN, TEST)
    with bad_server() as server:
        server.files = {path.name: path.read_bytes() for path in folder.iterdir()}
        for mirror in ("first", "second"):
            for name, body in server.files.items():
                url = server.answer(f"{mirror}/{name}", send(ok(body)))
        address = url.removesuffix(f"second/{name}")
        mirrors = (f"{address}first/", f"{address}second/")
        sha256 = {name: _sha256(server.files[name]) for name in FILES}
        monkeypatch.setattr(fashion_mnist, "BASE_URLS", mirrors)
        monkeypatch.setattr(fashion_mnist, "SHA256", sha256)
        yield server


FILES = [f"{name}.gz" for name in NAMES]


def _sha256(body):
    return hashlib.sha256(body).hexdigest()


def files_in(cache):
    """Return the names in the cache, without the locks."""
    return sorted(name for name in os.listdir(cache) if not name.endswith(".lock"))


def assert_is(image_set, split):
    np.testing.assert_array_equal(image_set.images, split[0])
    np.testing.assert_array_equal(image_set.labels, split[1])


# A folder of the reader's own


@pytest.mark.parametrize("compress", [True, False], ids=["gzip", "plain"])
def test_a_folder_with_any_number_of_images_is_read(tmp_path, use, compress):
    use(write_data(tmp_path / "data", TRAIN, TEST, compress))
    train, test, source = fashion_mnist.load()
    assert (len(train), len(test), source) == (12, 6, "folder")
    assert_is(train, TRAIN)
    assert_is(test, TEST)


def test_unchanged_files_are_parsed_once_and_changed_ones_again(tmp_path, use):
    folder = write_data(tmp_path / "data", TRAIN, TEST)
    use(folder)
    first = fashion_mnist.load()[0]
    assert fashion_mnist.load()[0] is first
    write_data(folder, random_split(20), TEST)
    assert len(fashion_mnist.load()[0]) == 20


def test_another_folder_is_read_when_the_setting_changes(tmp_path, use):
    use(write_data(tmp_path / "one", TRAIN, TEST))
    fashion_mnist.load()
    use(write_data(tmp_path / "two", TEST, TRAIN))
    assert_is(fashion_mnist.load()[0], TEST)


def test_a_folder_goes_before_the_cache(tmp_path, use, server):
    fashion_mnist.load()
    use(write_data(tmp_path / "own", TEST, TRAIN))
    assert fashion_mnist.load()[2] == "folder"


def test_the_folder_s_path_may_start_with_a_tilde(tmp_path, use, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    write_data(tmp_path / "data", TRAIN, TEST)
    use("~/data")
    assert fashion_mnist.load()[2] == "folder"


def expect_error(*parts):
    """Load, and check that the error names each of `parts`."""
    with pytest.raises(DataError) as caught:
        fashion_mnist.load()
    for part in parts:
        assert str(part) in str(caught.value)


def test_a_folder_that_is_not_there(tmp_path, use):
    use(tmp_path / "nowhere")
    expect_error("klasör yok", tmp_path / "nowhere", "Değişkeni düzeltin")


def test_a_folder_without_one_of_the_files(tmp_path, use):
    folder = write_data(tmp_path / "data", TRAIN, TEST)
    (folder / f"{NAMES[3]}.gz").unlink()
    use(folder)
    expect_error("eksik dosya", folder / NAMES[3], "Dosyayı oraya koyun")


def test_a_damaged_file(tmp_path, use):
    folder = write_data(tmp_path / "data", TRAIN, TEST)
    (folder / FIRST).write_bytes((folder / FIRST).read_bytes()[:500])
    use(folder)
    expect_error(folder / FIRST, "gzip verisi bozuk", "yeniden indirin")


def test_unequal_numbers_of_images_and_labels(tmp_path, use):
    use(write_data(tmp_path / "data", (TRAIN[0], TRAIN[1][:-1]), TEST))
    expect_error("12 görüntü", "11 etiket", "aynı kaynaktan")


def test_a_label_that_is_no_class(tmp_path, use):
    use(write_data(tmp_path / "data", (TRAIN[0], TRAIN[1] + 1), TEST))
    expect_error("9'dan büyük etiket var", NAMES[1])


def test_files_without_a_single_image(tmp_path, use):
    use(write_data(tmp_path / "data", (TRAIN[0][:0], TRAIN[1][:0]), TEST))
    expect_error("hiç etiket yok", NAMES[1])


# Cache and download (test_downloads.py has the ways in which a download can fail)


def test_an_empty_cache_is_filled_and_then_used_without_the_network(server, cache):
    train, test, source = fashion_mnist.load()
    assert source == "cache"
    assert_is(train, TRAIN)
    assert_is(test, TEST)
    assert files_in(cache) == sorted(FILES)
    fashion_mnist.load()
    assert server.requests == [f"first/{name}" for name in FILES]


def test_the_next_mirror_is_asked_when_one_fails(server, cache):
    server.answer(f"first/{FIRST}", status(404))
    assert_is(fashion_mnist.load()[0], TRAIN)
    assert server.requests[:2] == [f"first/{FIRST}", f"second/{FIRST}"]
    assert files_in(cache) == sorted(FILES)


def test_when_every_mirror_fails_the_error_names_the_choices(server, cache):
    for mirror in ("first", "second"):
        server.answer(f"{mirror}/{FIRST}", status(404))
    expect_error(f"{FIRST} indirilemedi", "sunucu 404 yanıtını verdi", *CHOICES)
    assert files_in(cache) == []


def test_a_damaged_file_in_the_cache_is_replaced(server, cache):
    fashion_mnist.load()
    (cache / FIRST).write_bytes(server.files[FIRST][:-1] + b"?")
    assert_is(fashion_mnist.load()[0], TRAIN)
    assert (cache / FIRST).read_bytes() == server.files[FIRST]


def test_a_damaged_file_in_the_cache_is_never_used(server, cache):
    fashion_mnist.load()
    (cache / FIRST).write_bytes(gzip.compress(idx_bytes(TRAIN[0][::-1])))
    for mirror in ("first", "second"):
        server.answer(f"{mirror}/{FIRST}", status(500))
    expect_error(f"{FIRST} indirilemedi")


@contextlib.contextmanager
def read_only(folder):
    """Make `folder` read-only, also for the superuser, who tests in containers."""
    superuser = os.geteuid() == 0
    folder.chmod(0o555)
    if superuser:
        os.seteuid(65534)
    try:
        yield
    finally:
        if superuser:
            os.seteuid(0)
        folder.chmod(0o755)


@pytest.fixture
def public_cache(server, monkeypatch):
    """An empty cache folder that every user of the machine may reach."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setenv("XDG_CACHE_HOME", folder)
        cache = downloads.cache_folder("fashion-mnist")
        cache.mkdir(parents=True)
        yield cache


def test_a_full_cache_may_be_read_only(public_cache):
    fashion_mnist.load()
    for file in public_cache.iterdir():
        file.chmod(0o444)
    with read_only(public_cache):
        assert_is(fashion_mnist.load()[0], TRAIN)


def test_an_empty_cache_that_is_read_only(public_cache):
    with read_only(public_cache):
        expect_error(
            public_cache, "erişim izni yok", "yazılabilir yapın", "D2L_SHIM_DATA"
        )


LOAD_FROM = """
import json, sys
from d2l_shim import fashion_mnist
fashion_mnist.BASE_URLS, fashion_mnist.SHA256 = json.loads(sys.argv[1])
train, test, source = fashion_mnist.load()
print(source, int(train.images.sum()), int(test.images.sum()))
"""


def test_a_download_shows_its_progress_but_no_path_of_this_machine(server, cache, root):
    sources = json.dumps([fashion_mnist.BASE_URLS, fashion_mnist.SHA256])
    process = subprocess.run(
        [sys.executable, "-c", LOAD_FROM, sources],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert process.stdout == f"cache {TRAIN[0].sum()} {TEST[0].sum()}\n"
    assert FIRST in process.stderr
    assert str(cache) not in process.stderr


# What is printed


def make_official(monkeypatch, train, test):
    monkeypatch.setattr(fashion_mnist, "OFFICIAL_COUNTS", (train, test))


def load_limited(capsys, batch_size=128):
    """Return the numbers of images and the lines printed."""
    train, test = fashion_mnist.load_limited(batch_size)
    return len(train), len(test), capsys.readouterr().out.splitlines()


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A folder with a few more images than the cpu budget allows."""
    blank = [(np.zeros((n, 28, 28)), np.arange(n) % 10) for n in (8200, 4100)]
    return write_data(tmp_path_factory.mktemp("large"), *blank, compress=False)


def test_the_whole_official_set_is_not_worth_a_line(large, use, monkeypatch, capsys):
    make_official(monkeypatch, 8200, 4100)
    use(large)
    assert load_limited(capsys) == (8200, 4100, [])


def test_the_cpu_budget_is_announced(large, use, monkeypatch, capsys):
    make_official(monkeypatch, 8200, 4100)
    monkeypatch.setenv("D2L_SHIM_BUDGET", "cpu")
    use(large)
    assert load_limited(capsys) == (
        8192,
        4096,
        [
            "Bütçe cpu: 8.192 eğitim ve 4.096 test görüntüsü "
            "(resmî küme: 60.000 ve 10.000)."
        ],
    )


def test_a_part_of_the_official_set_is_announced(large, use, capsys):
    use(large)
    assert load_limited(capsys)[2] == [
        "Veri: Fashion-MNIST'in bir bölümü, 8.200 eğitim ve 4.100 test görüntüsü "
        "(resmî küme: 60.000 ve 10.000)."
    ]


def test_each_limit_has_a_line_of_its_own(large, use, monkeypatch, capsys):
    monkeypatch.setenv("D2L_SHIM_BUDGET", "smoke")
    use(large)
    train, test, lines = load_limited(capsys, batch_size=16)
    assert (train, test) == (8 * 16, 2 * 16)
    assert [line.split(":")[0] for line in lines] == ["Veri", "Bütçe smoke"]


def test_no_printed_line_shows_a_path(large, use, monkeypatch, capsys):
    monkeypatch.setenv("D2L_SHIM_BUDGET", "smoke")
    use(large)
    assert str(large) not in "\n".join(load_limited(capsys)[2])
    assert str(large) not in fashion_mnist.describe()


def test_drawn_garments_are_announced(use, capsys):
    use("synthetic")
    assert fashion_mnist.load()[2] == "synthetic"
    assert load_limited(capsys) == (
        8192,
        4096,
        [
            "Veri: Fashion-MNIST yerine çizilmiş giysi görüntüleri, "
            "8.192 eğitim ve 4.096 test görüntüsü."
        ],
    )


def test_limited_images_are_the_first_ones(tmp_path, use, monkeypatch):
    monkeypatch.setenv("D2L_SHIM_BUDGET", "smoke")
    use(write_data(tmp_path / "data", TRAIN, TEST))
    train, test = fashion_mnist.load_limited(1)
    assert_is(train, (TRAIN[0][:8], TRAIN[1][:8]))
    assert_is(test, (TEST[0][:2], TEST[1][:2]))


def test_data_and_budget_are_described_in_one_line(large, use, monkeypatch):
    monkeypatch.setenv("D2L_SHIM_BUDGET", "cpu")
    use(large)
    assert fashion_mnist.describe() == (
        "Veri: Fashion-MNIST'in bir bölümü, 8.200 eğitim ve 4.100 test görüntüsü "
        "(resmî küme: 60.000 ve 10.000). "
        "Bütçe: cpu (en çok 8.192 eğitim ve 4.096 test görüntüsü, "
        "büyütülmüş görüntülerle 5 dönem)."
    )


# The real data


def test_the_real_files_hold_every_class(real_data, use):
    use(real_data)
    train, test, _ = fashion_mnist.load()
    for split in (train, test):
        assert split.images.shape == (len(split), 28, 28)
        assert split.images.dtype == split.labels.dtype == np.uint8
        assert np.bincount(split.labels, minlength=10).min() > 0
    assert fashion_mnist.get_fashion_mnist_labels(train.labels[:2]) == [
        "ankle boot",
        "t-shirt",
    ]
