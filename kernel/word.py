"""Word documents (python-docx): A4, the portal's colours, a Chinese font. Imported only by what is asked for one."""

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, RGBColor

JIALING = RGBColor(0x21, 0x6B, 0x55)
# Word's own font for Chinese; who has none of this name gets what her system puts in its place.
CHINESE_FONT = "Microsoft YaHei"


def opened(title, author=""):
    """Return an empty document of A4 pages whose headings are green; `title` and `author` stand in its properties."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(22)
    page.top_margin = page.bottom_margin = Mm(20)
    document.core_properties.title, document.core_properties.author = title, author
    use_font(document.styles["Normal"])
    for level in (1, 2):
        use_font(document.styles[f"Heading {level}"])
        document.styles[f"Heading {level}"].font.color.rgb = JIALING
    return document


def use_font(style):
    """Let a style write Chinese in CHINESE_FONT."""
    style.font.name = CHINESE_FONT
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), CHINESE_FONT)


def add_table(document, head, rows):
    """Add a table with lines: `head` and `rows` are tuples of text; returns it."""
    table = document.add_table(rows=1, cols=len(head), style="Table Grid")
    for cell, words in zip(table.rows[0].cells, head, strict=True):
        cell.paragraphs[0].add_run(words).bold = True
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    return table
