import hashlib
import re
from pathlib import Path

import django_htmx
import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "src" / "puente" / "web" / "static" / "web"
ROW = re.compile(r"^\| `(?P<file>[^`]+)` \| .* \| `(?P<sum>[0-9a-f]{64})` \|$", re.M)
LISTED = {match["file"]: match["sum"] for match in ROW.finditer((ROOT / "VENDORED.md").read_text())}


@pytest.mark.parametrize("file", sorted(LISTED))
def test_a_vendored_file_is_the_one_that_was_listed(file: str) -> None:
    assert hashlib.sha256((ROOT / file).read_bytes()).hexdigest() == LISTED[file]


def test_every_font_sprite_and_outline_is_listed() -> None:
    kept = [*STATIC.glob("fonts/**/*.*"), *STATIC.glob("maps/*"), STATIC / "icons.svg"]
    assert {str(file.relative_to(ROOT)) for file in kept} == set(LISTED)


def test_htmx_is_version_two() -> None:
    shipped = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
    assert re.search(r'version:"2\.', shipped.read_text())


def test_the_pdf_fonts_carry_the_names_that_typst_asks_for(tmp_path: Path) -> None:
    import typst
    from pypdf import PdfReader

    source = tmp_path / "page.typ"
    source.write_text(
        '#set text(font: "Source Sans 3")\nGüémez Xóchitl *ñandú*\n'
        '#text(font: "Archivo", weight: 600)[Mis opciones]\n#text(font: "Source Code Pro")[AACM]'
    )
    target = tmp_path / "page.pdf"
    typst.compile(source, output=target, font_paths=[STATIC / "fonts" / "ttf"], ignore_system_fonts=True)
    fonts = PdfReader(target).pages[0]["/Resources"]["/Font"]
    names = {str(font.get_object()["/BaseFont"]).split("+")[1] for font in fonts.values()}
    assert names == {"SourceSans3-Regular", "SourceSans3-Semibold", "Archivo-SemiBold", "SourceCodePro-Regular"}
