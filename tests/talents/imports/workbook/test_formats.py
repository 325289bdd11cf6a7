"""The old .xls and .csv as programs write them, read as they were sent."""

import csv
import io
from pathlib import Path

import pytest

from talents.imports.workbook import read
from tests.talents.imports.workbooks import identity, parsed

OLD = Path(__file__).parents[1] / "data" / "old_format.xls"
HEADER = ["姓名", "身份证号码", "出生年月", "手机", "工作单位"]
PEOPLE = [
    ["姜婧彤", identity(), "1990.9", "14000008387", "西部(重庆)科学城, 一部"],
    ["毛静洁", f'="{identity(order="002")}"', "Sep-90", "14000000001", "重庆大学\n机械学院"],
]


def text(delimiter=","):
    """The list as a program writes it."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEADER, *PEOPLE])
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_is_read_in_every_encoding_excel_writes(encoding, delimiter):
    rows = parsed(io.BytesIO(text(delimiter).encode(encoding)))
    assert [
        (r.values["full_name"], r.values["id_number"], str(r.values["birth_month"])) for r in rows
    ] == [
        ("姜婧彤", identity(), "1990-09-01"),
        ("毛静洁", identity(order="002"), "1990-09-01"),
    ]
    assert rows[0].values["unit_name"] == "西部(重庆)科学城,一部"
    assert [row.refused for row in rows] == [False, False]


def test_an_identity_number_a_csv_has_lost_is_refused():
    lost = text().replace(identity(), "5.00105E+17").encode("gb18030")
    assert [p.code for p in parsed(io.BytesIO(lost))[0].problems] == ["id_number_as_number"]


def test_the_old_format_is_read_as_it_was_sent():
    rows = parsed(io.BytesIO(OLD.read_bytes()))
    assert [
        (r.values["full_name"], str(r.values["birth_month"]), r.values["phone"], r.refused)
        for r in rows
    ] == [
        ("姜婧彤", "1990-09-01", "14000008387", False),
        ("毛静洁", "1988-04-01", "14000000001", False),
        ("李敏", "1991-03-01", "14000000002", True),
    ]
    assert {row.values["unit_name"] for row in rows} == {"重庆大学"}
    assert [p.code for p in rows[2].problems if p.level == "error"] == ["id_number_as_number"]
    assert read(io.BytesIO(OLD.read_bytes())).hidden_sheets == ["旧表"]
