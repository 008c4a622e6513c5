"""The command: ``python -m framework_tabs new | split | execute | check | …``.

It reads the settings and the chapters, calls the module that does the work, and turns
the result into messages (Turkish) and an exit status: 0 if everything is as it should
be, 1 if not, 2 for a wrong call. No work is done here.
"""

import argparse
import sys
from pathlib import Path

from babel.numbers import format_decimal

from . import chapter, check, editions, execution, imports, notebooks, scaffold
from .chapter import Chapter, ChapterError
from .config import ConfigError, Framework, Settings, load
from .editions import EditionError
from .scaffold import AuthoringError

DESCRIPTION = (
    "Bölümlerden her çerçeve için bir defter üretir, defterleri çalıştırır, bölümlerle "
    "aynı olduklarını denetler; kitabı tek dosya olarak hazırlar."
)


MEGABYTE = 10**6


class _Parser(argparse.ArgumentParser):
    """argparse with its own few words in Turkish."""

    def __init__(self, **options):
        super().__init__(add_help=False, **options)
        self._positionals.title, self._optionals.title = "komut", "seçenekler"
        self.add_argument(
            "-h", "--help", action="help", help="bu yardımı gösterir ve çıkar"
        )

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", "kullanım:", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "kullanım:", 1)

    def error(self, message: str):
        given = " ".join(sys.argv[1:])
        self.exit(2, f"Komut anlaşılamadı: {given}\n{self.format_help()}")


class CommandError(Exception):
    """The command names something that the book does not have (Turkish)."""


