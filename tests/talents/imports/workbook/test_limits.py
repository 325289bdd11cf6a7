"""Workbooks made to harm: small as files, huge once unpacked. Read within 300 MB, or refused in a sentence."""

import io
import time
import zipfile
from dataclasses import replace

import pytest

from kernel import confined
from talents.imports.workbook import Incoming, WorkbookError
from talents.imports.workbook.incoming import LIMITS
from tests.kernel.test_confined import measured
from tests.talents.imports.workbooks import big, form, person

HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"
UNPACKED = 190 << 20


def crafted(*, sheet=None, strings=None):
    """A good form with its sheet or its shared strings replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(form(person())) as good,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for name in good.namelist():
            content = good.read(name)
            if sheet and name == "xl/worksheets/sheet1.xml":
                content = HEAD + sheet + TAIL
            if strings and name == "xl/sharedStrings.xml":
                content = strings
            archive.writestr(name, content)
    return out.getvalue()


def repeated(piece, size=UNPACKED):
    """A piece of XML over and over, `size` bytes together."""
    return piece * (size // len(piece))


def shared_strings():
    """63 MB of empty shared strings."""
    start = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return start + repeated(b"<si><t/></si>", 63 << 20) + b"</sst>"


def different_strings():
    """Half a million shared strings, none like another."""
    start = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    strings = (f"<si><t>第{number}个不同的文字</t></si>" for number in range(500_000))
    return start + "".join(strings).encode() + b"</sst>"


# What staff said of forms stands in front of the file (child.answers).
NOTHING_SAID = b"{}\n"
SHAPES = {
    "one row of blanks": lambda: crafted(
        sheet=b"<row>" + repeated(b'<c t="inlineStr"><is><t> </t></is></c>') + b"</row>"
    ),
    "one row of nothing": lambda: crafted(sheet=b"<row>" + repeated(b"<c/>") + b"</row>"),
    "rows without addresses": lambda: crafted(sheet=repeated(b"<row><c><v>1</v></c></row>")),
    "rows of nothing": lambda: crafted(sheet=repeated(b"<row/>")),
    "a row far away": lambda: crafted(
        sheet=b'<row r="99999999999"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
    ),
    "a column far away": lambda: crafted(sheet=b'<row r="1"><c r="XFD1"><v>1</v></c></row>'),
    "shared strings": lambda: crafted(strings=shared_strings()),
    "half a million shared strings": lambda: crafted(strings=different_strings()),
    "long text": lambda: crafted(
        sheet=b'<row><c t="inlineStr"><is><t>' + repeated(b"x") + b"</t></is></c></row>"
    ),
    "deep": lambda: crafted(sheet=b"<row>" + repeated(b"<c>", 60 << 20)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_crafted_workbook_takes_no_more_than_300_mb(shape):
    data = SHAPES[shape]()
    # The memory is taken within a second or two.
    limits = replace(LIMITS, cpu=10)
    said, most = measured("talents.imports.workbook.child", NOTHING_SAID + data, limits)
    assert (len(data) < 10 << 20, most <= 300) == (True, True)
    # Strings that fit are read, empty ones being one object. All others are refused.
    refusal = said[0] if isinstance(said[0], str) else said[0].get("error", [0, "read"])[1]
    assert refusal in (
        "too_complex",
        "corrupted",
        "no_header",
        "LimitReached",
        "ChildFailed",
        "read",
    )
    assert (refusal == "read") == ("shared strings" in shape)


@pytest.mark.parametrize("shape", ["deep", "one row of nothing"])
def test_what_nests_deep_or_has_too_many_elements_is_refused_before_a_tree_is_built(shape):
    """The control (a reader that builds the tree first) went in circles until the processor's limit of a minute."""
    data = SHAPES[shape]()
    said, most = measured("talents.imports.workbook.child", NOTHING_SAID + data, LIMITS)
    assert (said[0]["error"][1], most < 200) == ("too_complex", True)


def test_who_uploads_it_gets_a_sentence():
    with pytest.raises(WorkbookError) as refused:
        list(Incoming(SHAPES["one row of nothing"]()).rows())
    assert refused.value.code == "too_complex"
    assert str(refused.value).startswith("文件里的单元格过多或结构异常")


def test_a_long_honest_list_is_read_within_the_same_limits():
    """The control (50,000 women, the most that are taken, fit as well and take a minute)."""
    data = NOTHING_SAID + big(20_000).getvalue()
    said, most = measured("talents.imports.workbook.child", data, LIMITS)
    assert (said[0]["total"], len(said), most <= 300) == (20_000, 20_001, True)


def test_reading_can_be_left_at_any_time():
    incoming = Incoming(SHAPES["rows of nothing"]())
    arriving = incoming.rows()
    begun = time.monotonic()
    assert next(arriving) is None
    arriving.close()
    assert incoming.child.process.returncode == -9
    assert time.monotonic() - begun < confined.TICK * 20
