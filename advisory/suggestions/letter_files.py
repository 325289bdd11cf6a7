"""A suggestion with its replies as Word and PDF, laid out as an official letter; what it says is `documents`'s."""

import io
from pathlib import Path

from kernel import documents
from kernel.spreadsheets import NOT_IN_XML

TEMPLATE = Path(__file__).with_name("reply.typ")


def pdf(letter):
    """Return a letter (plain JSON values) as the bytes of a PDF: A4, the Chinese font within."""
    return documents.render(TEMPLATE, letter)


def docx(letter):
    """Return the same letter as the bytes of a Word document, to be stamped or sent on."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # python-docx, for who asks for a letter
    from docx.shared import Mm, Pt

    from kernel import word

    document = word.opened(_plain(letter["title"]))
    page = document.sections[0]
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    page.top_margin, page.bottom_margin = Mm(30), Mm(28)
    for words, size in ((letter["head"], 20), (letter["title"], 16)):
        heading = document.add_heading(level=1)
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        heading.add_run(_plain(words)).font.size = Pt(size)
        if words is letter["head"]:
            number = document.add_paragraph(_plain(letter["number"]))
            number.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _facts(document, letter["facts"], Mm)
    for part in letter["parts"]:
        document.add_heading(_plain(part["title"]), level=2)
        for words in part["paragraphs"]:
            paragraph = document.add_paragraph(_plain(words))
            paragraph.paragraph_format.first_line_indent = Pt(22)
        for words in part["signed"]:
            signed = document.add_paragraph(_plain(words))
            signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            signed.paragraph_format.keep_with_next = words is not part["signed"][-1]
    page.footer.paragraphs[0].text = _plain(letter["foot"])
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _facts(document, facts, mm):
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    widths = mm(32), mm(124)
    # Word goes by each cell's width, others by the column's.
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for fact in facts:
        for cell, width, words in zip(table.add_row().cells, widths, fact, strict=True):
            cell.text, cell.width = _plain(words), width
            spacing = cell.paragraphs[0].paragraph_format
            spacing.space_before = spacing.space_after = mm(1)


def _plain(text):
    return NOT_IN_XML.sub("", str(text))


MAKERS = {"docx": docx, "pdf": pdf}
