"""The CV as a Word document (python-docx)."""

import io

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt, RGBColor

from kernel import word

SOFT = RGBColor(0x5D, 0x68, 0x61)
WIDTH = Mm(166)  # A4 less its margins


def made_of(content):
    """Return the CV as the bytes of a Word document she can go on writing in."""
    document = word.opened(f"{content['title']} {content['name']}", content["name"])
    document.add_heading(content["name"], 1)
    document.add_paragraph(content["line"])
    for section in content["sections"]:
        document.add_heading(section["title"], 2)
        if table := section.get("table"):
            word.add_table(document, table["head"], table["rows"])
        for line in section["lines"]:
            _add_line(document, *line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add_line(document, what, details, period):
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(4)
    paragraph.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(what)
    for text in (f"  {details}" if details else "", f"\t{period}" if period else ""):
        if text:
            paragraph.add_run(text).font.color.rgb = SOFT
