"""Lists that are none, or are made to harm, sent as a clerk sends them: each refused in one sentence, in little memory."""

import html
import struct
import time
import zipfile
from io import BytesIO

from talents.imports.models import ImportRun
from talents.imports.problems import Problem
from tests import factories
from tests.talents.imports import workbooks
from tests.talents.imports.workbook.test_limits import SHAPES
from tools.attack import memory, world
from tools.attack.cases import Outcome, case
from tools.attack.files import UPLOAD, WORKING, unlimited
from tools.say import line

MOST_MEGABYTES = 300
TOLD_AT_ONCE = ("empty_file", "too_large", "not_a_list", "encrypted", "with_macros")
SECTOR, END, FREE, FAT = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


# --- the old format, written by hand ----------------------------------------------------------------
def old(stream, name="Workbook", *, loops=False):
    """Return an OLE file that holds one stream; `loops`: its last sector leads back to the first."""
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    used = len(stream) // SECTOR
    tables = -(-(used + 1) // 127)
    first = tables + 1
    chain = [*range(first + 1, first + used), first if loops else END]
    fat = [*[FAT] * tables, END, *chain]
    fat += [FREE] * (tables * 128 - len(fat))
    at = [*range(tables), *[FREE] * (109 - tables)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, END, 0, END, 0)
    entries = _entry("Root Entry", 5, END, 0, child=1) + _entry(name, 2, first, len(stream))
    folder = entries + _entry("", 0, 0, 0) * 2
    body = struct.pack(f"<{len(at)}I", *at), struct.pack(f"<{len(fat)}I", *fat), folder, stream
    return head + b"".join(body)


def _entry(name, kind, start, size, child=FREE):
    raw = (name + "\0").encode("utf-16-le") if name else b""
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(raw), kind, 1, FREE, FREE, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def record(kind, data=b""):
    """Return one record of the old format."""
    return struct.pack("<HH", kind, len(data)) + data


def old_book(*cells, texts=(), claimed=None, after_begin=b""):
    """Return an .xls of one sheet; `cells` are (row, column, number), `texts` its strings, `claimed` how many it says."""
    begin = struct.pack("<HHHHII", 0x600, 5, 0x0DBB, 0x07CC, 0, 6)
    strings = b"".join(struct.pack("<HB", len(t), 1) + t.encode("utf-16-le") for t in texts)
    counted = len(texts) if claimed is None else claimed
    shared = record(0xFC, struct.pack("<II", counted, counted) + strings)

    def globals_with(offset):
        sheet = record(0x85, struct.pack("<IBBBB", offset, 0, 0, 6, 0) + b"Sheet1")
        return record(0x809, begin) + after_begin + sheet + shared + record(0x0A)

    front = globals_with(len(globals_with(0)))
    begin = struct.pack("<HHHHII", 0x600, 0x10, 0x0DBB, 0x07CC, 0, 6)
    numbers = b"".join(record(0x203, struct.pack("<HHHd", r, c, 0, n)) for r, c, n in cells)
    return front + record(0x809, begin) + numbers + record(0x0A)


# --- lists ------------------------------------------------------------------------------------------
def many_sheets():
    return workbooks.form(
        workbooks.person(), extra_sheets=[f"表{n}" for n in range(100)]
    ).getvalue()


def with_part(name, content=b"\xd0\xcf\x11\xe0"):
    """Return a good form with one more part."""
    out = BytesIO(workbooks.form(workbooks.person()).getvalue())
    with zipfile.ZipFile(out, "a") as book:
        book.writestr(name, content)
    return out.getvalue()


def locked():
    return old(b"\0" * 5000, "EncryptedPackage")


def zip_of_zips():
    inner = BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", b"0" * (400 << 20))
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for number in range(9):
            book.writestr(f"{number}.zip", inner.getvalue())
    return out.getvalue()


def overlapping():
    """Return an archive that names one packed part five thousand times (a bomb of one level)."""
    out = BytesIO(workbooks.form(workbooks.person()).getvalue())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/0.bin", b"0" * (100 << 20))
        part = book.infolist()[-1]
        for number in range(1, 5000):
            again = zipfile.ZipInfo(f"xl/media/{number}.bin", part.date_time)
            for name in ("header_offset", "file_size", "compress_size", "CRC", "compress_type"):
                setattr(again, name, getattr(part, name))
            book.filelist.append(again)
    return out.getvalue()


def with_zip(parts):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return out.getvalue()


HEAD = "姓名,手机,工作单位\n"
REAL = "姓名,手机,工作单位\n李敏,13900000001,重庆大学\n"
LISTS = {
    "nothing": (lambda: b"", "名单.xlsx", "empty_file"),
    "200 MB": (lambda: b"PK" + b"z" * (200 << 20), "名单.xlsx", "too_large"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(5000), "名单.xlsx", "not_a_list"),
    "a page": (lambda: b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", "not_a_list"),
    "an archive": (lambda: with_zip({"a.txt": b"x"}), "名单.xlsx", "not_a_list"),
    "archives in an archive": (zip_of_zips, "名单.xlsx", "not_a_list"),
    "one part 5000 times": (overlapping, "名单.xlsx", "unpacked_too_large"),
    "half a workbook": (lambda: many_sheets()[:9000], "名单.xlsx", "corrupted"),
    "macros": (lambda: with_part("xl/vbaProject.bin"), "名单.xlsx", "with_macros"),
    "macros elsewhere": (lambda: with_part("xl/MACRO/VBAProject.BIN"), "a.xlsx", "with_macros"),
    "macros of Excel 4": (lambda: with_part("xl/macrosheets/sheet1.xml"), "a.xlsx", "with_macros"),
    "a password": (locked, "名单.xlsx", "encrypted"),
    "100 sheets": (many_sheets, "名单.xlsx", "too_many_sheets"),
    "a row of 190 MB of blanks": (SHAPES["one row of blanks"], "名单.xlsx", "too_complex"),
    "rows without addresses": (SHAPES["rows without addresses"], "名单.xlsx", "too_complex"),
    "500,000 strings": (SHAPES["half a million shared strings"], "名单.xlsx", "read"),
    "two cells far apart": (
        lambda: old(old_book((0, 0, 1.0), (65535, 255, 1.0))), "名单.xls", "too_complex",
    ),
    "four thousand million strings": (
        lambda: old(old_book((0, 0, 1.0), claimed=0xFFFFFFFF)), "名单.xls", ("corrupted", "too_complex", "no_header"),
    ),
    "an .xls in a circle": (lambda: old(old_book(), loops=True), "名单.xls", ("corrupted", "too_complex", "no_header")),
    "half an .xls": (lambda: old(old_book((0, 0, 1.0)))[:700], "名单.xls", "corrupted"),
    "an .xls of a million cells": (
        lambda: old(old_book(*[(n // 200, n % 200, 1.0) for n in range(380_000)])), "名单.xls", ("too_complex", "no_header"),
    ),
    "NULs in GB18030": (lambda: HEAD.encode("gb18030") + b"\0\x81" * 4000, "名单.csv", "not_a_list"),
    "NULs far inside": (
        lambda: (HEAD + "备注\n" * 40_000).encode("gb18030") + b"\x80\xff\0" * 9, "名单.csv", "text_unreadable",
    ),
    "no text": (lambda: (HEAD.encode() * 4000) + b"\x80\xff", "名单.csv", "text_unreadable"),
    "a line without end": (lambda: b"x" * 10_000_000, "名单.csv", "corrupted"),
    "a line of cells without end": (lambda: b"x," * 5_000_000, "名单.csv", "too_complex"),
    "a quote without end": (lambda: (HEAD + '"').encode() + b"x\n" * 4_900_000, "名单.csv", "corrupted"),
    "lines without end": (lambda: HEAD.encode() + b"x,1\n" * 2_500_000, "名单.csv", "too_complex"),
    "NULs in a header": (
        lambda: REAL.replace("工作单位", "工作单位,怪\0列").replace("学\n", "学,说\0明\n").encode("utf-16"), "名单.csv", "read",
    ),
}  # fmt: skip


# --- sending them -----------------------------------------------------------------------------------
def sent(attack, clerk, data, name):
    """Send a list; return (the code it is refused with or "read", whether its page says why, MB at most, slowest page)."""
    visitor, slowest = world.browser(attack.port), 0
    with memory.watched(attack.web, attack.imports) as seen:
        answer = clerk.post(UPLOAD, files={"file": (name, data)})
        run = ImportRun.objects.order_by("-pk").first() if answer.status == 302 else None
        while run and run.state in WORKING:
            started = time.monotonic()
            visitor.get("/events/")
            slowest = max(slowest, time.monotonic() - started)
            time.sleep(0.1)
            run.refresh_from_db()
    if run:
        answer = clerk.get(f"/admin/talents/importrun/{run.pk}/change/")
    code, says = _code(answer, run)
    return code, says and answer.status < 500, seen["peak"], slowest


def _code(answer, run):
    """Return (why it was refused or "read", whether the page says so)."""
    page = html.unescape(answer.text)
    if run:
        says = run.state == "ready" or run.failure_text in page
        return ("read" if run.state == "ready" else run.failure[1]), says
    said = {code: str(Problem.of(code, mb=10).message) for code in TOLD_AT_ONCE}
    code = next((code for code, words in said.items() if words in page), None)
    return code or f"HTTP {answer.status}", code is not None


@case
def lists_that_are_none(attack):
    """Send 200 MB, bombs, macros, passwords, circles, lines without end: each is refused with its sentence within 300 MB."""
    clerk = world.browser(attack.port, factories.staff("department_clerk", phone=world.phone()))
    wrong, peak, slowest = [], 0, 0
    for what, (make, name, expected) in LISTS.items():
        code, says, megabytes, waited = sent(attack, clerk, make(), name)
        line(
            f"    {what}: {code}, {megabytes} MB, page {waited * 1000:.0f} ms{'' if says else ', NOT SAID'}"
        )
        peak, slowest = max(peak, megabytes), max(slowest, waited)
        if not says or code not in (expected if isinstance(expected, tuple) else (expected,)):
            wrong.append(f"{what}: {code}")
    broken = bool(wrong) or peak > MOST_MEGABYTES or slowest > 5
    figure = f"{', '.join(wrong) or 'each with its sentence'}; {peak} MB, pages ≤ {slowest * 1000:.0f} ms"
    return Outcome(len(LISTS), broken, figure)


CALAMINE = """
import io, resource, sys, python_calamine
resource.setrlimit(resource.RLIMIT_AS, (2000 << 20,) * 2)
python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())).get_sheet_by_index(0).to_python()
"""


@lists_that_are_none.control
def _(attack):
    return unlimited(LISTS["two cells far apart"][0], CALAMINE)
