"""Small files that unfold: lists of a unit, photos at the door and the station's desk."""

import io
import json
import os
import subprocess
import time
import zipfile

from PIL import Image

from talents.imports.models import ImportRun
from tests import factories
from tests.care_points import make
from tests.talents.imports import workbooks
from tools.attack import memory, world
from tools.attack.browser import at_once
from tools.attack.cases import Outcome, case
from tools.bootstrap import PYTHON, ROOT

MOST_MEGABYTES, MOST_SECONDS = 350, 130
UPLOAD = "/admin/talents/importrun/add/"
WORKING = ("uploaded", "previewing", "committing")
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
)
HEAD = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>手机</t></is></c></row>'
)
# Where a workbook says that it has shared strings.
KIND = "openxmlformats-officedocument"
NAMED = {
    "[Content_Types].xml": (
        b"</Types>",
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.{KIND}'
        '.spreadsheetml.sharedStrings+xml"/>'.encode(),
    ),
    "xl/_rels/workbook.xml.rels": (
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/sharedStrings" Target="sharedStrings.xml"/>',
    ),
}
# What opens a workbook without limits: the control, itself held to 1 GB and 8 s so that the machine lives on.
OPEN = """
import io, json, resource, sys, openpyxl
resource.setrlimit(resource.RLIMIT_AS, (1000 << 20,) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (8, 8))
book = openpyxl.load_workbook(io.BytesIO(sys.stdin.buffer.read()), read_only=True)
rows = [[cell.value for cell in row] for sheet in book.worksheets for row in sheet.iter_rows()]
"""


def zipped(sheet, *, strings=None):
    """Return a workbook whose first sheet holds this XML; built from a sound one."""
    sound, out = zipfile.ZipFile(workbooks.form(workbooks.person())), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as book:
        for name in sound.namelist():
            data = sound.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = sheet.encode() if isinstance(sheet, str) else sheet
            elif strings is not None and name in NAMED:
                end, entry = NAMED[name]
                data = data.replace(end, entry + end)
            book.writestr(name, data)
        if strings is not None:
            book.writestr("xl/sharedStrings.xml", strings)
    return out.getvalue()


def far_row():
    return zipped(SHEET.format(f'<sheetData>{HEAD}<row r="99999999999"/></sheetData>'))


def empty_cells():
    return zipped(SHEET.format(f"<sheetData>{HEAD}<row>{'<c/>' * 30_000_000}</row></sheetData>"))


def empty_rows():
    return zipped(SHEET.format(f"<sheetData>{HEAD}{'<row/>' * 20_000_000}</sheetData>"))


def shared_strings():
    strings = "<si><t>x</t></si>" * 6_000_000
    head = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return zipped(
        SHEET.format(f"<sheetData>{HEAD}</sheetData>"), strings=f"{head}{strings}</sst>".encode()
    )


def zip_bomb():
    return zipped(SHEET.format(f"<sheetData>{HEAD}{' ' * 600_000_000}</sheetData>"))


def one_long_text():
    text = f'<row r="2"><c r="A2" t="inlineStr"><is><t>{"王" * 100_000_000}</t></is></c></row>'
    return zipped(SHEET.format(f"<sheetData>{HEAD}{text}</sheetData>"))


def entities():
    """Return ten million blanks, so that the parser's own limit (a hundred times what it read) is far away."""
    text = f'<!-- {" " * 10_000_000} --><!DOCTYPE x [<!ENTITY e "{"王" * 30_000}">]>'
    cell = f'<row r="2"><c r="A2" t="inlineStr"><is><t>{"&e;" * 6000}</t></is></c></row>'
    return zipped(text + SHEET.format(f"<sheetData>{HEAD}{cell}</sheetData>"))


def merged_cells():
    ranges = "".join(f'<mergeCell ref="A{n}:XFD{n + 900000}"/>' for n in range(2, 60))
    return zipped(SHEET.format(f"<sheetData>{HEAD}</sheetData><mergeCells>{ranges}</mergeCells>"))


