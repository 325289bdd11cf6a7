"""A form from upload to the last row: preview, confirm, repeat, cancel, kill, two at once."""

import io
import os
import re
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from django.db import connection

from kernel.errors import DomainError
from notices.models import Notice
from privacy import retention
from privacy.models import AuditEntry
from talents.imports import operations, rows, running, workbook
from talents.models import ImportFile, ImportRow, ImportRun, Talent
from tests import factories
from tests.factories import NOW
from tests.talents.imports import workbooks
from tests.talents.imports.workbooks import identity

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parent / "data" / "talent_collection_form.xlsx"


def clock():
    """The moment at which everything happens here."""
    return NOW


def uploaded(data, **fields):
    """An uploaded run, not yet read."""
    fields.setdefault("department", factories.department())
    fields.setdefault("by", None)
    return operations.upload(file_name="form.xlsx", data=data, now=NOW, **fields)


def previewed(data, **fields):
    """A run with its preview done."""
    run = uploaded(data, **fields)
    assert running.work(run.pk, clock=clock) is True
    run.refresh_from_db()
    return run


def committed(data, **fields):
    """A run with everything written."""
    run = previewed(data, **fields)
    operations.confirm(run=run, by=run.by, now=NOW)
    assert running.work(run.pk, clock=clock) is True
    run.refresh_from_db()
    return run


def form(*people):
    """The bytes of a form with these people."""
    return workbooks.form(*people).getvalue()


def counts(run):
    """The run's counts by outcome, without zeros."""
    return {str(outcome): number for outcome, number in run.counts.items() if number}


def someone(number):
    """One of many different people."""
    born = f"1985{number % 12 + 1:02d}{number % 28 + 1:02d}"
    return workbooks.person(
        name="王" + chr(0x4E10 + number),
        birth=f"{born[:4]}.{born[4:6]}",
        id=workbooks.identity(born, order=f"{number * 2 % 1000:03d}"),
        phone=f"1400{number:07d}",
        email=f"t{number}@example.cn",
    )


def test_the_sample_is_previewed_without_writing_anything():
    run = previewed(SAMPLE.read_bytes())
    assert (run.state, run.total, counts(run)) == (
        "ready",
        60,
        {"create": 54, "merge": 1, "refuse": 5},
    )
    refused = run.rows.filter(outcome="refuse")
    assert {
        row.line: [p.code for p in rows.unpack(row, run).problems if p.level == "error"]
        for row in refused
    } == {
        16: ["not_a_woman", "birth_month_conflict"],
        21: ["formula"],
        38: ["name_missing"],
        46: ["id_number_check_digit"],
        54: ["id_number_as_number"],
    }
    assert (Talent.objects.count(), ImportFile.objects.count()) == (0, 0)


def test_the_sample_is_written_once_however_often_it_is_confirmed():
    by = factories.staff("department_clerk")
    run = previewed(SAMPLE.read_bytes(), by=by)
    operations.confirm(run=run, by=by, now=NOW)
    operations.confirm(run=run, by=by, now=NOW)
    assert running.work(run.pk, clock=clock) is True
    assert running.work(run.pk, clock=clock) is False
    run.refresh_from_db()
    operations.confirm(run=run, by=by, now=NOW)
    assert running.work(run.pk, clock=clock) is False
    assert (run.state, counts(run)) == ("done", {"create": 54, "merge": 1, "refuse": 5})
    assert Talent.objects.count() == 54
    assert set(Talent.objects.values_list("state", "source", "verified_by", "user")) == {
        ("verified", "import", by.pk, None)
    }
    # What the form says of maternity leave is nowhere, and was there.
    sensitive = [row.content for row in run.rows.all() if re.search("产假|返岗|哺乳", row.content)]
    assert (sensitive, Talent.objects.filter(remark__contains="产假").exists()) == ([], False)
    noted = [row for row in run.rows.all() if "sensitive_remark" in row.content]
    assert len(noted) == 12
    assert Talent.objects.filter(consent_reported=True).count() > 0
    assert AuditEntry.objects.filter(action="talents.import_talent", actor_id=by.pk).count() == 54
    notice = Notice.objects.get(recipient=by)
    assert (notice.kind, notice.context) == (
        "talents.import_finished",
        {"file": "form.xlsx", "created": 54, "updated": 0, "refused": 5},
    )


