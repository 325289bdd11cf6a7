"""Documents from outside: what is read stays, who made them does not, and what is made to do harm is refused in a sentence."""

import io
import zipfile
import zlib

import pytest
from docx import Document
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from kernel.errors import DomainError
from kernel.uploads import plain_document
from tests.kernel.test_pictures import photo

HER = "林静姝"


def pdf(text="研究计划", secret=HER):
    """Return a PDF with a page of text whose properties, notes and packed files name her."""
    from kernel.documents import render
    from talents.cv.documents import TEMPLATE

    page = render(
        TEMPLATE,
        {"title": "", "name": "", "line": text, "sections": [], "page_of": "", "lang": "zh"},
    )
    writer = PdfWriter(clone_from=io.BytesIO(page))
    writer.add_metadata({"/Author": secret, "/Company": secret})
    writer.add_attachment("secret.txt", secret.encode())
    note = {"/Type": "/Annot", "/Subtype": "/Text", "/T": secret, "/Contents": "写得好"}
    writer.add_annotation(0, _named(note) | {"/Rect": writer.pages[0].mediabox})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _named(values):
    return DictionaryObject(
        (NameObject(key), NameObject(value) if value[0] == "/" else TextStringObject(value))
        for key, value in values.items()
    )


def word(text="研究计划", secret=HER):
    """Return a Word file whose properties name her, with a photo that says where it was taken."""
    document = Document()
    document.core_properties.author = document.core_properties.last_modified_by = secret
    paragraph = document.add_paragraph(text)
    document.add_comment(paragraph.runs, text="同意", author=secret, initials="JS")
    document.add_picture(io.BytesIO(photo()))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def repacked(data, **parts):
    """Return a Word file with parts put in, or in the place of others."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def everything(data):
    """Return all that stands in a Word file or PDF, unpacked."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return b"\n".join(archive.read(name) for name in archive.namelist())
    found = [data]
    for one in data.split(b"stream")[1:]:
        try:
            found.append(zlib.decompressobj().decompress(one.lstrip(b"\r\n")))
        except zlib.error:
            continue
    return b"\n".join(found)


def spelt(text):
    """Return a text as a file may hold it: UTF-8, or as PDF writes it."""
    return text.encode(), text.encode("utf-16-be"), text.encode("utf-16-be").hex().encode()


def code(data, kind, **more):
    """Return the code with which a document is refused."""
    with pytest.raises(DomainError) as error:
        plain_document(data, kind, field="file", **more)
    assert error.value.field == "file"
    return error.value.code


@pytest.mark.parametrize(("make", "kind"), [(pdf, "pdf"), (word, "docx")])
def test_who_made_it_is_gone_and_what_is_read_stays(make, kind):
    data = make()
    assert any(word in everything(data) for word in spelt(HER))
    made, named = plain_document(data, kind, made_anew=True, names=[HER])
    assert named is False
    assert not [word for word in (*spelt(HER), b"SECRET-PLACE") if word in everything(made)]
    if kind == "pdf":
        reader = PdfReader(io.BytesIO(made))
        assert (
            "研究计划" in reader.pages[0].extract_text(),
            reader.metadata,
            dict(reader.attachments),
        ) == (True, None, {})
        assert [note.get_object()["/Contents"] for note in reader.pages[0]["/Annots"]] == ["写得好"]
    else:
        document = Document(io.BytesIO(made))
        assert (document.paragraphs[0].text, document.core_properties.author) == ("研究计划", "")
        assert [(one.author, one.text) for one in document.comments] == [("", "同意")]


@pytest.mark.parametrize(("make", "kind"), [(pdf, "pdf"), (word, "docx")])
def test_a_name_in_its_words_is_found_and_without_being_asked_nothing_changes(make, kind):
    data = make("负责人林 静姝，研究计划")
    assert plain_document(data, kind, made_anew=True, names=[HER])[1] is True
    assert plain_document(data, kind) == (data, False)


def test_what_is_no_sound_document_is_refused():
    locked = PdfWriter(clone_from=io.BytesIO(pdf()))
    locked.encrypt("secret")
    out = io.BytesIO()
    locked.write(out)
    away = '<Relationships><Relationship Type="x/attachedTemplate" Target="http://a" TargetMode="External"/></Relationships>'
    deep = "<a>" * 5000
    refused = [
        code(out.getvalue(), "pdf"),
        code(b"%PDF-1.7\nnothing", "pdf"),
        code(pdf()[:2000], "pdf", made_anew=True),
        code(b"PK\x03\x04nothing", "docx"),
        code(repacked(word(), **{"[Content_Types].xml": "<Types/>"}), "docx"),
        code(repacked(word(), **{"word/vbaProject.bin": b"x"}), "docx"),
        code(repacked(word(), **{"word/embeddings/a.docx": b"x"}), "docx", made_anew=True),
        code(repacked(word(), **{"word/_rels/settings.xml.rels": away}), "docx"),
        code(repacked(word(), **{"word/media/a.bin": bytes(130 << 20)}), "docx"),
        code(repacked(word(), **{"word/document.xml": deep}), "docx"),
    ]
    assert refused == [
        "document_locked",
        "document_unreadable",
        "document_unreadable",
        "document_unreadable",
        "document_unreadable",
        "document_macros",
        "document_embeds",
        "document_fetches",
        "document_too_complex",
        "document_unreadable",
    ]
