"""`manage.py import_talents`: dry run unless told, the same result as in the admin."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from privacy.models import AuditEntry
from talents.models import ImportRow, ImportRun, Talent
from tests import factories
from tests.talents.imports import workbooks

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(tmp_path):
    """A form with one good row and one that is refused."""
    path = tmp_path / "名单.xlsx"
    people = (workbooks.person(), workbooks.person(name=None, id=None))
    path.write_bytes(workbooks.form(*people).getvalue())
    return path


def run(*arguments):
    """Run the command; returns (exit code, output)."""
    out = io.StringIO()
    try:
        call_command("import_talents", *map(str, arguments), stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_a_dry_run_leaves_nothing(form):
    code, output = run(form)
    assert (code, output.splitlines()[-1]) == (
        1,
        "预览，未写入：共 2 行，新增 1，更新 0，合并 0，无变化 0，退回 1。",
    )
    assert ("姜*彤" in output, "姜婧彤" in output) == (True, False)
    left = (ImportRun, ImportRow, Talent, AuditEntry)
    assert [model.objects.count() for model in left] == [0, 0, 0, 0]


def test_told_to_it_writes_for_the_clerk_named(form):
    clerk = factories.staff("department_clerk", department_code="science_innovation")
    code, output = run(form, "--commit", "--json", "--by", clerk.code)
    result = json.loads(output)
    assert (code, result["committed"], result["create"], result["refuse"]) == (1, True, 1, 1)
    assert [(p["row"], p["outcome"]) for p in result["people"]] == [(5, "create"), (6, "refuse")]
    assert [p["code"] for p in result["people"][1]["problems"] if p["level"] == "error"] == [
        "name_missing"
    ]
    talent = Talent.objects.get()
    assert (talent.verified_by, talent.department) == (clerk, clerk.department)


def test_a_clean_form_ends_with_nought(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbooks.form(workbooks.person()).getvalue())
    assert run(path, "--commit")[0] == 0
    assert run(path, "--commit")[1].splitlines()[-1] == (
        "已写入：共 1 行，新增 0，更新 0，合并 0，无变化 1，退回 0。"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["没有.xlsx"], "读不到文件"),
        ([__file__], "没有找到表头"),
        ([__file__, "--department", "x"], "没有这个部门"),
        ([__file__, "--by", "x"], "没有这个用户"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_sentence(arguments, sentence):
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    assert (sentence in str(refused.value), refused.value.returncode) == (True, 2)
    assert ImportRun.objects.count() == 0


def test_a_clerk_imports_for_her_department_only(form):
    clerk = factories.staff("department_clerk")
    with pytest.raises(CommandError) as refused:
        run(form, "--by", clerk.code, "--department", "trade_union")
    assert refused.value.returncode == 2
    with pytest.raises(CommandError):
        run(form, "--by", factories.staff("event_organiser").code)