def test_the_sample_again_changes_nothing_and_says_so():
    first = committed(SAMPLE.read_bytes())
    again = previewed(SAMPLE.read_bytes())
    assert counts(again) == {"same": 54, "merge": 1, "refuse": 5}
    assert operations.imported_before(again) == first
    operations.confirm(run=again, by=None, now=NOW)
    running.work(again.pk, clock=clock)
    assert Talent.objects.count() == 54


def test_rows_of_one_person_are_merged_and_both_lead_to_her():
    run = committed(
        form(
            workbooks.person(email=None),
            workbooks.person(name="姜 婧彤", position=None, email="new@example.cn"),
        )
    )
    assert counts(run) == {"create": 1, "merge": 1}
    talent = Talent.objects.get()
    assert (talent.email, talent.position) == ("new@example.cn", "研发工程师")
    assert list(run.rows.values_list("line", "outcome", "talent")) == [
        (5, "create", talent.pk),
        (6, "merge", talent.pk),
    ]


def test_a_repeat_of_a_row_the_database_refuses_is_refused_with_it():
    factories.talent(
        full_name="姜婧彤",
        user=None,
        id_number=workbooks.identity(),
        department=factories.department("trade_union"),
    )
    run = committed(form(workbooks.person(), workbooks.person()))
    assert counts(run) == {"refuse": 2}
    assert [
        [p.code for p in rows.unpack(row, run).problems if p.level == "error"]
        for row in run.rows.all()
    ] == [["other_department"], ["merged_into_refused"]]
    assert Talent.objects.count() == 1


def test_refused_rows_are_corrected_and_sent_again():
    run = committed(form(workbooks.person(name=None), someone(1)))
    out = io.BytesIO()
    clerk = factories.staff("department_clerk")
    operations.export_refused(run=run, out=out, by=clerk, now=NOW)
    entry = AuditEntry.objects.get(action="talents.export_refused")
    assert (entry.actor_id, entry.object_id, entry.detail) == (clerk.pk, str(run.pk), {"rows": 1})
    out.seek(0)
    book = openpyxl.load_workbook(out)
    sheet = book.active
    assert [sheet.cell(5, 4).value, sheet.cell(5, 17).value] == [
        workbooks.identity(),
        "原第5行：姓名为空，请填写姓名。",
    ]
    sheet.cell(5, 2).value = "姜婧彤"
    again = committed(workbooks.saved(book).getvalue())
    assert counts(again) == {"create": 1}
    assert Talent.objects.filter(full_name="姜婧彤").count() == 1


def test_what_happened_after_the_preview_counts():
    run = previewed(form(workbooks.person()))
    assert counts(run) == {"create": 1}
    factories.talent(full_name="姜婧彤", user=None, id_number=workbooks.identity())
    operations.confirm(run=run, by=None, now=NOW)
    running.work(run.pk, clock=clock)
    run.refresh_from_db()
    assert (counts(run), Talent.objects.count()) == ({"update": 1}, 1)
    assert Talent.objects.get().phone == "14000008387"


@pytest.mark.parametrize(("data", "code"), [(b"", "empty_file"), (b"%PDF-1.7", "not_a_list")])
def test_what_is_no_list_even_from_outside_leaves_nothing(data, code):
    with pytest.raises(workbook.WorkbookError) as refused:
        uploaded(data)
    assert refused.value.code == code
    assert (ImportRun.objects.count(), ImportFile.objects.count()) == (0, 0)


def test_a_file_that_turns_out_wrong_is_failed_with_its_sentence():
    run = previewed(workbooks.table(["a", "b"], [1, 2]).getvalue())
    assert (run.state, run.failure_text[:6], ImportFile.objects.count()) == (
        "failed",
        "没有找到表头",
        0,
    )


