"""The settings in ``_config.yml``: what is read, and how a mistake is named."""

import pytest
from tiny_book import TWO, write_book

from framework_tabs.config import ConfigError, Settings, load


def test_frameworks_keep_the_order_of_the_file(tmp_path):
    frameworks = {"z": {"label": "Z"}, "a": {"label": "A", "packages": ["numpy"]}}
    settings = write_book(tmp_path, frameworks=frameworks).settings
    assert list(settings.frameworks) == ["z", "a"]
    assert settings.frameworks["a"].label == "A"
    assert settings.frameworks["a"].packages == ("numpy",)
    assert settings.frameworks["z"].kernel == "python3"


def test_folders_lie_below_the_root(tmp_path):
    (tmp_path / "lib").mkdir()
    mapping = {"frameworks": TWO, "notebooks": "nb", "depends_on": ["lib"]}
    settings = Settings.from_mapping(tmp_path, mapping)
    assert settings.notebooks == tmp_path / "nb"
    assert settings.depends_on == (tmp_path / "lib",)
    assert settings.chapters == tmp_path / "chapters"
    assert settings.glossary is None


def test_a_list_of_labels_names_frameworks(tmp_path):
    settings = Settings.from_mapping(tmp_path, {"frameworks": ["PyTorch", "JAX"]})
    labels = {key: each.label for key, each in settings.frameworks.items()}
    assert labels == {"pytorch": "PyTorch", "jax": "JAX"}


@pytest.mark.parametrize(
    ("mapping", "key"),
    [
        ({}, "frameworks"),
        ({"frameworks": {}}, "frameworks"),
        ({"frameworks": []}, "frameworks"),
        ({"frameworks": ["Py Torch"]}, "frameworks.py torch"),
        ({"frameworks": [3]}, "frameworks.3"),
        ({"frameworks": {"a": {}}}, "frameworks.a"),
        ({"frameworks": {"a": {"kernel": "k"}}}, "frameworks.a.label"),
        ({"frameworks": {"A B": {"label": "A"}}}, "frameworks.A B"),
        ({"frameworks": {"a": {"label": 1}}}, "frameworks.a.label"),
        ({"frameworks": {"a": {"label": "A", "packages": "numpy"}}}, "a.packages"),
        ({"frameworks": {"a": {"label": "A", "ignores": [1]}}}, "a.ignores"),
        ({"frameworks": TWO, "timeout": 0}, "timeout"),
        ({"frameworks": TWO, "timeout": "1 saat"}, "timeout"),
        ({"frameworks": TWO, "environment": "HOME"}, "environment"),
        ({"frameworks": TWO, "notebooks": ""}, "notebooks"),
        ({"frameworks": TWO, "depends_on": ["yok"]}, "depends_on"),
        ({"frameworks": TWO, "glossary": "yok.md"}, "glossary"),
        ({"frameworks": TWO, "glossary": 3}, "glossary"),
        ({"frameworks": TWO, "common": {}}, "common"),
        ({"frameworks": TWO, "common": {"a": {"label": "A"}}}, "common"),
        ({"frameworks": {"c": {"label": "C"}}, "common": TWO}, "common"),
        ({"frameworks": TWO, "common": {"p": {}}}, "common.p"),
        ({"frameworks": {"a": {"label": "A", "needs": 1}}}, "a.needs"),
        ({"frameworks": {"a": {"label": "A", "needs": {"gpu": -1}}}}, "needs.gpu"),
        ({"frameworks": TWO, "needs": {}}, "needs"),
        ({"frameworks": TWO, "needs": {"x": {"gpus": 1}}}, "needs.x.gpus"),
        ({"frameworks": TWO, "needs": {"x": {"gpu": True}}}, "needs.x.gpu"),
        ({"frameworks": TWO, "needs": {"x": {"cores": 0}}}, "needs.x.cores"),
        ({"frameworks": TWO, "needs": {"x": {"memory": "2"}}}, "needs.x.memory"),
        ({"frameworks": TWO, "needs": {"x": {"memory": 0}}}, "needs.x.memory"),
        ({"frameworks": TWO, "needs": {"x": {"architecture": 9}}}, "x.architecture"),
        ({"frameworks": TWO, "per_framework": ["B"]}, "per_framework"),
        ({"frameworks": ["A", "a"]}, "frameworks"),
        ({"frameworks": TWO, "notebooks": "chapters/"}, "notebooks"),
        ({"frameworks": TWO, "notebooks": "../notebooks"}, "notebooks"),
    ],
)
def test_a_malformed_setting_is_named(tmp_path, mapping, key):
    with pytest.raises(ConfigError, match=rf"framework_tabs\.\S*{key}: "):
        Settings.from_mapping(tmp_path, mapping)


def test_a_mistyped_key_is_refused_with_the_right_one(tmp_path):
    with pytest.raises(ConfigError, match=r"\.timout: .*“timeout” mi demek"):
        Settings.from_mapping(tmp_path, {"frameworks": TWO, "timout": 5})
    mapping = {"frameworks": {"a": {"label": "A", "package": []}}}
    with pytest.raises(ConfigError, match=r"\.a\.package: .*“packages” mi"):
        Settings.from_mapping(tmp_path, mapping)


def test_a_missing_file_says_where_to_run_the_command(tmp_path, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "tr")
    with pytest.raises(ConfigError, match="_config.yml bulunamadı.*--root"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("content", "environment", "message"),
    [
        (None, "tr_TR", "bulunamadı"),
        (None, "en_US", "not found"),
        (None, "xx", "not found"),
        ("sphinx: {config: {language: tr}}", "en", "satırları gerekli"),
        ("sphinx:\n  config: {}", "tr", "needs lines"),
        ("sphinx:\n  config:\n    language: 'tr'\na: [1", "en", "dosya okunamadı"),
        ("sphinx:\n  config:\n    language: en\na: [1", "tr", "cannot be read"),
    ],
)
def test_messages_are_in_the_language_that_the_settings_seem_to_name(
    tmp_path, monkeypatch, content, environment, message
):
    monkeypatch.setenv("LANGUAGE", environment)
    if content is not None:
        (tmp_path / "_config.yml").write_text(content)
    with pytest.raises(ConfigError, match=message):
        load(tmp_path)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("exclude_patterns: drafts", "exclude_patterns"),
        ("exclude_patterns: [3]", "exclude_patterns"),
        ("html: {baseurl: 3}", "html.baseurl"),
        ("repository: https://example.org", "repository"),
        ("repository: {url: 3}", "repository.url"),
        ("sphinx: {config: {language: no}}", "sphinx.config.language"),
    ],
)
def test_a_setting_of_another_kind_than_it_needs_is_named(tmp_path, content, place):
    (tmp_path / "_config.yml").write_text(content)
    with pytest.raises(ConfigError, match=rf"^{place}: needs .*, not "):
        load(tmp_path)


def test_a_repository_may_be_left_open(tmp_path):
    settings = Settings.from_mapping(tmp_path, {"frameworks": TWO}, {"url": None})
    assert (settings.repository, settings.branch) == ("", "main")


@pytest.mark.parametrize("content", ["a: [1", "metin", "sphinx: {config: 3}", ""])
def test_a_file_without_the_section_is_refused(tmp_path, content):
    (tmp_path / "_config.yml").write_text(content)
    with pytest.raises(ConfigError):
        load(tmp_path)
