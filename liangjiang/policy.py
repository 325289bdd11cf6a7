"""The policy's own text, as issued, for the page that shows it."""

import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings

TEXT = settings.BASE_DIR / "docs" / "policy" / "ten-measures.zh.txt"
MEASURE = re.compile(r"^(\d+)\.")
SECTION = re.compile(r"^([一二三四五])、")
NUMERALS = "一二三四五"


@dataclass(frozen=True)
class Paragraph:
    """One line of the text: what it is (title, salutation, issuer, section, measure, text) and its anchor."""

    kind: str
    text: str
    anchor: str = ""


@cache
def paragraphs():
    """Return the text's lines in order, blanks around them dropped, empty lines left out."""
    lines = [line.strip() for line in TEXT.read_text(encoding="utf-8").splitlines()]
    return tuple(_paragraph(line) for line in lines if line)


def _paragraph(line):
    if match := MEASURE.match(line):
        return Paragraph("measure", line, f"measure-{match[1]}")
    if match := SECTION.match(line):
        return Paragraph("section", line, f"section-{NUMERALS.index(match[1]) + 1}")
    if line.startswith(("关于印发", "两江新区关于支持")):
        return Paragraph("title", line)
    if line.startswith("重庆两江新区") or re.fullmatch(r"\d{4}年\d+月\d+日", line):
        return Paragraph("issuer", line)
    return Paragraph("salutation" if line.endswith("单位：") else "text", line)


def measure_text(number):
    """Return the policy's own paragraph of one measure (1–10)."""
    return next(p.text for p in paragraphs() if p.anchor == f"measure-{number}")
