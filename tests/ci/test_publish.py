"""Publishing: the newest version on top, the earlier ones still there."""

import os
import shutil
import subprocess
from pathlib import Path

import publish
import pytest

ROOT = Path(__file__).resolve().parents[2]


def write_site(folder, text):
    """A built site of one page."""
    folder.mkdir(exist_ok=True)
    (folder / "index.html").write_text(text, encoding="utf-8")
    return folder


def served(output, path):
    """A file of what is served."""
    return (output / path).read_text(encoding="utf-8")


@pytest.fixture
def put(tmp_path):
    """Return a function that publishes a site of one text under a name."""

    def put(name, text):
        site = write_site(tmp_path / "site", text)
        output = tmp_path / "out"
        publish.publish(site, tmp_path / "store", output, name, "2026-11-28")
        return output

    return put


def test_the_newest_is_at_the_top_and_the_one_before_below_its_name(put):
    put("v1", "bir")
    output = put("v2", "iki")
    assert served(output, "index.html") == "iki"
    assert served(output, "surum/v1/index.html") == "bir"


def test_a_page_lists_all_versions_with_links_that_lead_to_them(put):
    put("v1", "bir")
    output = put("v2", "iki")
    page = served(output, "surum/index.html")
    assert '<a href="../">v2</a>, 2026-11-28 (güncel)' in page
    assert '<a href="v1/">v1</a>' in page


def test_a_version_that_is_published_again_replaces_itself(put):
    put("v1", "bir")
    output = put("v1", "bir, düzeltilmiş")
    assert served(output, "index.html") == "bir, düzeltilmiş"
    assert not (output / "surum" / "v1").exists()


def test_the_oldest_versions_give_way(put, tmp_path):
    for number in range(publish.KEPT + 2):
        output = put(f"v{number}", str(number))
    kept = {path.name for path in (output / "surum").iterdir() if path.is_dir()}
    assert kept == {f"v{number}" for number in range(2, publish.KEPT + 1)}
    assert len(list((tmp_path / "store").glob("*.tar.gz"))) == publish.KEPT


def test_a_name_that_leads_elsewhere_is_refused(put):
    with pytest.raises(publish.PublishError, match="sürüm adı olamaz"):
        put("../v1", "bir")


def test_a_folder_without_a_site_is_refused_and_the_store_stays(tmp_path):
    with pytest.raises(publish.PublishError, match="site yok"):
        publish.publish(tmp_path, tmp_path / "store", tmp_path / "out", "v1", "")
    assert not (tmp_path / "store").exists()


# The step of the workflow, with a repository on this disk for the one far away


def git(folder, *arguments):
    """What a git command prints."""
    names = {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER")
             for what in ("NAME", "EMAIL")}  # fmt: skip
    command = ["git", "-C", str(folder), *arguments]
    variables = os.environ | names
    return subprocess.check_output(command, env=variables, text=True).strip()


@pytest.fixture
def checkout(tmp_path):
    """A clone with the tools in it, one commit, and where it pushes to."""
    folder, origin = tmp_path / "clone", tmp_path / "origin.git"
    git(tmp_path, "init", "--quiet", "--bare", str(origin))
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(folder))
    (folder / "tools").mkdir()
    for name in ("keep_versions.sh", "publish.py", "propose.sh"):
        shutil.copy(ROOT / "tools" / name, folder / "tools")
    git(folder, "remote", "add", "origin", str(origin))
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "one")
    return folder


def keep(checkout, text):
    """Run the workflow's step for a site of one text."""
    site = write_site(checkout.parent / "site", text)
    command = ["tools/keep_versions.sh", site, checkout.parent / "out"]
    variables = {k: v for k, v in os.environ.items() if k != "GH_TOKEN"}
    subprocess.run(command, cwd=checkout, env=variables, check=True)
    return checkout.parent / "out"


def test_the_branch_with_the_archives_has_all_versions_and_no_past(checkout):
    first = git(checkout, "rev-parse", "--short=12", "HEAD")
    keep(checkout, "bir")
    git(checkout, "commit", "--quiet", "--allow-empty", "--message", "two")
    git(checkout, "tag", "v2")
    output = keep(checkout, "iki")
    assert served(output, f"surum/{first}/index.html") == "bir"
    origin = checkout.parent / "origin.git"
    assert git(origin, "rev-list", "--count", "yayin") == "1"
    kept = git(origin, "ls-tree", "--name-only", "yayin").split()
    assert kept == sorted([f"{first}.tar.gz", "surumler.json", "v2.tar.gz"])


GH = """#!/bin/sh
echo "$@" >> "$CALLS"
case "$1 $2" in "pr list") cat "$OPEN" ;; esac
"""


@pytest.fixture
def propose(checkout, tmp_path):
    """Return a function that runs the step with a gh that only notes its calls."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "gh").write_text(GH)
    (programs / "gh").chmod(0o755)
    calls, opened = tmp_path / "calls", tmp_path / "open"
    opened.touch()
    calls.touch()
    variables = os.environ | {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "CALLS": str(calls),
        "OPEN": str(opened),
    }

    def run(is_open=False):
        opened.write_text("7\n" if is_open else "")
        command = ["tools/propose.sh", "gpu-runs", "Baslik", "Metin", "notebooks"]
        subprocess.run(command, cwd=checkout, env=variables, check=True)
        return calls.read_text()

    return run


def test_a_change_becomes_one_proposal_on_its_own_branch(checkout, propose):
    (checkout / "notebooks").mkdir()
    (checkout / "notebooks" / "a.ipynb").write_text("{}")
    (checkout / "other").touch()
    assert "pr create --head gpu-runs" in propose()
    origin = checkout.parent / "origin.git"
    changed = git(origin, "diff", "--name-only", "gpu-runs~", "gpu-runs")
    assert changed == "notebooks/a.ipynb"


def test_an_open_proposal_is_renewed_and_not_doubled(checkout, propose):
    (checkout / "notebooks").mkdir()
    (checkout / "notebooks" / "a.ipynb").write_text("{}")
    assert "pr create" not in propose(is_open=True)


def test_nothing_new_is_not_proposed(checkout, propose):
    (checkout / "notebooks").mkdir()
    (checkout / "notebooks" / "a.ipynb").write_text("{}")
    git(checkout, "add", "--all")
    git(checkout, "commit", "--quiet", "--message", "there already")
    assert "pr create" not in propose()


# The issue about a weekly run


@pytest.mark.parametrize(
    ("outcome", "number", "call"),
    [
        ("failure", "", "issue create --title Kalan --body-file"),
        ("failure", "5", "issue edit 5 --body-file"),
        ("success", "5", "issue close 5"),
        ("success", "", None),
    ],
)
def test_one_issue_is_kept_as_long_as_a_run_fails(tmp_path, outcome, number, call):
    gh = tmp_path / "gh"
    gh.write_text('#!/bin/sh\necho "$@" >> calls\n[ "$2" != list ] || echo "$OPEN"\n')
    gh.chmod(0o755)
    variables = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "OPEN": number}
    command = [ROOT / "tools" / "tell.sh", outcome, "Kalan", "report.md"]
    subprocess.run(command, cwd=tmp_path, env=variables, check=True)
    calls = (tmp_path / "calls").read_text().splitlines()[1:]
    assert [call] == [x[: len(call)] for x in calls] if call else calls == []