KNOWN = AuthoringError, ChapterError, CommandError, ConfigError, EditionError
"""What explains itself in Turkish."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        settings = load(options.root)
        needed = options.name in ("split", "execute", "check")
        chapters = chapter.read_all(settings) if needed else []
        return options.run(chapters, settings, options)
    except KNOWN as error:
        return _fail([str(error)])
    except OSError as error:
        return _fail([f"Dosyaya erişilemedi: {error}. Yer açın ya da izni düzeltin."])
    except KeyboardInterrupt:
        return _fail(["Kesildi; önceki dosyalar olduğu gibi duruyor."])


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m framework_tabs", description=DESCRIPTION)
    commands = parser.add_subparsers(required=True, metavar="komut", title="komutlar")
    for name, run, text in (
        ("new", _new, "yeni bir bölüm yazar ve _toc.yml dosyasına ekler"),
        ("import", _import, "D2L'in bir bölümünü bu kitabın biçimine çevirir"),
        ("split", _split, "defterleri bölümlerden üretir; geçerli çıktıları korur"),
        ("execute", _execute, "çıktısı güncel olmayan defterleri çalıştırır"),
        ("check", _check, "defterlerle bölümler arasındaki farkları bildirir"),
        ("live", _live, "siteyi, hücreleri sayfada çalışacak biçimde sunar"),
        ("preview", _preview, "kaydettiğiniz bölümü tarayıcıda hemen gösterir"),
        ("pdf", _edition, "kitabı PDF olarak _build/pdf klasörüne yazar"),
        ("epub", _edition, "kitabı EPUB olarak _build/epub klasörüne yazar"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run, name=name)
        command.add_argument(
            "--root",
            type=Path,
            default=Path(),
            metavar="KLASÖR",
            help="_config.yml dosyasının bulunduğu klasör (varsayılan: bu klasör)",
        )
    _new_options(commands.choices["new"])
    commands.choices["import"].add_argument(
        "source", type=Path, metavar="kaynak", help="D2L'in Markdown dosyası"
    )
    _new_name(commands.choices["import"])
    _execute_options(commands.choices["execute"])
    _live_options(commands.choices["live"])
    _port_option(commands.choices["live"], 8888)
    _port_option(commands.choices["preview"], 8001)
    for name in ("execute", "pdf", "epub"):
        _framework_option(commands.choices[name])
    return parser


def _framework_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--framework",
        nargs="+",
        action="extend",
        metavar="ÇERÇEVE",
        help="yalnızca bu çerçeveler, örneğin pytorch",
    )


def _new_options(command: argparse.ArgumentParser) -> None:
    _new_name(command)
    command.add_argument(
        "--title", default="", metavar="BAŞLIK", help="varsayılan: bölümün adı"
    )


def _new_name(command: argparse.ArgumentParser) -> None:
    command.add_argument("chapter", metavar="bölüm", help="yeni ad, örneğin dikkat")


def _execute_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "chapters",
        nargs="*",
        metavar="bölüm",
        help="bölümün adı, örneğin alexnet (varsayılan: bütün bölümler)",
    )
    command.add_argument(
        "--force",
        action="store_true",
        help="güncel olanları da çalıştırır, önbelleği kullanmaz",
    )


def _live_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "site", type=Path, metavar="site", help="oluşturulmuş sitenin klasörü"
    )


def _port_option(command: argparse.ArgumentParser, port: int) -> None:
    command.add_argument("--port", type=int, default=port, metavar="KAPI")


def _new(_: list[Chapter], settings: Settings, options: argparse.Namespace) -> int:
    path = scaffold.create(options.chapter, options.title, settings)
    print(
        f"Yazıldı: {settings.relative(path)}; {scaffold.TOC} dosyasına eklendi. "
        f"Çalıştırmak için: python -m framework_tabs execute {path.stem}"
    )
    return 0


def _import(_: list[Chapter], settings: Settings, options: argparse.Namespace) -> int:
    path, found = imports.bring(options.source, options.chapter, settings)
    print(f"Yazıldı: {settings.relative(path)}; {scaffold.TOC} dosyasına eklendi.")
    print(
        f"Elden geçirilecek {len(found.notes)} yer:"
        if found.notes
        else "Tamamı çevrildi."
    )
    for note in found.notes:
        print(f"{options.source}:{note.line}: {note.message}")
    return 0


def _split(chapters: list[Chapter], settings: Settings, _: argparse.Namespace) -> int:
    for path in notebooks.split(chapters, settings):
        print(f"Yazıldı: {settings.relative(path)}")
    for path in notebooks.orphans(chapters, settings):
        print(f"Bölümü kalmamış defter, silinebilir: {settings.relative(path)}")
    return 0


def _execute(
    chapters: list[Chapter], settings: Settings, options: argparse.Namespace
) -> int:
    failures = execution.execute(
        _chosen_chapters(options.chapters, chapters),
        _chosen_frameworks(options.framework, settings),
        settings,
        options.force,
    )
    return _fail(failures) if failures else 0


def _check(chapters: list[Chapter], settings: Settings, _: argparse.Namespace) -> int:
    for notice in check.notices(chapters, settings):
        print(f"Bilgi: {notice}")
    problems = check.problems(chapters, settings)
    if problems:
        return _fail(problems)
    print("Defterler bölümlerle aynı ve çıktıları tam.")
    return 0


def _live(_: list[Chapter], settings: Settings, options: argparse.Namespace) -> int:
    if not (options.site / "index.html").is_file():
        raise CommandError(
            f"{options.site} klasöründe site yok. Önce “make book” ile oluşturun."
        )
    from . import live  # the server takes a while to import, and only this needs it

    live.serve(options.site, settings, options.port)
    return 0


def _preview(_: list[Chapter], settings: Settings, options: argparse.Namespace) -> int:
    from . import preview

    try:
        preview.serve(settings, options.port)
    except preview.PortTaken as error:
        raise CommandError(str(error)) from None
    except KeyboardInterrupt:
        print("\nDurduruldu.")
    return 0


def _edition(_: list[Chapter], settings: Settings, options: argparse.Namespace) -> int:
    keys = options.framework or []
    _all_known(keys, list(settings.frameworks), "çerçeve")
    path = editions.make(settings, options.name, keys)
    size = format_decimal(path.stat().st_size / MEGABYTE, format="0.0", locale="tr")
    print(f"Kitap hazır: {settings.relative(path)} ({size} MB)")
    return 0


def _chosen_chapters(names: list[str], chapters: list[Chapter]) -> list[Chapter]:
    """The chapters meant by names or paths; all if there are none."""
    wanted = [Path(name).stem for name in names]
    known = {each.name: each for each in chapters}
    _all_known(wanted, list(known), "bölüm")
    return [known[name] for name in wanted] or chapters


def _chosen_frameworks(keys: list[str] | None, settings: Settings) -> list[Framework]:
    _all_known(keys or [], list(settings.runners), "çerçeve")
    return [settings.runners[key] for key in keys or settings.runners]


def _all_known(wanted: list[str], known: list[str], what: str) -> None:
    for name in wanted:
        if name not in known:
            found = ", ".join(known)
            raise CommandError(f"“{name}” adlı {what} yok. Olanlar: {found}.")


def _fail(messages: list[str]) -> int:
    for message in messages:
        print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