@pytest.mark.parametrize("odd", ["\0", "\x1f", "\ufffe"])
def test_what_no_database_can_keep_is_left_out_of_a_list(odd):
    """In a header it was noted with the run, which PostgreSQL refused five times; then the list was given up."""
    text = f"姓{odd}名,身份证号码,工作{odd}单位,怪{odd}列\n姜婧彤,{identity()},重庆{odd}大学,说{odd}明\n"
    run = previewed(text.encode("utf-16"))
    assert (run.state, run.notes[0][2], counts(run)) == (
        "ready",
        {"columns": ["怪列"]},
        {"create": 1},
    )


def test_a_run_is_cancelled_before_it_is_confirmed_and_not_after():
    run = previewed(form(workbooks.person()))
    operations.cancel(run=run, by=None, now=NOW)
    run.refresh_from_db()
    assert (run.state, run.rows.count(), Talent.objects.count()) == ("cancelled", 0, 0)
    with pytest.raises(DomainError) as refused:
        operations.confirm(run=run, by=None, now=NOW)
    assert refused.value.code == "not_ready"
    committed_run = committed(form(workbooks.person()))
    with pytest.raises(DomainError) as refused:
        operations.cancel(run=committed_run, by=None, now=NOW)
    assert refused.value.code == "too_late"


def test_confirming_before_the_preview_is_refused():
    run = uploaded(form(workbooks.person()))
    with pytest.raises(DomainError) as refused:
        operations.confirm(run=run, by=None, now=NOW)
    assert refused.value.code == "not_ready"


def test_a_run_is_taken_by_one_worker_until_it_falls_silent():
    run = uploaded(form(workbooks.person()))
    first = running.take(run.pk, now=NOW)
    assert (len(first), running.take(run.pk, now=NOW + timedelta(seconds=80))) == (32, None)
    second = running.take(run.pk, now=NOW + timedelta(seconds=91))
    assert second not in (None, first)
    with pytest.raises(running.RunTakenOver):
        running.holding.hold(run.pk, first, NOW)


def test_a_run_that_keeps_failing_is_given_up_with_a_sentence():
    run = uploaded(form(workbooks.person()))
    ImportRun.objects.filter(pk=run.pk).update(attempts=running.MOST_ATTEMPTS)
    running.work(run.pk, clock=clock)
    run.refresh_from_db()
    assert (run.state, run.failure_text) == ("failed", "处理时多次出错，已停止。请联系管理员。")


@pytest.mark.parametrize(
    ("part", "stage"),
    [
        (running.deciding, "decide"),
        (running.reading, "_end_reading"),
        (running.reading, "_store_chunk"),
    ],
)
def test_a_preview_that_fails_is_tried_so_often_and_not_for_ever(monkeypatch, part, stage):
    run = uploaded(form(workbooks.person()))

    def fails(*args, **kwargs):
        raise RuntimeError(stage)

    monkeypatch.setattr(part, stage, fails)
    for _ in range(running.MOST_ATTEMPTS + 3):
        try:
            running.work(run.pk, clock=clock)
        except RuntimeError:
            continue
    run.refresh_from_db()
    assert (run.state, run.failure[1], run.rows.count()) == ("failed", "given_up", 0)
    assert (run.reads <= running.reading.MOST_READS, running.work(run.pk, clock=clock)) == (
        True,
        False,
    )


def test_a_file_is_read_once():
    """What comes after the reading works without the file; a killed worker may begin it once more."""
    run = uploaded(form(workbooks.person(), someone(1)))
    token = running.take(run.pk, now=NOW)
    running.reading._begin_reading(run.pk, token, clock)
    ImportRun.objects.filter(pk=run.pk).update(worker="", heartbeat_at=None)
    assert running.work(run.pk, clock=clock) is True
    run.refresh_from_db()
    assert (run.state, run.reads, ImportFile.objects.count()) == ("ready", 2, 0)


