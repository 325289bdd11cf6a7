"""Files kept encrypted in the database, a megabyte to a row, out of reach of any web server.

Whole files would take fifteen times their size of a web process's memory; pieces go with the row they belong to, so
there are no orphans to sweep.
"""

import base64

from django.db import models

from privacy.fields import EncryptedTextField

LENGTH = 1 << 20  # bytes


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


def read(pieces):
    """Return the bytes of a file, from a QuerySet of its pieces."""
    rows = pieces.order_by("number").iterator(chunk_size=1)
    return b"".join(base64.b64decode(piece.content) for piece in rows)


def is_kept(pieces, data):
    """Tell whether these are the bytes a QuerySet of pieces holds."""
    return read(pieces) == data
