"""The uploaded file of a run, kept in encrypted pieces until the run needs it no more."""

import base64

from talents.imports.models import ImportFile

PIECE = 1 << 20  # bytes


def keep(run, data):
    """Store the bytes of a file."""
    for number, start in enumerate(range(0, len(data), PIECE)):
        piece = base64.b64encode(data[start : start + PIECE]).decode()
        ImportFile.objects.create(run=run, number=number, content=piece)


def drop(run):
    """Delete a run's file, and in memory what was taken from it to ask about; the caller saves the run."""
    ImportFile.objects.filter(run=run).delete()
    run.unknown_columns = None


def read(run):
    """Return the bytes of a run's file."""
    pieces = ImportFile.objects.filter(run=run).order_by("number")
    return b"".join(base64.b64decode(piece.content) for piece in pieces.iterator(chunk_size=1))
