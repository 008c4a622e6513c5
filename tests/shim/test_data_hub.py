"""`download` hands out files of `DATA_HUB`, and only the right ones."""

import hashlib
import io
import tarfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from d2l_shim import data_hub
from d2l_shim.errors import DataError


class Server(ThreadingHTTPServer):
    """Serves what is in `files` and notes each path that is asked for."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.asked = {}, []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        body = self.server.files.get(self.path[1:])
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *args):
        """Keep the test's output clean."""


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(data_hub, "DATA_HUB", {})
    with Server() as server:
        serve = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        serve.start()
        yield server
        server.shutdown()


@pytest.fixture(autouse=True)
def notebook_folder(tmp_path, monkeypatch):
    """Code runs in a folder beside which `../data` appears, as in D2L."""
    folder = tmp_path / "notebook"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def offer(server, name, file_name, content):
    """Put a file on the server and its entry into the hub."""
    server.files[file_name] = content
    sha1 = hashlib.sha1(content).hexdigest()
    data_hub.DATA_HUB[name] = (server.url + file_name, sha1)


def test_a_file_comes_into_the_folder_data_beside_the_notebook_s(server, tmp_path):
    offer(server, "houses", "kaggle_houses.csv", b"a,b\n1,2\n")
    path = data_hub.download("houses")
    assert isinstance(path, str)
    assert Path(path).resolve() == tmp_path / "data" / "kaggle_houses.csv"
    assert Path(path).read_bytes() == b"a,b\n1,2\n"


def test_the_folder_can_be_chosen(server, tmp_path):
    offer(server, "houses", "houses.csv", b"1")
    path = data_hub.download("houses", str(tmp_path / "elsewhere"))
    assert Path(path) == tmp_path / "elsewhere" / "houses.csv"


def test_a_sound_file_is_not_asked_for_again_but_a_damaged_one_is(server):
    offer(server, "houses", "houses.csv", b"right")
    path = Path(data_hub.download("houses"))
    data_hub.download("houses")
    assert server.asked == ["/houses.csv"]
    path.write_bytes(b"wrong")
    data_hub.download("houses")
    assert path.read_bytes() == b"right"
    assert len(server.asked) == 2


def test_a_file_with_the_wrong_checksum_is_not_handed_out(server, tmp_path):
    offer(server, "houses", "houses.csv", b"right")
    server.files["houses.csv"] = b"something else"
    with pytest.raises(DataError, match="houses.csv indirilemedi.*sağlama toplamı"):
        data_hub.download("houses")
    assert not (tmp_path / "data" / "houses.csv").exists()


def test_a_name_that_is_not_in_the_hub_says_how_to_add_it(server):
    with pytest.raises(DataError, match=r"DATA_HUB'da house.*DATA_HUB\['house'\] ="):
        data_hub.download("house")


def zipped(files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(files, mode="w:gz"):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


FILES = {"hotdog/train/1.png": b"one", "hotdog/test/2.png": b"two"}


@pytest.mark.parametrize(
    "file_name, archive",
    [
        ("hotdog.zip", zipped(FILES)),
        ("hotdog.tar.gz", tarred(FILES)),
        ("hotdog.tar", tarred(FILES, "w")),
    ],
)
def test_an_archive_is_extracted_into_the_folder_of_its_name(
    server, tmp_path, file_name, archive
):
    offer(server, "hotdog", file_name, archive)
    folder = Path(data_hub.download_extract("hotdog"))
    assert folder.resolve() == tmp_path / "data" / "hotdog"
    assert (folder / "train" / "1.png").read_bytes() == b"one"
    assert (folder / "test" / "2.png").read_bytes() == b"two"


def test_the_folder_in_the_archive_may_have_another_name(server):
    offer(server, "voc2012", "VOC_11-May-2012.zip", zipped({"VOC/a.txt": b"a"}))
    folder = Path(data_hub.download_extract("voc2012", "VOC"))
    assert (folder / "a.txt").read_bytes() == b"a"


def test_extracting_again_repairs_what_is_missing_and_leaves_no_traces(
    server, tmp_path
):
    offer(server, "hotdog", "hotdog.zip", zipped(FILES))
    folder = Path(data_hub.download_extract("hotdog"))
    (folder / "train" / "1.png").unlink()
    data_hub.download_extract("hotdog")
    assert (folder / "train" / "1.png").read_bytes() == b"one"
    visible = (path.name for path in (tmp_path / "data").iterdir())
    assert {name for name in visible if name[0] != "."} == {"hotdog", "hotdog.zip"}


def test_an_archive_cannot_write_outside_its_folder(server, tmp_path):
    offer(server, "bad", "bad.tar.gz", tarred({"../../evil.txt": b"!"}))
    with pytest.raises(DataError, match="Arşiv açılamadı"):
        data_hub.download_extract("bad")
    assert not list(tmp_path.parent.rglob("evil.txt"))


@pytest.mark.parametrize("file_name", ["houses.csv", "houses.zip", "houses.tar.gz"])
def test_what_is_no_archive_cannot_be_extracted(server, file_name):
    offer(server, "houses", file_name, b"a,b\n1,2\n")
    with pytest.raises(DataError, match="tar arşivi değil.*download kullanın"):
        data_hub.download_extract("houses")


def test_all_files_can_be_downloaded_at_once(server, tmp_path):
    for name in ("one", "two"):
        offer(server, name, f"{name}.txt", name.encode())
    data_hub.download_all()
    assert (tmp_path / "data" / "one.txt").read_bytes() == b"one"
    assert (tmp_path / "data" / "two.txt").read_bytes() == b"two"
