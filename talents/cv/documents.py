"""The CV as files: PDF (typst) and Word (python-docx), from the same plain values (content.data)."""

from pathlib import Path

from kernel import documents

TEMPLATE = Path(__file__).with_name("cv.typ")


def pdf(content):
    """Return the CV as the bytes of a PDF (A4, Chinese font embedded)."""
    return documents.render(TEMPLATE, content)


def docx(content):
    """Return the CV as the bytes of a Word document she can go on writing in."""
    # Imported when somebody asks: python-docx and lxml take 4 MB of a process, and few CVs are taken as Word.
    from talents.cv import word

    return word.made_of(content)


MAKERS = {"pdf": pdf, "docx": docx}
