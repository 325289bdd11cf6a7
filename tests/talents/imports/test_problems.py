"""What is said about a list is stored as codes and worded for whoever reads it."""

import io
import json
import re
from datetime import date

import openpyxl
import pytest
from django.utils import translation

from kernel.errors import Invalid
from talents.imports import operations, problems, rows, running
from talents.imports.problems import Problem, WorkbookError
from tests import factories
from tests.factories import NOW
from tests.talents.imports import workbooks

CHINESE = re.compile("[\u3400-\u9fff]")
# Something for every parameter of a sentence.
PARAMS = {
    "mb": 10,
    "rows": [5, 6],
    "row": 5,
    "line": 5,
    "lines": [5, 6],
    "place": "B5",
    "tables": [["甲", 1, 20], ["乙", 3, 5]],
    "sheets": ["旧表"],
    "others": ["名字"],
    "found": ["手机"],
    "limit": "50,000",
    "number": "5001**********0004",
    "year": 1900,
    "month": date(1990, 8, 1),
    "id_month": date(1990, 9, 1),
    "id_cell": "D5",
    "length": 17,
    "text": "研究生",
    "level": "31",
    "degree": "2",
    "columns": ["民族"],
    "sheet": "人员",
    "count": 2,
    "reason": "id_number",
    "fields": ["professional_title", "unit"],
}


@pytest.mark.parametrize("code", problems.LEVELS)
def test_every_sentence_is_worded_in_both_languages(code):
    problem = Problem.of(code, cell="C5", **PARAMS)
    restored = Problem.restored(json.loads(json.dumps(problem.stored)))
    assert restored == problem
    chinese = problem.message
    with translation.override("en"):
        assert problem.message not in ("", chinese)
    assert "%(" not in chinese
    assert f"{problem.place} {chinese}".count("C5") <= 1  # each row is led to its cell once


def test_months_lists_and_fields_are_worded_for_the_reader():
    corrected = Problem.of("birth_month_corrected", cell="C5", **PARAMS)
    kept = Problem.of("kept", fields=["professional_title", "unit"])
    assert (corrected.message, kept.message) == (
        "C5 的出生年月（1990年8月）与 D5 身份证号（1990年9月）不一致，按身份证号录入，请核对。",
        "本人已填写，未覆盖：职称、单位。",
    )
    with translation.override("en"):
        assert "August 1990" in corrected.message
        assert not CHINESE.search(kept.message)


def test_a_file_that_cannot_be_read_is_a_refusal_with_its_problem():
    error = WorkbookError("too_large", mb=10)
    assert isinstance(error, Invalid)
    assert (error.code, str(error), error.problem) == (
        "too_large",
        "文件超过 10 MB，请拆成几个文件后分别上传。",
        Problem("error", "too_large", {"mb": 10}),
    )


def sentences(run):
    """What the clerk reads of a run: notes, then the problems of its rows."""
    messages = [p.message for record in run.rows.all() for p in rows.unpack(record, run).problems]
    return [*run.note_texts, *messages]


@pytest.mark.django_db
@pytest.mark.parametrize("written_in", ["zh-hans", "en"])
def test_who_reads_decides_the_language_and_not_who_uploaded(written_in):
    factories.talent(
        full_name="姜婧彤",
        id_number=workbooks.identity(),
        professional_title="教授",
        title_level="senior",
    )
    people = (
        workbooks.person(birth="1990.08"),
        workbooks.person(),
        workbooks.person(name=None, id=None),
    )
    book = openpyxl.load_workbook(workbooks.form(*people, extra_sheets=["说明"]))
    book.active.cell(3, 17).value = "民族"
    with translation.override(written_in):
        run = operations.upload(
            file_name="form.xlsx",
            data=workbooks.saved(book).getvalue(),
            department=factories.department(),
            by=None,
            now=NOW,
        )
        running.work(run.pk, clock=lambda: NOW)
        run.refresh_from_db()
    chinese = sentences(run)
    with translation.override("en"):
        english = sentences(run)
        out = io.BytesIO()
        operations.export_refused(run=run, out=out, by=None, now=NOW)
    assert chinese == [
        "这些列没有导入：民族。",
        "读取了工作表“信息采集表”；这些工作表里没有人员表，未读取：说明。",
        "C5 的出生年月（1990年8月）与 D5 身份证号（1990年9月）不一致，按身份证号录入，请核对。",
        "本人已填写，未覆盖：出生年月、职称。",
        "与第5行是同一人（身份证号相同），合并为一条。",
        "姓名为空，请填写姓名。",
    ]
    assert [bool(CHINESE.search(text)) for text in english] == [True, True, *[False] * 4]
    reasons = openpyxl.load_workbook(out).active.cell(5, 17).value
    assert not CHINESE.search(reasons)


@pytest.mark.django_db
def test_a_failed_run_says_why_to_whoever_reads():
    data = workbooks.table(["a", "b"], [1, 2]).getvalue()
    department = factories.department()
    with translation.override("en"):
        run = operations.upload(
            file_name="a.xlsx", data=data, department=department, by=None, now=NOW
        )
        running.work(run.pk, clock=lambda: NOW)
    run.refresh_from_db()
    assert run.failure == ["error", "no_header", {"lines": 50}, "", ""]
    assert run.failure_text.startswith("没有找到表头：前 50 行里")
    with translation.override("en"):
        assert run.failure_text.startswith("No ")