def test_the_same_file_uploaded_twice_is_one_run_while_it_is_under_way():
    data = form(workbooks.person())
    first = uploaded(data)
    assert uploaded(data) == first
    running.work(first.pk, clock=clock)
    assert uploaded(data) == first
    operations.cancel(run=first, by=None, now=NOW)
    assert uploaded(data) != first


def test_a_run_is_cancelled_while_its_file_is_read():
    run = uploaded(form(*(someone(n) for n in range(3))))
    token = running.take(run.pk, now=NOW)
    operations.cancel(run=run, by=None, now=NOW)
    with pytest.raises(running.RunTakenOver):
        running.reading._begin_reading(run.pk, token, clock)
    assert (ImportFile.objects.count(), ImportRow.objects.count()) == (0, 0)


def test_a_run_is_cancelled_while_it_is_written_and_what_is_written_stays(monkeypatch):
    monkeypatch.setattr(running.holding, "CHUNK", 2)
    run = previewed(form(*(someone(n) for n in range(5))))
    operations.confirm(run=run, by=None, now=NOW)
    token = running.take(run.pk, now=NOW)
    assert running.writing._commit_chunk(run.pk, token, clock) is True
    operations.cancel(run=run, by=None, now=NOW)
    with pytest.raises(running.RunTakenOver):
        running.writing._commit_chunk(run.pk, token, clock)
    run.refresh_from_db()
    assert (run.state, counts(run), Talent.objects.count()) == ("cancelled", {"create": 2}, 2)
    operations.undo(run=run, by=None, now=NOW)
    assert running.work(run.pk, clock=clock) is True
    run.refresh_from_db()
    assert (run.state, Talent.objects.count()) == ("undone", 0)


def test_a_list_nobody_confirms_is_cancelled_after_thirty_days_and_its_uploader_told():
    clerk = factories.staff("department_clerk")
    run = previewed(form(someone(1)), department=clerk.department, by=clerk)
    other = previewed(form(someone(2)))
    operations.confirm(run=other, by=None, now=NOW)
    assert operations.expire(now=NOW + timedelta(days=30)) == 0
    late = NOW + timedelta(days=30, seconds=1)
    assert (operations.expire(now=late), operations.expire(now=late)) == (1, 0)
    run.refresh_from_db()
    other.refresh_from_db()
    assert (run.state, run.rows.count(), other.state) == ("cancelled", 0, "committing")
    told = Notice.objects.get(kind="talents.import_expired")
    assert (told.recipient, told.context) == (clerk, {"file": "form.xlsx"})


def test_rows_are_forgotten_after_thirty_days():
    run = committed(form(workbooks.person()))
    rules = {rule.code: rule for rule in retention.rules()}
    rows = rules["talents.import_rows"]
    assert rows.rows(rows.keep.before(NOW + timedelta(days=29))).count() == 0
    rows.forget(rows.rows(rows.keep.before(NOW + timedelta(days=31))))
    assert (run.rows.count(), Talent.objects.count()) == (0, 1)


def test_nothing_of_a_person_is_readable_in_the_tables():
    run = previewed(form(workbooks.person()))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r::text || (SELECT x::text FROM talents_importrun x) FROM talents_importrow r"
        )
        text = cursor.fetchone()[0]
    plain = [b.encode().hex() for b in ("姜婧彤", "14000008387", workbooks.identity())]
    assert [word in text for word in ["姜婧彤", "14000008387", *plain]] == [False] * 5
    assert rows.unpack(run.rows.get(), run).values["full_name"] == "姜婧彤"


def test_bulk_written_records_are_as_saved_ones():
    committed(form(workbooks.person()))
    talent = Talent.objects.get()
    before = (talent.pinyin_name, talent.search_text, talent.search_grams, talent.id_number_index)
    talent.save()
    talent.refresh_from_db()
    assert before == (
        talent.pinyin_name,
        talent.search_text,
        talent.search_grams,
        talent.id_number_index,
    )
    assert talent.pinyin_name == "jiang jing tong"


