import io
import json

import pypdf
import pytest
import typst

from puente.platform.documents import FONTS, draw_qr, render_pdf
from puente.platform.paths import PACKAGE

SLIP = PACKAGE / "reception" / "documents" / "slip.typ"
DATA = {
    "office": "Paso del Norte", "date": "23 nov 2026", "sheet": "Hoja 1 de 1", "language": "es",
    "your_turn": "Su turno",
    "turn": "A-041", "name": "Noemí Güémez Tzintzun", "received": "10:25", "qr": draw_qr("http://x/q/ABC"),
    "qr_note": "", "next_title": "Qué sigue", "steps": [{"title": "Espere", "text": "Le llamarán"}],
    "rights_title": "Puede pedir", "rights_text": "", "rights": ["Agua", "Llamada", "Abrigo"],
    "notes_title": "Para anotar", "discretion": "",
}  # fmt: skip


def test_a_document_is_a_letter_page_in_the_products_own_fonts():
    page = pypdf.PdfReader(io.BytesIO(render_pdf(SLIP, DATA))).pages[0]
    fonts = {font.get_object()["/BaseFont"].partition("+")[2] for font in page["/Resources"]["/Font"].values()}
    assert {name.split("-")[0] for name in fonts} == {"Archivo", "SourceSans3", "SourceCodePro"}, fonts
    assert (page.mediabox.width, page.mediabox.height) == (612, 792)
    text = page.extract_text()
    assert "Noemí Güémez Tzintzun" in text
    assert "Hoja 1 de 1" in text


def test_a_template_that_asks_for_what_is_not_there_fails_loudly():
    with pytest.raises(typst.TypstError):
        render_pdf(SLIP, {"office": "Paso del Norte"})


def test_the_fonts_are_there_by_the_names_that_templates_use():
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    assert {"Archivo", "Source Sans 3", "Source Code Pro"} <= set(found.families())


def test_a_qr_code_is_black_on_nothing_and_holds_no_other_text():
    drawn = draw_qr("http://localhost/q/ABC")
    assert drawn.startswith("<svg")
    assert "localhost" not in drawn
    assert json.dumps(drawn)
