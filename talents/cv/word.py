"""The CV as a Word document (python-docx)."""

import io

from docx import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

JIALING, SOFT = RGBColor(0x21, 0x6B, 0x55), RGBColor(0x5D, 0x68, 0x61)
WIDTH = Mm(166)  # A4 less its margins
# Word's own font for Chinese; who has none of this name gets what her system puts in its place.
CHINESE_FONT = "Microsoft YaHei"


def made_of(content):
    """Return the CV as the bytes of a Word document she can go on writing in."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(22)
    page.top_margin = page.bottom_margin = Mm(20)
    document.core_properties.title = f"{content['title']} {content['name']}"
    document.core_properties.author = content["name"]
    _use_font(document.styles["Normal"])
    for level in (1, 2):
        _use_font(document.styles[f"Heading {level}"])
        document.styles[f"Heading {level}"].font.color.rgb = JIALING
    document.add_heading(content["name"], 1)
    document.add_paragraph(content["line"])
    for section in content["sections"]:
        document.add_heading(section["title"], 2)
        for line in section["lines"]:
            _add_line(document, *line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _use_font(style):
    style.font.name = CHINESE_FONT
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), CHINESE_FONT)


def _add_line(document, what, details, period):
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(4)
    paragraph.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(what)
    for text in (f"  {details}" if details else "", f"\t{period}" if period else ""):
        if text:
            paragraph.add_run(text).font.color.rgb = SOFT
