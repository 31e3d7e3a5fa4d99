import io

import pypdf

from puente.platform.documents import draw_qr, render_pdf
from puente.platform.paths import PACKAGE

TEMPLATE = """#import "/platform/letter.typ": *
#let data = json(bytes(sys.inputs.data))
#show: sheet.with(office: data.office, date: "23 nov 2026", page-of: (here, all) => [Hoja #here de #all])
= Güémez
#data.text #code("A-041") #qr(data.qr)
"""


def test_a_document_is_made_of_the_products_own_fonts(tmp_path):
    template = PACKAGE / "platform" / "test_documents_template.typ"
    template.write_text(TEMPLATE)
    try:
        pdf = render_pdf(template, {"office": "Paso del Norte", "text": "Tzintzun", "qr": draw_qr("http://x/q/ABC")})
    finally:
        template.unlink()
    page = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]
    fonts = {font.get_object()["/BaseFont"].partition("+")[2] for font in page["/Resources"]["/Font"].values()}
    assert {name.split("-")[0] for name in fonts} == {"Archivo", "SourceSans3", "SourceCodePro"}, fonts
    assert page.mediabox.width == 612
    text = page.extract_text()
    assert "Güémez" in text
    assert "Hoja 1 de 1" in text
