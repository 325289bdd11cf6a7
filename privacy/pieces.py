"""Files kept encrypted in the database, a megabyte to a row, out of reach of any web server.

Whole files would take fifteen times their size of a web process's memory; pieces go with the row they belong to, so
there are no orphans to sweep.
"""

import base64

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import ids
from privacy.fields import EncryptedTextField

LENGTH = 1 << 20  # bytes


class KeptFile(models.Model):
    """A file somebody sent; a model made of it says what it belongs to, one made of `Piece` holds its bytes as `pieces`."""

    code = models.CharField(max_length=12, unique=True, default=ids.code, editable=False)
    # As it was called: files are often called after people.
    file_name = EncryptedTextField(_("文件名"))
    kind = models.CharField(_("文件类型"), max_length=4)
    size = models.PositiveIntegerField(_("大小"))
    added_at = models.DateTimeField(_("上传时间"))

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self):
        return self.code


class Piece(models.Model):
    """A megabyte of a file; a model made of it adds the foreign key to what the file belongs to, named `pieces` there."""

    number = models.PositiveSmallIntegerField()
    content = EncryptedTextField()

    class Meta:
        abstract = True

    def __str__(self):
        return f"piece {self.number}"


def keep(pieces, data, **more):
    """Store bytes as new rows of the related manager `pieces`; `more` are fields all of them have."""
    for number, start in enumerate(range(0, len(data), LENGTH)):
        content = base64.b64encode(data[start : start + LENGTH]).decode()
        pieces.create(number=number, content=content, **more)


def keep_once(files, plain, **fields):
    """Store a (file name, bytes) as a row of the related manager `files` of a KeptFile; returns (the row, whether it is new).

    One of the same name and bytes that is there already is not put there again. `fields` are those of the row.
    """
    name, data = plain
    for found in files.filter(size=len(data)):
        if found.file_name == name and is_kept(found.pieces, data):
            return found, False
    made = files.create(file_name=name, size=len(data), **fields)
    keep(made.pieces, data)
    return made, True


def read(pieces):
    """Return the bytes of a file, from a QuerySet of its pieces."""
    rows = pieces.order_by("number").iterator(chunk_size=1)
    return b"".join(base64.b64decode(piece.content) for piece in rows)


def is_kept(pieces, data):
    """Tell whether these are the bytes a QuerySet of pieces holds."""
    return read(pieces) == data
