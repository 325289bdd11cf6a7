"""A PDF as kernel.plain_document reads it (pypdf, imported by what is asked for one: it takes half a second)."""

import io
import time

from kernel.plain_parts import Refusal, without_notes

# Of any object of the file: who made it, with what, what it does by itself, what is packed into it.
DROPPED = (
    *("/Metadata", "/PieceInfo", "/LastModified", "/CreatorInfo", "/Perms", "/DSS", "/XFA"),
    *("/AA", "/OpenAction", "/JavaScript", "/EmbeddedFiles", "/AF", "/Collection"),
)
OF_NOTES = ("/T", "/NM", "/M", "/CreationDate", "/FS")  # who wrote a note in the margin, and when
OF_SIGNATURES = ("/Name", "/Location", "/Reason", "/ContactInfo", "/Contents", "/Cert", "/M")
READ_PAGES, READ_SECONDS = 50, 5  # in which names are looked for


def plain(data, *, made_anew):
    """Return (the bytes of the new file, b"" unless `made_anew`; the text of its first pages).

    Raises Refusal, and whatever pypdf does of what is broken.
    """
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refusal("document_locked")
    if not len(reader.pages):
        raise Refusal("document_unreadable")
    return (_anew(reader), _text(reader)) if made_anew else (b"", "")


def _text(reader):
    end, texts = time.monotonic() + READ_SECONDS, []
    for page in reader.pages[:READ_PAGES]:
        if time.monotonic() > end:
            break
        texts.append(page.extract_text())
    return "\n".join(texts)


def _anew(reader):
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    for found in writer._objects:
        if found is not None:
            _clean(found)
    _drop_unreached(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _drop_unreached(writer):
    """Take out what nothing leads to any more: the writer would go on keeping it."""
    reached, waiting = set(), [writer.root_object.indirect_reference]
    while waiting:
        one = waiting.pop()
        if hasattr(one, "idnum"):
            if one.idnum in reached:
                continue
            reached.add(one.idnum)
            one = one.get_object()
        waiting += [p for p in _parts(one) if hasattr(p, "idnum") or isinstance(p, list | dict)]
    for place in range(len(writer._objects)):
        if place + 1 not in reached:
            writer._objects[place] = None


def _parts(one):
    if isinstance(one, dict):
        return dict.values(one)  # raw: references are not followed
    return list.__iter__(one) if isinstance(one, list) else ()


def _clean(found):
    """Take out of an object, and of what stands directly in it, what is not read on a page."""
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            for name in _told(one):
                one.pop(name, None)
            if _is_photo(one):
                one._data = without_notes(one._data)
        waiting += [part for part in _parts(one) if isinstance(part, list | dict)]


def _told(one):
    if one.get("/Type") == "/Sig":
        return OF_SIGNATURES
    is_note = "/Rect" in one and one.get("/Subtype") != "/Widget"
    return (*DROPPED, *OF_NOTES) if is_note else DROPPED


def _is_photo(one):
    return one.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]) and hasattr(one, "_data")
