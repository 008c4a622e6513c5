"""Draw ``social.png``: what is shown beside a link to the book, 1200 by 630 pixels.

It is the cover lying on its side: the words on the left, ``cover.svg`` on the right.

Run ``python chapters/figures/render_social.py`` to write the file again.
"""

import io
import os
from importlib.resources import files
from pathlib import Path

import pypdfium2
from weasyprint import HTML

FOLDER = Path(__file__).parent
TARGET = FOLDER / "social.png"

WIDTH, HEIGHT = 1200, 630
POINT = 0.75
"""Of a pixel, as CSS and PDF see it."""

FONTS = files("font_source_sans_pro") / "files"

PAGE = f"""
<html lang="tr">
<style>
@font-face {{ font-family: "Source Sans"; font-weight: 300;
              src: url(file://{FONTS}/SourceSansPro-Light.ttf); }}
@font-face {{ font-family: "Source Sans"; font-weight: 600;
              src: url(file://{FONTS}/SourceSansPro-Semibold.ttf); }}
@font-face {{ font-family: "Source Sans"; font-weight: 700;
              src: url(file://{FONTS}/SourceSansPro-Bold.ttf); }}
@page {{ size: {WIDTH}px {HEIGHT}px; margin: 0;
         background: #14253a url(cover.svg) no-repeat 560px -60px / 780px auto; }}
body {{ color: #fff; font-family: "Source Sans"; margin: 0; padding: 96px 72px; }}
p {{ margin: 0; }}
.title {{ font-size: 124px; font-weight: 700; line-height: 1; }}
.subtitle {{ font-size: 50px; font-weight: 300; line-height: 1.2; margin-top: 14px; }}
.frameworks {{ border-top: 3px solid #f0a46a; color: #f6c79f; font-size: 30px;
               font-weight: 600; margin-top: 34px; padding-top: 22px;
               width: 480px; }}
</style>
<p class="title">AlexNet</p>
<p class="subtitle">Derin Evrişimli<br>Sinir Ağları</p>
<p class="frameworks">MXNet, PyTorch ve TensorFlow ile</p>
</html>
"""


def draw() -> bytes:
    """Return the picture as PNG."""
    pdf = HTML(string=PAGE, base_url=f"{FOLDER}/").write_pdf()
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=1 / POINT).to_pil()
    target = io.BytesIO()
    image.save(target, "PNG", optimize=True)
    return target.getvalue()


if __name__ == "__main__":
    draft = TARGET.with_suffix(".tmp")
    draft.write_bytes(draw())
    os.replace(draft, TARGET)
