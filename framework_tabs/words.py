"""What the pages say around a book's own text: Turkish, or English in other languages.

Only what a reader of the site meets; commands and notebooks speak Turkish.
"""

import json

from sphinx.config import Config

ENGLISH = {
    "Bu çerçevede çıktı yok.": "No output in this framework.",
    "Bu bölümü indir": "Download this chapter",
    "Sayfayı yazdır (.pdf)": "Print this page (.pdf)",
    "{label} defterini indir (.ipynb)": "Download the {label} notebook (.ipynb)",
    "{label} defterini {place}'da aç": "Open the {label} notebook in {place}",
    "Çerçeve": "Framework",
    "Çerçevelerin çıktıları farklı koşullarda üretildi: {differences}.": (
        "The frameworks' outputs were made under different conditions: {differences}."
    ),
    "Çerçevelerin görünümü": "View of the frameworks",
    "Yan yana": "Side by side",
}
IN_SCRIPTS = ("Çerçeve", "Çerçevelerin görünümü", "Yan yana")


def say(text: str, config: Config, **values: str) -> str:
    """Return ``text`` in the language of the book, with values in it."""
    spoken = text if config.language == "tr" else ENGLISH[text]
    return spoken.format(**values)


def for_scripts(config: Config) -> dict[str, str]:
    """Return an attribute with what a script says other than in Turkish, as JSON."""
    if config.language == "tr":
        return {}
    return {"data-words": json.dumps({text: ENGLISH[text] for text in IN_SCRIPTS})}