# --- real processes ---------------------------------------------------------------------------

WORKER = """
import sys, time
import django
django.setup()
from django.db import connection
from talents.imports import matching, running
running.holding.CHUNK = 5
mode, run = sys.argv[1], int(sys.argv[2])
if mode == "unmarked":
    # The control: rows are written and not marked in the same transaction.
    running.writing._mark = lambda *args: None
    running.writing._finish = lambda *args: None
    decide = matching.decide
    def blind(row, candidates, **kwargs):
        candidates.checked = matching.Found()
        row.values["id_number"] = ""
        return decide(row, candidates, **kwargs)
    matching.decide = blind
chunk = running.writing._commit_chunk
def slow(*args):
    more = chunk(*args)
    print("chunk", flush=True)
    time.sleep(0.2 if mode != "fast" else 0)
    return more
running.writing._commit_chunk = slow
print("ready", flush=True)
sys.stdin.readline()
print("held", running.work(run), flush=True)
"""


def start_worker(mode, run, code=WORKER):
    """A worker process of its own; it waits for a line before it begins."""
    name = connection.settings_dict["NAME"]
    address = os.environ["DATABASE_URL"].rsplit("/", 1)[0]
    environment = os.environ | {
        "DATABASE_URL": f"{address}/{name}",
        "DJANGO_SETTINGS_MODULE": "liangjiang.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-c", code, mode, str(run.pk)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def go(worker):
    """Let a worker begin."""
    assert worker.stdout.readline() == "ready\n"
    worker.stdin.write("go\n")
    worker.stdin.flush()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("mode", "doubled"), [("slow", False), ("unmarked", True)])
def test_a_killed_worker_leaves_whole_chunks_and_the_next_goes_on(mode, doubled):
    """With the marks left out the same kill writes people twice: the control."""
    run = previewed(form(*(someone(n) for n in range(40))))
    operations.confirm(run=run, by=None, now=NOW)
    worker = start_worker(mode, run)
    go(worker)
    for _ in range(3):
        assert worker.stdout.readline() == "chunk\n"
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    run.refresh_from_db()
    written = Talent.objects.count()
    assert (run.state, 15 <= written < 40) == ("committing", True)
    if not doubled:
        assert ImportRow.objects.exclude(applied_at=None).count() == written
    # Its heart beat a moment ago: nobody takes the run over yet.
    now = run.heartbeat_at
    assert running.work(run.pk, clock=lambda: now + timedelta(seconds=60)) is False
    if doubled:
        Talent.objects.update(id_number_index=None, phone_index=None)
    later = now + timedelta(seconds=91)
    assert running.resume_abandoned(now=later, clock=lambda: later) == 1
    run.refresh_from_db()
    assert run.state == "done"
    assert (Talent.objects.count() > 40) == doubled
    if not doubled:
        assert (Talent.objects.count(), counts(run)) == (40, {"create": 40})
        assert AuditEntry.objects.filter(action="talents.import_talent").count() == 40


@pytest.mark.django_db(transaction=True)
def test_two_runs_of_the_same_people_at_once_write_each_person_once():
    data = form(*(someone(n) for n in range(40)))
    other = form(*(someone(n) for n in range(40)), ["注：第二份"])
    runs = [previewed(data), previewed(other)]
    for run in runs:
        operations.confirm(run=run, by=None, now=NOW)
    workers = [start_worker("fast", run) for run in runs]
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    ends = [worker.communicate(timeout=60)[0].splitlines()[-1] for worker in workers]
    assert ends == ["held True", "held True"]
    for run in runs:
        run.refresh_from_db()
    assert [run.state for run in runs] == ["done", "done"]
    assert Talent.objects.count() == 40
    assert sum(run.created_count for run in runs) == 40
    assert sum(run.same_count for run in runs) == 40


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_run_are_one():
    run = previewed(form(*(someone(n) for n in range(20))))
    operations.confirm(run=run, by=None, now=NOW)
    workers = [start_worker("fast", run) for _ in range(2)]
    for worker in workers:
        go(worker)
    ends = sorted(worker.communicate(timeout=60)[0].splitlines()[-1] for worker in workers)
    assert ends == ["held False", "held True"]
    assert Talent.objects.count() == 20


