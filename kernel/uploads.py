"""What is sent as files: no more of it is kept than any form takes, and of a picture nothing but what is seen."""

import base64
import contextlib
import fcntl
import json
import time
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import confined
from kernel.errors import Conflict, Invalid

# Above the limit of every form with a file: the form still sees that its own is passed, and says so.
LONGEST = 12 * 1024 * 1024
# Twenty million pixels unfold into 80 MB, twice more while they are turned and made smaller; more are halved on the way.
PICTURE = confined.Limits(memory=400 << 20, cpu=15, wall=25, output=24 << 20)
WAIT = 10.0  # seconds a picture waits for those before it
# A document of twelve megabytes is held three times while it is made anew; pypdf itself takes 100 MB.
DOCUMENT = confined.Limits(memory=600 << 20, cpu=20, wall=40, output=24 << 20)
REFUSALS = {
    "photo_too_big": gettext_lazy("图片尺寸太大，请缩小后再上传。"),
    "photo_unreadable": gettext_lazy("这张图片打不开，请重新拍一张或另存后再上传。"),
    "document_unreadable": gettext_lazy("这个文件打不开或已损坏，请重新另存后再上传。"),
    "document_too_complex": gettext_lazy("这个文件展开后太大，请精简后再上传。"),
    "document_locked": gettext_lazy("这个文件设了密码，请取消密码后再上传。"),
    "document_macros": gettext_lazy("这个文件带有宏，请另存为不带宏的 Word 文档（.docx）再上传。"),
    "document_embeds": gettext_lazy(
        "这个 Word 文件里嵌有其他文件，请取出后分别上传，或另存为 PDF。"
    ),
    "document_fetches": gettext_lazy("这个 Word 文件打开时会从网上取内容，请另存为 PDF 再上传。"),
}


class Shortened(FileUploadHandler):
    """Hands on the first LONGEST bytes of a request's files to the handlers behind it and drops the rest.

    Refusing at once would look like a broken connection to a browser that is still sending: it reads no
    answer before its form is through.
    """

    left = LONGEST

    def receive_data_chunk(self, raw_data, start):
        """Return the part of a chunk that is kept, None for nothing."""
        kept = raw_data[: self.left]
        self.left -= len(kept)
        return kept or None

    def file_complete(self, file_size):
        """Leave the file to the handlers behind."""
        return


class WithLength:
    """Gives a body that is sent in chunks a length: without one Django takes it for empty. Wraps the application.

    Browsers say beforehand how long a form is, programs and some proxies do not. A form with files tells its end
    itself, so any length above it will do, and it is read no further than with one. Anything else is counted, as
    much of it as the settings let in.
    """

    ANY = str(1 << 40)

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        """Pass on, with the length where the server ends a body of unknown length by itself."""
        is_chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        if is_chunked and environ.get("wsgi.input_terminated"):
            environ = environ | self._length(environ)
        return self.application(environ, start_response)

    def _length(self, environ):
        if environ.get("CONTENT_TYPE", "").startswith("multipart/"):
            return {"CONTENT_LENGTH": self.ANY}
        body, most = b"", settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1
        while len(body) < most and (piece := environ["wsgi.input"].read(most - len(body))):
            body += piece
        return {"CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}


def plain_picture(data, *, field=None):
    """Return a JPEG or PNG made anew from these bytes: where and when it was taken, and with what, is gone.

    It is decoded in a process with limits, one at a time on this machine. Raises Invalid("photo_too_big") for more
    pixels than fit, Invalid("photo_unreadable") for no picture, both at `field`; Conflict("photo_busy").
    """
    busy = Conflict("photo_busy", _("正在处理其他图片，请稍后再试。"), field=field)
    with turn(busy, WAIT):
        answers = _answers(data)
    if code := answers[0].get("error"):
        raise Invalid(code, REFUSALS[code], field=field)
    return b"".join(base64.b64decode(answer["piece"]) for answer in answers)


def _answers(data):
    try:
        child = confined.Child("kernel.plain_picture", data, PICTURE)
        return [answer for answer in child.answers() if answer is not None]
    except (confined.LimitReached, confined.ChildFailed):
        # Small as a file, too much once unfolded.
        return [{"error": "photo_too_big"}]


def plain_document(data, kind, *, made_anew=False, names=(), field=None):
    """Return (bytes, whether one of `names` is read in it) of a "pdf" or "docx" that was opened and found sound.

    `made_anew`: without author, company, program, comments' writers, what lies in it and how its pictures were taken; what
    is read stays, and only then names are looked for. Otherwise the bytes as they came.

    It is opened in a process with limits, one at a time on this machine. Raises Invalid at `field` with a code of
    REFUSALS; Conflict("document_busy").
    """
    busy = Conflict("document_busy", _("正在处理其他文件，请稍后再试。"), field=field)
    order = {"kind": kind, "made_anew": made_anew, "names": list(names)}
    with turn(busy, WAIT, "document"):
        answers = _about_document(json.dumps(order).encode() + b"\n" + data)
    if code := answers[0].get("error"):
        raise Invalid(code, REFUSALS[code], field=field)
    made = b"".join(base64.b64decode(answer["piece"]) for answer in answers[1:])
    return (made if made_anew else data), answers[0]["named"]


def _about_document(sent):
    try:
        child = confined.Child("kernel.plain_document", sent, DOCUMENT)
        found = [answer for answer in child.answers() if answer is not None]
        return found or [{"error": "document_unreadable"}]
    except confined.LimitReached:
        return [{"error": "document_too_complex"}]
    except confined.ChildFailed:
        return [{"error": "document_unreadable"}]


@contextlib.contextmanager
def turn(busy, wait, what="photo"):
    """Be the only one on this machine who opens a picture (or `what` else); a killed process leaves no lock behind.

    Raises `busy` when others are still at it after `wait` seconds.
    """
    with Path(settings.VAR_DIR, f"{what}.lock").open("a") as lock:
        deadline = time.monotonic() + wait
        while not _locked(lock):
            if time.monotonic() > deadline:
                raise busy
            time.sleep(0.05)
        yield


def _locked(file):
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