def upload(attack, data, name="名单.xlsx"):
    """Send a list as a clerk; return (its run, seconds until it rests, MB at most, the slowest page meanwhile)."""
    clerk = world.browser(attack.port, factories.staff("department_clerk"))
    visitor, slowest = world.browser(attack.port), 0
    with memory.watched(attack.web, attack.imports) as seen:
        answer = clerk.post(UPLOAD, files={"file": (name, data)})
        run = ImportRun.objects.order_by("-pk").first() if answer.status == 302 else None
        while run and run.state in WORKING and seen.get("seconds", 0) < 1:
            started = time.monotonic()
            visitor.get("/events/")
            slowest = max(slowest, time.monotonic() - started)
            time.sleep(0.1)
            run.refresh_from_db()
    return run, seen, slowest


def attacked(attack, make_file, name="名单.xlsx"):
    """Upload a file and say whether anything of the portal grew or stood still."""
    data = make_file()
    run, seen, slowest = upload(attack, data, name)
    state = (
        f"{run.state} {'/'.join(map(str, (run.failure or [''])[:2]))}".strip()
        if run
        else "refused at once"
    )
    broken = seen["peak"] > MOST_MEGABYTES or seen["seconds"] > MOST_SECONDS or slowest > 5
    return Outcome(
        1, broken,
        f"{len(data) / 1024:,.0f} KB: {state}; {seen['peak']} MB, {seen['seconds']:.1f} s, "
        f"pages meanwhile ≤ {slowest * 1000:.0f} ms",
    )  # fmt: skip


def unlimited(make_file, program=OPEN):
    """Open the same file with the library and no limits of ours."""
    done = measured(make_file(), program)
    broken = done["megabytes"] > MOST_MEGABYTES or done["code"] != 0
    how = "fails" if done["code"] else "ends well"
    return Outcome(
        1, broken, f"{done['megabytes']:,} MB, {done['seconds']:.0f} s of processor, {how}"
    )


MEASURE = """
import json, resource, subprocess, sys
done = subprocess.run([sys.executable, "-c", sys.argv[1]], stdin=sys.stdin, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"megabytes": used.ru_maxrss >> 10, "seconds": used.ru_utime, "code": done.returncode}))
"""


def measured(data, program):
    """Run a program of its own on these bytes; return its memory, processor time and exit code."""
    # Through a process that is small itself: the peak of a child counts who started it.
    out = subprocess.run(
        [PYTHON, "-c", MEASURE, program], input=data, capture_output=True, cwd=ROOT, check=True
    )
    return json.loads(out.stdout)


@case
def workbook_far_row(attack):
    """Stop the site by one row with an enormous number, which a reader pads up to."""
    return attacked(attack, far_row)


@workbook_far_row.control
def _(attack):
    return unlimited(far_row)


@case
def workbook_empty_cells(attack):
    """Take gigabytes by one row of thirty million empty cells."""
    return attacked(attack, empty_cells)


@workbook_empty_cells.control
def _(attack):
    return unlimited(empty_cells)


@case
def workbook_empty_rows(attack):
    """Take gigabytes by twenty million empty rows."""
    return attacked(attack, empty_rows)


@workbook_empty_rows.control
def _(attack):
    return unlimited(empty_rows)


@case
def workbook_shared_strings(attack):
    """Take gigabytes by six million shared strings nobody uses."""
    return attacked(attack, shared_strings)


@workbook_shared_strings.control
def _(attack):
    return unlimited(shared_strings)


@case
def workbook_zip_bomb(attack):
    """Take 600 MB by blanks between two rows."""
    return attacked(attack, zip_bomb)


@workbook_zip_bomb.control
def _(attack):
    return unlimited(zip_bomb)


@case
def workbook_long_text(attack):
    """Take gigabytes by one cell of a hundred million characters."""
    return attacked(attack, one_long_text)