# --- reading in real processes ------------------------------------------------------------------

READER = """
import sys, time
import django
django.setup()
from talents.imports import running, workbook
running.holding.CHUNK = 5
mode, run = sys.argv[1], int(sys.argv[2])
if mode == "unclean":
    # The control: what an earlier reading stored is not cleared away before the file is read again.
    from django.db.models import QuerySet
    QuerySet.delete = lambda self: (0, {})
store = running.reading._store_chunk
def slow(*args):
    store(*args)
    print("chunk", flush=True)
    if mode != "fast":
        time.sleep(0.2)
running.reading._store_chunk = slow
print("ready", flush=True)
sys.stdin.readline()
print("held", running.work(run), flush=True)
"""


def children():
    """The numbers of the processes that read a form."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:
            continue  # it ended meanwhile
        if b"talents.imports.workbook.child" in words:
            found.append(entry.parent.name)
    return set(found)


def killed_while_reading(run, *, chunks=2):
    """A worker killed after it stored some chunks of what it reads."""
    worker = start_worker("slow", run, code=READER)
    go(worker)
    for _ in range(chunks):
        assert worker.stdout.readline() == "chunk\n"
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    run.refresh_from_db()
    return run


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("mode", "stuck"), [("fast", False), ("unclean", True)])
def test_a_worker_killed_while_it_reads_is_followed_by_one_that_reads_anew(mode, stuck):
    """With the rows of the first reading left in place the second one cannot get through: the control."""
    before = children()
    run = killed_while_reading(uploaded(form(*(someone(n) for n in range(40)))))
    assert (run.state, run.reads, run.rows.count() % 5, ImportFile.objects.count()) == (
        "uploaded",
        1,
        0,
        1,
    )
    assert (0 < run.rows.count() < 40, Talent.objects.count()) == (True, 0)
    deadline = time.monotonic() + 10
    while children() - before and time.monotonic() < deadline:
        time.sleep(0.1)
    assert children() - before == set()  # the reader ends with the worker it read for
    now = run.heartbeat_at
    assert running.work(run.pk, clock=lambda: now + timedelta(seconds=60)) is False
    ImportRun.objects.filter(pk=run.pk).update(heartbeat_at=now - timedelta(days=1))
    worker = start_worker(mode, run, code=READER)
    go(worker)
    end = worker.communicate(timeout=60)[0].splitlines()[-1:]
    run.refresh_from_db()
    if stuck:
        assert (end, run.state) != (["held True"], "ready")
        return
    assert (end, run.state, run.reads) == (["held True"], "ready", 2)
    assert (counts(run), ImportFile.objects.count()) == ({"create": 40}, 0)
    assert list(run.rows.values_list("number", flat=True)) == list(range(1, 41))


@pytest.mark.django_db(transaction=True)
def test_a_file_whose_reading_kills_twice_is_failed_with_a_next_step():
    run = uploaded(form(*(someone(n) for n in range(40))))
    for _ in range(running.reading.MOST_READS):
        killed_while_reading(run)
        ImportRun.objects.filter(pk=run.pk).update(heartbeat_at=NOW - timedelta(days=1))
    assert running.work(run.pk, clock=clock) is True
    run.refresh_from_db()
    assert (run.state, run.failure_text) == ("failed", "处理时多次出错，已停止。请联系管理员。")
    assert (run.reads, run.rows.count(), ImportFile.objects.count(), Talent.objects.count()) == (
        2,
        0,
        0,
        0,
    )


# --- undo ---------------------------------------------------------------------------------------


def undoing_run(monkeypatch, *people):
    """A run that is to be taken back in chunks of two."""
    run = committed(form(*people))
    operations.undo(run=run, by=None, now=NOW)
    monkeypatch.setattr(running.holding, "CHUNK", 2)
    return run


def test_undo_goes_on_where_it_stopped_and_shows_how_far_it_is(monkeypatch):
    run = undoing_run(monkeypatch, *(someone(n) for n in range(5)))
    token = running.take(run.pk, now=NOW)
    assert running.taking_back._begin_undo(run.pk, token, clock) is True
    running.taking_back._undo_chunk(run.pk, token, None, clock)
    run.refresh_from_db()
    assert (run.state, run.percent, Talent.objects.count()) == ("undoing", 40, 3)
    ImportRun.objects.filter(pk=run.pk).update(worker="", heartbeat_at=None)
    assert running.work(run.pk, clock=clock) is True
    run.refresh_from_db()
    assert (run.state, Talent.objects.count()) == ("undone", 0)
    detail = AuditEntry.objects.get(action="talents.finish_undo_import").detail
    assert detail == {"deleted": 5, "restored": 0}


def test_a_record_claimed_while_a_list_is_undone_stays_and_is_said(monkeypatch):
    run = undoing_run(monkeypatch, *(someone(n) for n in range(5)))
    token = running.take(run.pk, now=NOW)
    assert running.taking_back._begin_undo(run.pk, token, clock) is True
    claimed = Talent.objects.order_by("pk").first()
    Talent.objects.filter(pk=claimed.pk).update(user=factories.user("王芳"))
    ImportRun.objects.filter(pk=run.pk).update(worker="", heartbeat_at=None, processed=1)
    assert running.work(run.pk, clock=clock) is True
    run.refresh_from_db()
    assert (run.state, list(Talent.objects.all())) == ("done", [claimed])
    assert run.failure_text == "撤销期间有 1 份档案有了后续办理，保留不动；其余已撤销。"
    assert operations.why_not_undo(run).code == "depended_on"


def test_what_an_undone_list_changed_is_as_it_was_to_the_last_column():
    """Since when, who said it and who stood for it change with a row, though the row does not say so."""
    since = {"title_since": date(2018, 1, 1), "unit_since": date(2015, 1, 1)}
    standard = {"user": None, "source": "import", "full_name": "姜婧彤", "id_number": identity()}
    talent = factories.talent(
        **standard,
        birth_month=date(1990, 9, 1),
        professional_title="工程师",
        title_level="intermediate",
        unit_text="旧单位有限公司",
        facts={"professional_title": ["staff", "2026-01-01"]},
        written_by="staff",
        confirmed_at=NOW - timedelta(days=90),
        confirmed_by="unit",
        confirm_from=NOW + timedelta(days=275),
        **since,
    )
    sealed = ("updated_at", "id_number", "phone", "email", "honours", "remark")
    before = Talent.objects.filter(pk=talent.pk).values().get()
    run = committed(form(workbooks.person()))
    talent.refresh_from_db()
    assert (talent.title_since, talent.unit_since, talent.confirmed_by) == (None, None, "import")
    operations.undo(run=run, by=None, now=NOW)
    running.work(run.pk, clock=clock)
    after = Talent.objects.filter(pk=talent.pk).values().get()
    assert {n: v for n, v in after.items() if n not in sealed} == {
        n: v for n, v in before.items() if n not in sealed
    }


def test_an_undo_that_keeps_failing_leaves_the_list_as_it_is(monkeypatch):
    run = undoing_run(monkeypatch, *(someone(n) for n in range(3)))
    ImportRun.objects.filter(pk=run.pk).update(attempts=running.MOST_ATTEMPTS)
    assert running.work(run.pk, clock=clock) is True
    run.refresh_from_db()
    assert (run.state, run.failure[1], Talent.objects.count()) == ("done", "undo_given_up", 3)
    assert run.rows.exclude(applied_at=None).count() == 3
    operations.undo(run=run, by=None, now=NOW)
    running.work(run.pk, clock=clock)
    run.refresh_from_db()
    assert (run.state, run.failure_text, Talent.objects.count()) == ("undone", "", 0)
