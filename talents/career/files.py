"""Files that prove an entry: what they are by their content, pictures made anew, kept in encrypted pieces."""

import re

from django.utils.translation import gettext as _

from kernel import uploads
from kernel.errors import Invalid
from privacy import pieces
from talents.career.models import Evidence

MOST = 5 * 1024 * 1024
BEGINNINGS = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}


def kind_of(data):
    """Return "pdf", "jpg" or "png" by what the bytes begin with; None for anything else."""
    return next((kind for kind, mark in BEGINNINGS.items() if data.startswith(mark)), None)


def why_not_file(data):
    """Return why these bytes are no evidence (DomainError), or None; what a file calls itself is not asked."""
    if len(data) > MOST:
        return Invalid("file_too_large", _("文件超过 5 MB，请压缩后再上传。"), field="file")
    if kind_of(data) is None:
        sentence = _("只能上传 PDF、JPG 或 PNG 文件；其他格式请先另存为 PDF。")
        return Invalid("file_type", sentence, field="file")
    return None


def plain(evidence):
    """Return a (file name, bytes) as it is kept: of a picture what is seen, and not where and when it was taken.

    Raises what `why_not_file` returns and `uploads.plain_picture` raises.
    """
    name, data = evidence
    if error := why_not_file(data):
        raise error
    return name, data if kind_of(data) == "pdf" else uploads.plain_picture(data, field="file")


def tidy_name(file_name, kind):
    """Return what a file is called as it is kept: the name it came with, the ending of what it is."""
    stem = re.sub(r"[^\w（）()\-. ]", "", file_name.rpartition(".")[0] or file_name).strip(" .")
    return f"{stem[:100] or 'file'}.{kind}"


def keep(entry, file_name, data, now):
    """Store the bytes as the evidence of an entry, in place of what was there."""
    Evidence.objects.filter(entry=entry).delete()
    kind = kind_of(data)
    evidence = Evidence.objects.create(
        entry=entry,
        file_name=tidy_name(file_name, kind),
        kind=kind,
        size=len(data),
        added_at=now,
    )
    pieces.keep(evidence.pieces, data)
    return evidence


def read(evidence):
    """Return the bytes of a file."""
    return pieces.read(evidence.pieces)
