"""Long workbooks, streamed: what stands in a cell, how it goes out, how much memory it takes."""

import io
import re
import subprocess
import sys
import zipfile

import openpyxl

from kernel.spreadsheets import opened, put, stream

ROOM = 20  # MB more than a short list may take


class Pipe(io.RawIOBase):
    """A binary file that only goes forward."""

    def __init__(self):
        self.data = b""

    def write(self, data):
        """Keep bytes."""
        self.data += bytes(data)
        return len(data)


def shell():
    book, file = opened()
    sheet = book.add_worksheet("名单")
    put(sheet, 0, 0, "姓名")
    put(sheet, 0, 1, "单位")
    book.close()
    return file


def read_back(rows):
    out = Pipe()
    stream(shell(), rows, out, first=2)
    book = openpyxl.load_workbook(io.BytesIO(out.data))
    return list(book["名单"].iter_rows(values_only=True))


def test_rows_stand_below_those_of_the_shell_and_empty_cells_stay_empty():
    rows = [("王小敏", "两江新区"), ("", "重庆大学"), ("李丽", "")]
    assert read_back(iter(rows)) == [
        ("姓名", "单位"),
        ("王小敏", "两江新区"),
        (None, "重庆大学"),
        ("李丽", None),
    ]
    assert read_back([]) == [("姓名", "单位")]


def test_texts_stay_texts():
    odd = "=1+1", "\t=1", 'a<b>&"c"]]>', " 前后有空格 ", "一\x0b二", "两\n行", "\ud800孤"
    read = [row[0] for row in read_back((text,) for text in odd)][1:]
    kept = "'=1+1", "'\t=1", 'a<b>&"c"]]>', " 前后有空格 ", "一二", "两\n行", "孤"
    assert read == list(kept)


def test_what_looks_like_an_escape_of_excel_is_escaped():
    out = Pipe()
    stream(shell(), [["_x0041_ _x_"]], out, first=2)
    xml = zipfile.ZipFile(io.BytesIO(out.data)).read("xl/worksheets/sheet1.xml").decode()
    assert re.findall('preserve">(.*?)<', xml) == ["_x005F_x0041_ _x_"]


def test_columns_beyond_z_are_addressed_as_excel_does():
    wide = [str(number) for number in range(30)]
    assert read_back([wide])[1] == tuple(wide)


MEASURE = """
import io, resource, sys, tempfile
from tests.kernel.test_spreadsheets import shell
from kernel.spreadsheets import stream
class Nowhere(io.RawIOBase):
    def write(self, data): return len(data)
def no_file(*args, **kwargs): raise AssertionError("a file in the temporary directory")
tempfile.mkstemp = no_file
rows = ([f"{number}-{column}" for column in range(20)] for number in range(int(sys.argv[1])))
stream(shell(), rows, Nowhere(), first=2)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_twenty_thousand_rows_take_no_more_memory_than_ten_and_leave_no_file():
    def megabytes(rows):
        process = subprocess.run(
            [sys.executable, "-c", MEASURE, str(rows)], capture_output=True, text=True, check=True
        )
        return int(process.stdout)

    assert megabytes(20_000) - megabytes(10) < ROOM
