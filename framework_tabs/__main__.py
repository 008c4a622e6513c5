"""The command: ``python -m framework_tabs new | split | execute | check | …``.

It reads the settings and the chapters, calls the module that does the work, and turns
the result into messages (Turkish) and an exit status: 0 if everything is as it should
be, 1 if not, 2 for a wrong call. No work is done here.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.numbers import format_decimal

from d2l_import import command as d2l_import

from .config import ConfigError, Framework, Settings, load
from .editions import command as editions
from .editions.command import EditionError
from .execute import array_jobs, cluster, gather, verify
from .execute import command as execution
from .execute.array_jobs import NoArray
from .execute.cluster import NoSnakemake
from .execute.gather import Incomplete
from .execute.plan import plan
from .source import chapter, scaffold
from .source.cell import Chapter, ChapterError, ChapterErrors
from .source.scaffold import AuthoringError
from .split import notebook as notebooks
from .store import files

DESCRIPTION = (
    "Bölümlerden her çerçeve için bir defter üretir, defterleri çalıştırır, bölümlerle "
    "aynı olduklarını denetler; kitabı tek dosya olarak hazırlar."
)


MEGABYTE = 10**6
GIGABYTE = 10**9


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


KNOWN = (
    AuthoringError,
    ChapterError,
    CommandError,
    ConfigError,
    EditionError,
    Incomplete,
    NoArray,
    NoSnakemake,
)
"""What explains itself in Turkish."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit status."""
    parser = _parser()
    options, others = parser.parse_known_args(arguments)
    if others and options.name != "cluster":
        parser.error(" ".join(others))
    options.snakemake = [each for each in others if each != "--"]
    try:
        settings = load(options.root)
        return options.run(settings, options)
    except ChapterErrors as error:
        return _fail(map(str, error.errors))
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
        ("plan", _plan, "her defterin süresini, belleğini ve gerektirdiğini gösterir"),
        ("cluster", _cluster, "defterleri Snakemake ile, örneğin Slurm'de çalıştırır"),
        ("gather", _gather, "başka makinelerde çalıştırılan defterleri yerine koyar"),
        ("check", _check, "defterlerle bölümler arasındaki farkları bildirir"),
        ("live", _live, "siteyi, hücreleri sayfada çalışacak biçimde sunar"),
        ("preview", _preview, "kaydettiğiniz bölümü tarayıcıda hemen gösterir"),
        ("pdf", _edition, "kitabı PDF olarak _build/pdf klasörüne yazar"),
        ("epub", _edition, "kitabı EPUB olarak _build/epub klasörüne yazar"),
    ):
        command = commands.add_parser(
            name, help=text, description=text, allow_abbrev=False
        )
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
    commands.choices["plan"].add_argument(
        "--json", action="store_true", help="zamanlayıcıların okuyacağı biçimde yazar"
    )
    commands.choices[
        "cluster"
    ].epilog = "Öbür seçenekler Snakemake'indir, örneğin: --executor slurm --jobs 32"
    _gather_options(commands.choices["gather"])
    _live_options(commands.choices["live"])
    _port_option(commands.choices["live"], 8888)
    _port_option(commands.choices["preview"], 8001)
    for name in ("execute", "plan", "cluster", "pdf", "epub"):
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
    command.add_argument(
        "--shard",
        type=_shard,
        default=(1, 1),
        metavar="SIRA/TOPLAM",
        help="defterlerin yalnızca bu payı, örneğin dört makineden ikincisinde 2/4; "
        "auto: sırayı Slurm, AWS Batch ya da Kubernetes dizisi söyler (auto/8: toplamı "
        "siz söylersiniz)",
    )
    command.add_argument(
        "--jobs",
        type=_positive,
        metavar="SAYI",
        help="aynı anda çalışan en çok defter (varsayılan: 1; GPU varsa kart başına 1)",
    )
    command.add_argument(
        "--cache",
        type=Path,
        metavar="KLASÖR",
        help="sonuçların saklandığı, makinelerin paylaşabileceği klasör",
    )
    command.add_argument(
        "--wait",
        action="store_true",
        help="bir defteri başka bir komut çalıştırıyorsa onun bitmesini bekler",
    )


def _shard(text: str) -> tuple[int | None, int | None]:
    """Read a share such as 2/4; auto, which an array of jobs tells, has no number."""
    number, slash, count = text.partition("/")
    if number == "auto":
        return None, _positive(count) if slash else None
    if not 1 <= int(number) <= int(count):
        raise ValueError(text)
    return int(number), int(count)


def _positive(text: str) -> int:
    if int(text) < 1:
        raise ValueError(text)
    return int(text)


def _gather_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "folders",
        nargs="+",
        type=Path,
        metavar="klasör",
        help="makinelerden gelen notebooks klasörleri ya da onları içeren klasörler",
    )


def _live_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "site", type=Path, metavar="site", help="oluşturulmuş sitenin klasörü"
    )


def _port_option(command: argparse.ArgumentParser, port: int) -> None:
    command.add_argument("--port", type=int, default=port, metavar="KAPI")


def _new(settings: Settings, options: argparse.Namespace) -> int:
    path = scaffold.create(options.chapter, options.title, settings)
    print(
        f"Yazıldı: {settings.relative(path)}; {scaffold.TOC} dosyasına eklendi. "
        f"Çalıştırmak için: python -m framework_tabs execute {path.stem}"
    )
    return 0