@workbook_long_text.control
def _(attack):
    return unlimited(one_long_text)


@case
def workbook_entities(attack):
    """Let ten names for ten names unfold to ten thousand million characters."""
    return attacked(attack, entities)


@workbook_entities.control
def _(attack):
    return unlimited(entities)


@case
def workbook_merged_cells(attack):
    """Let merged ranges of a whole sheet, sixty times, be filled in."""
    return attacked(attack, merged_cells)


@workbook_merged_cells.control
def _(attack):
    return unlimited(merged_cells, OPEN.replace(", read_only=True", ""))


LARGEST = 10_400_000  # bytes; a list may have 10 MiB
FIFTY_COPIES = (
    "import sys; data = sys.stdin.buffer.read(); kept = [data + bytes([n]) for n in range(50)]"
)


def largest():
    """Return a file as large as may be sent, which nothing compresses."""
    return b"PK\x03\x04" + os.urandom(LARGEST)


@case
def workbook_as_large_as_may_be(attack):
    """Take memory from the web process by the largest file it takes, several times over in encrypting and storing."""
    return attacked(attack, largest)


@workbook_as_large_as_may_be.control
def _(attack):
    return unlimited(largest, FIFTY_COPIES)


# --- photos -------------------------------------------------------------------------------------

CLIENTS = 8
DECODE = "import io, sys\nfrom PIL import Image\nImage.MAX_IMAGE_PIXELS = None\nImage.open(io.BytesIO(sys.stdin.buffer.read())).convert('RGBA').load()"


def tiny_webp():
    """Return a head alone that names 16,384² pixels: room is made before anything is read."""
    bits = (16_383 | 16_383 << 14).to_bytes(4, "little")
    body = b"WEBPVP8L" + (9).to_bytes(4, "little") + b"\x2f" + bits + b"\0" * 5
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def flat_png():
    out = io.BytesIO()
    Image.new("RGBA", (12_000, 12_000)).save(out, "PNG")
    return out.getvalue()


def flat_gif():
    out = io.BytesIO()
    Image.new("P", (12_000, 12_000)).save(out, "GIF")
    return out.getvalue()


PICTURES = {"webp": tiny_webp, "png": flat_png, "gif": flat_gif}


def photographed(attack, browser, path, pictures):
    """Send each picture eight times at once."""

    def job(data):
        return lambda: browser.post(path, {}, files={"photo": ("p.png", data)})

    jobs = [job(data) for data in pictures for _ in range(CLIENTS)]
    with memory.watched(attack.web) as seen:
        answers = at_once(jobs, CLIENTS)
    faults = sum(isinstance(a, Exception) or a.status >= 500 for a in answers)
    sizes = ", ".join(f"{len(data) / 1024:,.1f}" for data in pictures)
    return Outcome(
        len(jobs), seen["peak"] > MOST_MEGABYTES or faults > 0,
        f"{sizes} KB, {CLIENTS} at once: {seen['peak']} MB, {seen['seconds']:.1f} s, {faults} faults",
    )  # fmt: skip


@case
def picture_at_the_door(attack):
    """Take the door's server down with pictures of some kilobytes that unfold to hundreds of megabytes."""
    event = world.event()
    organiser = world.browser(attack.port, event.organiser)
    return photographed(
        attack, organiser, f"/events/{event.code}/door/", [make() for make in PICTURES.values()]
    )


@case
def picture_at_the_desk(attack):
    """The same at a station's desk."""
    operator = factories.user("吴站长", phone=world.phone())
    make.station(operator)
    desk = world.browser(attack.port, operator)
    return photographed(
        attack, desk, "/points/station/check/", [make() for make in PICTURES.values()]
    )


@picture_at_the_door.control
@picture_at_the_desk.control
def _(attack):
    done = [measured(make(), DECODE) for make in PICTURES.values()]
    most = max(one["megabytes"] for one in done)
    return Outcome(len(done), most > MOST_MEGABYTES, f"decoded without limits: {most} MB each")
