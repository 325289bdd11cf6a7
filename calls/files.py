"""What is sent as a file of an application: what it is by its content, and what of it is kept.

Where reviewers are not to know whose an application is, properties and what is packed into a file go (kernel.uploads); a
picture is made anew in any case. Other documents are kept as they came: staff may need a signature that stands in them.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from calls.models import FileKind
from kernel import uploads
from kernel.errors import Invalid
from kernel.words import either
from talents.career.files import kind_of as kind_of_evidence
from talents.career.files import tidy_name

ZIP = b"PK\x03\x04"
# A PDF that was sent whole says where its parts stand at its end.
END_OF_PDF, END = b"%%EOF", 2048
IMAGES = ("jpg", "png")
CALLED = {"jpeg": "jpg"}


@dataclass(frozen=True)
class Taken:
    """What another place than a line of a form takes: the name of its field, megabytes of a file, kinds (FileKind)."""

    key: str
    file_mb: int
    file_kinds: tuple


def kind_of(data):
    """Return "pdf", "jpg", "png" or "docx" by what the bytes begin with; None for anything else."""
    return "docx" if data.startswith(ZIP) else kind_of_evidence(data)


def why_not(field, name, data):
    """Say why these bytes are no file for a line of the form (or a Taken), or None; asked before anything is opened."""
    kind, ending = kind_of(data), name.rpartition(".")[2].lower()
    if len(data) > field.file_mb << 20:
        sentence = _("文件超过 %(mb)s MB，请压缩后再上传。")
        return Invalid("file_too_large", sentence % {"mb": field.file_mb}, field=field.key)
    if kind is None or _family(kind) not in field.file_kinds:
        sentence = _("这里只能上传 %(kinds)s；其他格式请先另存。")
        kinds = either(FileKind(one).label for one in field.file_kinds)
        return Invalid("file_type", sentence % {"kinds": kinds}, field=field.key)
    if CALLED.get(ending, ending) != kind:
        sentence = _("文件内容和扩展名不一致，请重新另存后再上传。")
        return Invalid("file_not_what_it_says", sentence, field=field.key)
    if kind == "pdf" and END_OF_PDF not in data[-END:]:
        return Invalid(
            "document_unreadable", uploads.REFUSALS["document_unreadable"], field=field.key
        )
    return None


def _family(kind):
    return FileKind.IMAGE if kind in IMAGES else kind


def plain(field, sent, *, is_blind=False, names=()):
    """Return (file name, bytes, whether one of `names` is read in it) of a (file name, bytes) as it is kept.

    Raises what `why_not` returns and kernel.uploads raises, with the file's name before the sentence.
    """
    name, data = sent
    try:
        if error := why_not(field, name, data):
            raise error
        made, named = _plain(field, data, is_blind, names)
    except Invalid as error:
        sentence = _("“%(name)s”：%(why)s") % {"name": name[:60], "why": error}
        raise Invalid(error.code, sentence, field=field.key) from error
    return tidy_name(name, kind_of(made)), made, named


def _plain(field, data, is_blind, names):
    kind = kind_of(data)
    if kind in IMAGES:
        return uploads.plain_picture(data, field=field.key), False
    if is_blind or kind == "docx":
        return uploads.plain_document(data, kind, made_anew=is_blind, names=names, field=field.key)
    return data, False