def _import(settings: Settings, options: argparse.Namespace) -> int:
    path, found = d2l_import.bring(options.source, options.chapter, settings)
    print(f"Yazıldı: {settings.relative(path)}; {scaffold.TOC} dosyasına eklendi.")
    print(
        f"Elden geçirilecek {len(found.notes)} yer:"
        if found.notes
        else "Tamamı çevrildi."
    )
    for note in found.notes:
        print(f"{options.source}:{note.line}: {note.message}")
    return 0


def _split(settings: Settings, _: argparse.Namespace) -> int:
    chapters = chapter.read_all(settings)
    for path in notebooks.split(chapters, settings):
        print(f"Yazıldı: {settings.relative(path)}")
    for path in files.orphans(chapters, settings):
        print(f"Bölümü kalmamış defter, silinebilir: {settings.relative(path)}")
    return 0


def _execute(settings: Settings, options: argparse.Namespace) -> int:
    number, count = options.shard
    failures = execution.execute(
        _chosen_chapters(options.chapters, settings),
        _chosen_frameworks(options.framework, settings),
        settings,
        force=options.force,
        shard=(number, count) if number else array_jobs.own_share(count),
        jobs=options.jobs,
        cache=options.cache,
        wait=options.wait,
    )
    return _fail(failures) if failures else 0


def _plan(settings: Settings, options: argparse.Namespace) -> int:
    found = _planned(settings, options)
    if options.json:
        print(json.dumps(found, indent=1, ensure_ascii=False))
        return 0
    for each in found["notebooks"]:
        state = "güncel" if each["fresh"] else "çalıştırılacak"
        needs = (f"{name}: {value}" for name, value in each["needs"].items())
        print(f"{each['path']}: {'; '.join([state, *_taken(each), *needs])}")
    return 0


def _taken(planned: dict) -> Iterator[str]:
    """Yield what a notebook's last run took, if it ran."""
    if planned["seconds"] is not None:
        yield f"{_number(planned['seconds'], '#,##0')} sn"
    if planned["memory"] is not None:
        yield f"{_number(planned['memory'] / GIGABYTE, '0.0')} GB"


def _planned(settings: Settings, options: argparse.Namespace) -> dict:
    frameworks = _chosen_frameworks(options.framework, settings)
    return plan(chapter.read_all(settings), frameworks, settings)


def _cluster(settings: Settings, options: argparse.Namespace) -> int:
    notebooks.split(chapter.read_all(settings), settings)
    failures = cluster.run(_planned(settings, options), settings, options.snakemake)
    if failures:
        return _fail(failures)
    print("Bütün defterler güncel.")
    return 0


def _gather(settings: Settings, options: argparse.Namespace) -> int:
    chapters = chapter.read_all(settings)
    for path in gather.gather(options.folders, chapters, settings):
        print(f"Yazıldı: {settings.relative(path)}")
    differing = ", ".join(settings.per_framework)
    print(
        f"Bütün defterler yerinde. Çerçeveden çerçeveye değişebilir: {differing}."
        if differing
        else "Bütün defterler yerinde; veri, bütçe ve sürümler hepsinde aynı."
    )
    return 0


def _check(settings: Settings, _: argparse.Namespace) -> int:
    chapters = chapter.read_all(settings)
    for notice in verify.notices(chapters, settings):
        print(f"Bilgi: {notice}")
    problems = verify.problems(chapters, settings)
    if problems:
        return _fail(problems)
    print("Defterler bölümlerle aynı ve çıktıları tam.")
    return 0


def _live(settings: Settings, options: argparse.Namespace) -> int:
    if not (options.site / "index.html").is_file():
        raise CommandError(
            f"{options.site} klasöründe site yok. Önce “make book” ile oluşturun."
        )
    from .serve import (
        live,  # the server takes a while to import, and only this needs it
    )

    live.serve(options.site, settings, options.port)
    return 0


def _preview(settings: Settings, options: argparse.Namespace) -> int:
    from .serve import preview

    try:
        preview.serve(settings, options.port)
    except preview.PortTaken as error:
        raise CommandError(str(error)) from None
    except KeyboardInterrupt:
        print("\nDurduruldu.")
    return 0


def _edition(settings: Settings, options: argparse.Namespace) -> int:
    keys = options.framework or []
    _all_known(keys, list(settings.frameworks), "çerçeve")
    path = editions.make(settings, options.name, keys)
    size = _number(path.stat().st_size / MEGABYTE, "0.0")
    print(f"Kitap hazır: {settings.relative(path)} ({size} MB)")
    return 0


def _number(value: float, pattern: str) -> str:
    return format_decimal(value, format=pattern, locale="tr")


def _chosen_chapters(names: list[str], settings: Settings) -> list[Chapter]:
    """The chapters meant by names or paths; all if there are none.

    No other is read, so that an unfinished one is not in the way.
    """
    if not names:
        return chapter.read_all(settings)
    paths = {path.stem: path for path in sorted(settings.chapters.glob("*.md"))}
    wanted = list(dict.fromkeys(Path(name).stem for name in names))
    found = chapter.read_each((paths[n] for n in wanted if n in paths), settings)
    if len(found) < len(wanted):
        _all_known(wanted, [each.name for each in chapter.read_all(settings)], "bölüm")
    return found


def _chosen_frameworks(keys: list[str] | None, settings: Settings) -> list[Framework]:
    _all_known(keys or [], list(settings.runners), "çerçeve")
    return [settings.runners[key] for key in keys or settings.runners]


def _all_known(wanted: list[str], known: list[str], what: str) -> None:
    for name in wanted:
        if name not in known:
            found = ", ".join(known)
            raise CommandError(f"“{name}” adlı {what} yok. Olanlar: {found}.")


def _fail(messages: Iterable[str]) -> int:
    for message in messages:
        print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
