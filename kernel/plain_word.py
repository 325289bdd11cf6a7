"""A Word file (.docx) as kernel.plain_document reads it: an archive of XML, read part by part and written anew."""

import io
import re
import zipfile

from kernel import xml_shape
from kernel.plain_parts import Refusal, without_notes

MOST_PARTS, MOST_UNPACKED = 2000, 120 << 20
MAIN = b"wordprocessingml.document.main+xml"
TYPES, BODY = "[Content_Types].xml", "word/document.xml"
# What is fetched from elsewhere when the file is opened tells that, when and where it was; a link is only followed by hand.
FETCHED = re.compile(rb"<[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>")
LINK = b"/hyperlink"
# Attributes that name who commented, corrected, joined in.
NAMING = re.compile(
    rb"(\b(?:author|initials|userId|providerId|lastEditor))\s*=\s*(\"[^\"]*\"|'[^']*')"
)
VARIABLES = re.compile(rb"<w:docVars>.*?</w:docVars>", re.DOTALL)
BETWEEN = re.compile(rb">[^<]+<")
TAG = re.compile(r"<[^>]+>")
READ = re.compile(r"word/(document|header\d*|footer\d*|comments|footnotes|endnotes)\.xml")
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
OFFICE = "http://schemas.openxmlformats.org"
EMPTY = {
    "docProps/core.xml": f'{HEAD}<cp:coreProperties xmlns:cp="{OFFICE}/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": f'{HEAD}<Properties xmlns="{OFFICE}/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": f'{HEAD}<Properties xmlns="{OFFICE}/officeDocument/2006/custom-properties"/>',
    "word/people.xml": f'{HEAD}<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"/>',
}


def plain(data, *, made_anew):
    """Return (the bytes of the new file, b"" unless `made_anew`; its text).

    Raises Refusal, xml_shape.TooComplex, and whatever zipfile does of what is broken.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        _require_plain_word(archive, made_anew)
        return (_anew(archive), _text(archive)) if made_anew else (b"", "")


def _require_plain_word(archive, made_anew):
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise Refusal("document_locked")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refusal("document_too_complex")
    if TYPES not in names or BODY not in names or len(set(names)) < len(names):
        raise Refusal("document_unreadable")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refusal("document_macros")
    if MAIN not in archive.read(TYPES):
        raise Refusal("document_unreadable")
    if made_anew and any(name.startswith("word/embeddings/") for name in names):
        raise Refusal("document_embeds")
    xml_shape.check_archive(archive)
    for name in names:
        if name.endswith(".rels"):
            _require_no_fetching(archive.read(name))


def _require_no_fetching(relations):
    if any(LINK not in found for found in FETCHED.findall(relations)):
        raise Refusal("document_fetches")


def _anew(archive):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in archive.infolist():
            # By its name alone: the moment it was packed is left out.
            made.writestr(
                zipfile.ZipInfo(part.filename), _part(archive, part.filename), zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def _part(archive, name):
    if name in EMPTY:
        return EMPTY[name].encode()
    content = archive.read(name)
    if not name.endswith((".xml", ".rels")):
        return without_notes(content)
    content.decode("utf-8")  # what another alphabet hides is not searched: broken
    if re.fullmatch(r"customXml/item\d+\.xml", name):
        return BETWEEN.sub(b"><", content)
    return NAMING.sub(rb'\1=""', VARIABLES.sub(b"", content))


def _text(archive):
    texts = [archive.read(name).decode() for name in archive.namelist() if READ.fullmatch(name)]
    return "\n".join(TAG.sub("", text.replace("</w:p>", "\n")) for text in texts)
