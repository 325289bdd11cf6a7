"""The uploaded file of a run, kept in encrypted pieces until the run needs it no more."""

import base64

from talents.imports.models import ImportFile

PIECE = 1 << 20  # bytes


def keep(run, data):
    """Store the bytes of a file."""
    for number, start in enumerate(range(0, len(data), PIECE)):
        piece = base64.b64encode(data[start : start + PIECE]).decode()
        ImportFile.objects.create(run=run, number=number, content=piece)


def read(run):
    """Return the bytes of a run's file."""
    pieces = ImportFile.objects.filter(run=run).order_by("number")
    return b"".join(base64.b64decode(piece.content) for piece in pieces.iterator(chunk_size=1))
