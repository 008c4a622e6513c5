"""Every name of the package ``d2l`` 0.17.6 and 1.0.3, and what became of it here.

The table ``d2l_names.csv`` says for each name that a module of D2L defines or imports
which frameworks have it in which edition (M, P, T: MXNet, PyTorch, TensorFlow), to
which group it belongs, and on which page of D2L the names that are left out are
explained. What is here is not written down: it is read from the ``__all__`` of our
framework modules, without importing them.

This module holds data for error messages and for the book's table. It imports no
framework, and the framework modules do not import it until a name is missing.
"""

import ast
import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
FRAMEWORKS = {"mxnet": "MXNet", "torch": "PyTorch", "tensorflow": "TensorFlow"}
"""The framework modules of D2L and of the shim, with the names that readers know."""

LETTERS = {"M": "mxnet", "P": "torch", "T": "tensorflow"}
OLD, NEW = EDITIONS = ("0.17.6", "1.0.3")
SITES = {OLD: "https://classic.d2l.ai", NEW: "https://d2l.ai"}
"""Where the pages of an edition are."""


@dataclass(frozen=True)
class Group:
    """Names of D2L that belong together.

    `why` is the reason for leaving them out, a Turkish clause that can follow "ama"; it
    is empty for groups whose names are all here.
    """

    title: str
    why: str = ""


GROUPS = {
    "data": Group("Veri kümeleri ve indirme"),
    "plots": Group("Çizim, süre ölçümü, toplamlar"),
    "regression": Group("Doğrusal regresyon"),
    "classification": Group("Sınıflandırma: eğitim ve değerlendirme"),
    "networks": Group("Ağlar ve katmanlar"),
    "devices": Group("Aygıtlar ve birden çok GPU"),
    "arrays": Group("Dizi ve tensör fonksiyonları"),
    "libraries": Group("D2L'in içe aktardığı kitaplıklar"),
    "classes": Group(
        "Sürüm 1.0'ın sınıf düzeni",
        "d2l_shim sürüm 0.17'nin fonksiyonlarını sağlar, yeni sınıf düzenini değil",
    ),
    "newer_arrays": Group(
        "Sürüm 1.0'ın eklediği dizi fonksiyonları",
        "sürüm 0.17'nin bölümleri bunları kullanmaz",
    ),
    "optimisation": Group(
        "Eniyileme bölümünün deneyleri",
        "eniyileme algoritmalarını karşılaştıran deneyler bu kitabın konusu değil",
    ),
    "performance": Group("Süre karşılaştırma", "burada aynı ölçümü Timer yapar"),
    "detection": Group(
        "Nesne algılama",
        "d2l_shim görüntü sınıflandırma içindir, nesnelerin yerini bulmak için değil",
    ),
    "segmentation": Group(
        "Anlamsal bölütleme",
        "d2l_shim görüntü sınıflandırma içindir, pikselleri ayırmak için değil",
    ),
    "kaggle": Group(
        "Kaggle yarışmaları",
        "yarışma dosyalarını klasörlere dağıtmak bu kitabın konusu değil",
    ),
    "sequences": Group(
        "Metin ve dizi modelleri",
        "d2l_shim görüntü sınıflandırma içindir, metin için değil",
    ),
    "attention": Group(
        "Dikkat mekanizmaları ve Transformer",
        "d2l_shim evrişimli ağlar içindir, dikkat katmanları için değil",
    ),
    "embeddings": Group(
        "Sözcük gömmeleri", "d2l_shim görüntü sınıflandırma içindir, metin için değil"
    ),
    "bert": Group("BERT", "d2l_shim görüntü sınıflandırma içindir, metin için değil"),
    "applications": Group(
        "Duygu analizi ve doğal dil çıkarımı",
        "d2l_shim görüntü sınıflandırma içindir, metin için değil",
    ),
    "recommenders": Group(
        "Öneri sistemleri",
        "d2l_shim görüntü sınıflandırma içindir, öneri sistemleri için değil",
    ),
    "gan": Group(
        "Çekişmeli üretici ağlar (GAN)",
        "d2l_shim görüntüleri sınıflandırmak içindir, üretmek için değil",
    ),
    "tuning": Group(
        "Gauss süreçleri ve hiperparametre arama",
        "d2l_shim ağları eğitmek içindir, hiperparametre aramak için değil",
    ),
    "reinforcement": Group(
        "Pekiştirmeli öğrenme",
        "d2l_shim görüntü sınıflandırma içindir, pekiştirmeli öğrenme için değil",
    ),
    "internals": Group(
        "D2L'in iç işleyişi", "bu adlar D2L paketinin kendi üretimi içindir"
    ),
}

