"""PDF documents: typst templates that stand beside the app they belong to, filled with plain data."""

import json
from pathlib import Path
from typing import Any

import segno
import typst

from puente.platform.paths import PACKAGE

FONTS = PACKAGE / "web" / "static" / "web" / "fonts" / "ttf"


def render_pdf(template: Path, data: dict[str, Any]) -> bytes:
    """Return a PDF of one document.

    Args:
        template: a .typ file inside the package. It reads its data with
            `#let data = json(bytes(sys.inputs.data))`, and may import `/platform/letter.typ`.
        data: what JSON can hold. Nothing of it touches the disk: typst compiles in memory.

    Raises:
        typst.TypstError: where the template is wrong.
    """
    document = typst.compile(
        str(template),
        root=str(PACKAGE),
        font_paths=[str(FONTS)],
        # The machine's own fonts must not decide what a person holds in the hand.
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    assert isinstance(document, bytes)  # noqa: S101 - one output format, one document
    return document


def draw_qr(text: str) -> str:
    """Return a QR code (error level M) as SVG for `image(bytes(...), format: "svg")`."""
    return segno.make(text, error="m", micro=False).svg_inline(scale=4, border=2, dark="#000")
