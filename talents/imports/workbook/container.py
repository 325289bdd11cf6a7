"""What kind of file it is, told from outside: quick whatever its size, and safe in any process."""

import re

from talents.imports.problems import WorkbookError

MAX_BYTES = 10 * 1024 * 1024
XLSX, XLS, CSV = "xlsx", "xls", "csv"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Files people send by mistake that consist of text all the same.
_OTHER_TEXT = re.compile(rb"\s*(%PDF|<|\{\\rtf)")
# The first records of a workbook of the old format, up to the one that says it has a password (FILEPASS).
_PASSWORD = re.compile(
    rb"\x09\x08\x10\x00\x00\x06\x05\x00.{12}(\x86\x00\x00\x00)?\x2f\x00", re.DOTALL
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def check(fileobj):
    """Return the bytes of a file opened for binary reading, looked at from outside only.

    Raises WorkbookError: empty_file, too_large, not_a_list, encrypted, with_macros (.xls; of others `grids`).
    """
    data = fileobj.read(MAX_BYTES + 1)
    kind_of(data)
    return data


def kind_of(data):
    """Return XLSX, XLS or CSV for a file's bytes; raises WorkbookError as `check` does."""
    if not data:
        raise WorkbookError("empty_file")
    if len(data) > MAX_BYTES:
        raise WorkbookError("too_large", mb=MAX_BYTES >> 20)
    if data[:8] == _OLE:
        if "EncryptedPackage".encode("utf-16-le") in data or _has_password(data):
            raise WorkbookError("encrypted")
        if "_VBA_PROJECT".encode("utf-16-le") in data:
            raise WorkbookError("with_macros")
        return XLS
    if data[:2] == b"PK":
        return XLSX
    if _is_text(data[:65_536]):
        return CSV
    raise WorkbookError("not_a_list")


def _has_password(data):
    return _PASSWORD.search(data) is not None


def _is_text(head):
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    return not _OTHER_TEXT.match(head) and not _CONTROLS.search(head)