LIBRARIES = {
    "backend_inline": "matplotlib_inline.backend_inline",
    "collections": "collections",
    "defaultdict": "collections.defaultdict",
    "display": "IPython.display",
    "hashlib": "hashlib",
    "inspect": "inspect",
    "math": "math",
    "np": "numpy",
    "os": "os",
    "pd": "pandas",
    "plt": "matplotlib.pyplot",
    "random": "random",
    "re": "re",
    "requests": "requests",
    "shutil": "shutil",
    "sys": "sys",
    "tarfile": "tarfile",
    "time": "time",
    "zipfile": "zipfile",
}
"""What D2L imports, by the name that it gives it, whatever the framework."""

FRAMEWORK_LIBRARIES = {
    "mxnet": {
        "autograd": "mxnet.autograd",
        "context": "mxnet.context",
        "gluon": "mxnet.gluon",
        "image": "mxnet.image",
        "init": "mxnet.init",
        "nn": "mxnet.gluon.nn",
        "nn_Module": "mxnet.gluon.nn.Block",
        "np": "mxnet.np",
        "npx": "mxnet.npx",
        "rnn": "mxnet.gluon.rnn",
        "transforms": "mxnet.gluon.data.vision.transforms",
    },
    "torch": {
        "F": "torch.nn.functional",
        "Image": "PIL.Image",
        "data": "torch.utils.data",
        "distance_matrix": "scipy.spatial.distance_matrix",
        "nn": "torch.nn",
        "nn_Module": "torch.nn.Module",
        "torch": "torch",
        "torchvision": "torchvision",
        "transforms": "torchvision.transforms",
    },
    "tensorflow": {"nn_Module": "tensorflow.keras.Model", "tf": "tensorflow"},
}
"""What it imports for one framework; it counts more than `LIBRARIES`."""


@dataclass(frozen=True)
class Name:
    """One name of D2L; `frameworks` maps each edition to the modules that have it."""

    name: str
    frameworks: dict[str, tuple[str, ...]]
    group: Group
    page: str

    def edition_for(self, framework: str) -> str | None:
        """Return the first edition that has the name for a framework, or None."""
        found = (e for e in EDITIONS if framework in self.frameworks[e])
        return next(found, None)

    def editions(self) -> list[str]:
        """Return the editions that have the name for any framework."""
        return [edition for edition in EDITIONS if self.frameworks[edition]]

    def anywhere(self) -> list[str]:
        """Return the frameworks that have the name in any edition."""
        return [f for f in FRAMEWORKS if self.edition_for(f)]

    def address(self) -> str:
        """Return the page of D2L that explains the name, or an empty text."""
        return f"{SITES[self.editions()[0]]}/{self.page}.html" if self.page else ""


@cache
def table() -> dict[str, Name]:
    """Return all names of D2L, in the order of the groups."""
    with open(FOLDER / "d2l_names.csv", encoding="utf-8", newline="") as file:
        names = [_name(row) for row in csv.DictReader(file)]
    groups = list(GROUPS.values())
    return {n.name: n for n in sorted(names, key=lambda n: groups.index(n.group))}


def _name(row: dict[str, str]) -> Name:
    frameworks = {e: tuple(LETTERS[letter] for letter in row[e]) for e in EDITIONS}
    return Name(row["name"], frameworks, GROUPS[row["group"]], row["page"])


def libraries(framework: str) -> dict[str, str]:
    """Map the names under which D2L has other libraries to what they stand for.

    ``libraries("torch")["plt"]`` is ``"matplotlib.pyplot"``.
    """
    return LIBRARIES | FRAMEWORK_LIBRARIES[framework]


@cache
def here(framework: str) -> frozenset[str]:
    """Return the public names of a framework's module, without importing it."""
    source = (FOLDER / framework / "__init__.py").read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "__all__":
            return frozenset(ast.literal_eval(node.value)) | set(libraries(framework))
    raise ValueError(f"d2l_shim/{framework}/__init__.py: no __all__")
