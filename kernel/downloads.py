"""Files sent to be saved: their type, their name, and that no cache keeps them."""

from urllib.parse import quote

from django.http import HttpResponse, StreamingHttpResponse

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "zip": "application/zip",
}


def download(data, name):
    """Return the answer that saves `data` (bytes) as a file called `name`, which ends as in TYPES.

    The name may be Chinese; browsers that cannot read it call the file after its ending.
    """
    return HttpResponse(data, **_as_file(name))


def streamed(pieces, name):
    """Return the same of a file too long for memory; `pieces` is an iterator over bytes."""
    return StreamingHttpResponse(pieces, **_as_file(name))


def _as_file(name):
    ending = name.rpartition(".")[2]
    plain = name if name.isascii() else f"file.{ending}"
    return {
        "content_type": TYPES[ending],
        "headers": {
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
            "Cache-Control": "private, no-store",
        },
    }
