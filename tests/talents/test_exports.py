"""Lists that leave the portal: columns, the watermark, long ones written by the worker and fetched."""

import io
import os
import re
import signal
import subprocess
import sys
import zipfile
from datetime import date, timedelta

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kernel.errors import Conflict, Invalid, Refused
from notices.models import Notice
from privacy.models import AuditEntry
from talents import operations as talents
from talents.career import operations as career
from talents.exports import operations, running, sheet
from talents.exports.models import Export, ExportPiece
from talents.imports.workbook import Incoming
from talents.models import Talent
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
EXPORT = f"{reverse('admin:talents_talent_export')}?state__exact=all"
WHY = "报送年度统计"
SILENT = NOW + running.SILENCE + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def enter(client, *roles):
    person = factories.staff(*roles)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person


def sheet_of(data):
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def names(data):
    _mark, head, *rows = sheet_of(data).iter_rows(values_only=True)
    return [row[head.index("姓名")] for row in rows]


def women(*found):
    return [factories.talent(full_name=name) for name in found]


def entry(talent, name="稀土催化剂"):
    values = {"sort": "paper", "name": name, "began": date(2024, 1, 1)}
    return career.save_entry(talent=talent, kind="achievement", values=values, by=None, now=NOW)


def order(by, **more):
    rows = Talent.objects.order_by("pk")
    return operations.order_export(rows=rows, by=by, now=NOW, reason=WHY, **more)


def written(by, **more):
    export = order(by, **more)
    assert running.work(export.pk, clock=lambda: NOW)
    export.refresh_from_db()
    return export


def fetched(export, by, at=NOW):
    return b"".join(operations.fetch_export(export=export, by=by, now=at))


# --- the workbook ---------------------------------------------------------------------------------
def test_a_list_says_who_took_it_and_the_importer_reads_it_back():
    clerk = factories.staff("department_clerk", full_name="周芸")
    women("王小敏", "李丽")
    rows = Talent.objects.order_by("pk")
    data = operations.export_list(rows=rows, by=clerk, now=NOW, reason=WHY)
    page = sheet_of(data)
    mark = sheet.watermark(person=clerk, at=NOW, reason=WHY)
    assert mark.startswith("周芸（")
    assert WHY in mark
    assert page["A1"].value == mark
    assert page.oddHeader.center.text == mark
    assert page.oddFooter.left.text == mark
    assert openpyxl.load_workbook(io.BytesIO(data)).properties.description == mark
    assert {page.cell(3, column).number_format for column in (1, 2)} == {"@"}
    read = [row.get("full_name") for row in Incoming(data).rows() if row]
    assert read == ["王小敏", "李丽"]


def test_the_chosen_columns_are_written_and_remembered(client):
    enter(client, "department_clerk")
    talent = women("王小敏")[0]
    entry(talent, name="稀土催化剂")
    chosen = ["full_name", "career_achievement"]
    answer = client.post(EXPORT, {"reason": WHY, "columns": chosen})
    _mark, head, row = sheet_of(answer.content).iter_rows(values_only=True)
    assert head == ("姓名", "履历：成果")
    assert row[0] == "王小敏"
    assert row[1].startswith("稀土催化剂")
    assert client.get(EXPORT).context["form"].initial["columns"] == chosen
    assert client.post(EXPORT, {"reason": WHY}).status_code == 422


def test_each_column_is_offered_once_in_a_group_under_its_name(client):
    enter(client, "department_clerk")
    women("王小敏")
    offered = [name for _group, names in sheet.GROUPS for name in names]
    assert sorted(offered) == sorted(sheet.COLUMNS)
    page = client.get(EXPORT).content.decode()
    assert page.count('name="columns"') == len(sheet.COLUMNS)
    assert re.findall("<legend>(.*?)</legend>", page) == [str(group) for group, _n in sheet.GROUPS]


def test_columns_nobody_knows_are_refused():
    women("王小敏")
    with pytest.raises(Invalid) as refusal:
        operations.export_list(
            rows=Talent.objects.all(), by=None, now=NOW, reason=WHY, columns=["search_text"]
        )
    assert refusal.value.code == "no_columns"


def test_the_cost_of_a_list_does_not_grow_with_it(django_assert_num_queries):
    def export(rows):
        columns = sheet.COLUMNS
        operations.export_list(rows=rows, by=None, now=NOW, reason=WHY, columns=columns)

    first = women("王小敏")[0]
    entry(first)
    rows = Talent.objects.order_by("pk")
    with CaptureQueriesContext(connection) as one:
        export(rows)
    for each in women("李丽", "周芸", "安然"):
        entry(each)
    with django_assert_num_queries(len(one)):
        export(rows)


# --- long ones ------------------------------------------------------------------------------------
def test_a_long_list_is_ordered_written_by_the_worker_and_fetched(client, monkeypatch):
    monkeypatch.setattr(operations, "MOST_AT_ONCE", 2)
    clerk = enter(client, "department_clerk")
    women("一一", "二二", "三三")
    factories.talent(department=factories.department("trade_union"))
    answer = client.post(EXPORT, {"reason": WHY, "columns": ["full_name"]})
    export = Export.objects.get()
    assert answer.url == reverse("admin:talents_export_change", args=[export.pk])
    assert (export.by, export.total, export.columns) == (clerk, 3, ["full_name"])
    assert "正在生成：0 / 3 人" in client.get(answer.url).content.decode()
    assert running.work(export.pk)
    page = client.get(answer.url).content.decode()
    assert "下载" in page
    answer = client.post(reverse("admin:talents_export_fetch", args=[export.pk]))
    assert names(b"".join(answer.streaming_content)) == ["三三", "二二", "一一"]
    assert "no-store" in answer["Cache-Control"]
    verbs = AuditEntry.objects.filter(object_type="talents.export").order_by("pk")
    assert list(verbs.values_list("action", "actor_id")) == [
        ("talents.order_export", clerk.pk),
        ("talents.write_export", None),
        ("talents.fetch_export", clerk.pk),
    ]


def test_a_list_that_fits_no_workbook_comes_in_parts(monkeypatch):
    monkeypatch.setattr(running, "PART", 2)
    monkeypatch.setattr(running, "CHUNK", 1)
    monkeypatch.setattr(running, "PIECE", 1000)
    women("一一", "二二", "三三", "四四", "五五")
    export = written(None)
    with zipfile.ZipFile(io.BytesIO(fetched(export, None))) as archive:
        parts = [names(archive.read(name)) for name in archive.namelist()]
    assert parts == [["一一", "二二"], ["三三", "四四"], ["五五"]]
    assert export.size == len(fetched(export, None))
    assert export.pieces.count() > 10


def test_nothing_of_a_list_is_stored_in_the_clear():
    women("王小敏")
    export = written(None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM talents_exportpiece")
        stored = [bytes(str(content), "utf-8") for (content,) in cursor.fetchall()]
    assert len(stored) == 1
    assert b"UEsDB" not in stored[0]
    assert fetched(export, None)[:2] == b"PK"


def test_a_worker_that_died_leaves_nothing_and_the_next_begins_again():
    women("一一", "二二")
    export = order(None)
    ExportPiece.objects.create(export=export, number=0, content="aGFsZg==")
    Export.objects.update(worker="dead", heartbeat_at=NOW, attempts=1, processed=1)
    with pytest.raises(Conflict):
        fetched(export, None)
    assert running.resume_abandoned(now=NOW, clock=lambda: NOW) == 0
    assert running.resume_abandoned(now=SILENT, clock=lambda: SILENT) == 1
    export.refresh_from_db()
    assert names(fetched(export, None, SILENT)) == ["一一", "二二"]


WORKER = """
import sys, time
import django
django.setup()
from talents.exports import running
running.CHUNK, running.PIECE = 5, 1000
keep = running.Holder.keep
def slow(self, **changes):
    keep(self, **changes)
    if "processed" in changes:
        print("chunk", changes["processed"], flush=True)
        time.sleep(0.2)
running.Holder.keep = slow
print("ready", flush=True)
sys.stdin.readline()
running.work(int(sys.argv[1]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_in_the_clear_and_the_next_takes_over(
    tmp_path,
):
    women(*(f"{'一二三四五六七八九'[n % 9]}{chr(0x4E10 + n)}" for n in range(40)))
    export = order(None)
    worker = killed_while_writing(export, tmp_path)
    assert worker.returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == []
    export.refresh_from_db()
    assert (export.state, 15 <= export.processed < 40) == ("writing", True)
    with pytest.raises(Conflict):
        fetched(export, None)
    # It gave a sign of life a moment ago: nobody takes the export over yet.
    at = export.heartbeat_at
    soon, later = at + timedelta(seconds=60), at + timedelta(seconds=91)
    assert running.resume_abandoned(now=soon, clock=lambda: soon) == 0
    assert running.resume_abandoned(now=later, clock=lambda: later) == 1
    export.refresh_from_db()
    assert (export.state, export.attempts, export.processed) == ("ready", 2, 40)
    assert len(names(fetched(export, None, later))) == 40


def killed_while_writing(export, folder):
    """Kill a worker with SIGKILL once it has written some of the rows; returns the dead process."""
    address = os.environ["DATABASE_URL"].rsplit("/", 1)[0]
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(export.pk)],
        env=os.environ
        | {
            "DATABASE_URL": f"{address}/{connection.settings_dict['NAME']}",
            "DJANGO_SETTINGS_MODULE": "liangjiang.settings",
            "TMPDIR": str(folder),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout.readline() == "ready\n"
    worker.stdin.write("go\n")
    worker.stdin.flush()
    for done in (5, 10, 15):
        assert worker.stdout.readline() == f"chunk {done}\n"
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    return worker


def test_a_worker_whose_export_was_cancelled_or_taken_over_writes_nothing_more():
    women("一一")
    export = order(None)

    asked = []

    def clock():
        asked.append(NOW)
        if len(asked) == 3:  # taken, begun, and now in the middle of the rows
            Export.objects.update(worker="another")
        return NOW

    assert running.work(export.pk, clock=clock)
    export.refresh_from_db()
    assert (export.state, export.worker, export.pieces.count()) == ("writing", "another", 0)


def test_what_fails_three_times_is_given_up_and_says_so():
    women("一一")
    export = order(None)
    for _attempt in range(running.MOST_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            running.work(export.pk, clock=Breaking())
    running.work(export.pk, clock=lambda: NOW)
    export.refresh_from_db()
    assert (export.state, export.pieces.count()) == ("failed", 0)


class Breaking:
    """A clock that stands still once and then breaks: an error in the middle of the work."""

    def __init__(self):
        self.asked = 0

    def __call__(self):
        self.asked += 1
        return NOW if self.asked == 1 else 1 / 0


def test_one_export_at_a_time_and_a_cancelled_one_makes_room():
    clerk = factories.staff("department_clerk")
    women("一一")
    export = order(clerk)
    with pytest.raises(Conflict) as refusal:
        order(clerk)
    assert refusal.value.code == "export_under_way"
    operations.cancel_export(export=export, by=clerk, now=NOW)
    operations.cancel_export(export=export, by=clerk, now=NOW)
    assert order(clerk).state == "writing"


def test_a_file_expires_and_is_deleted_once():
    women("一一")
    export = written(None)
    over = export.expires_at
    with pytest.raises(Conflict):
        fetched(export, None, over)
    assert running.drop_expired(now=over - timedelta(seconds=1)) == 0
    assert running.drop_expired(now=over) == 1
    assert running.drop_expired(now=over) == 0
    export.refresh_from_db()
    assert (export.state, export.rows, export.pieces.count()) == ("dropped", [], 0)


def test_a_file_past_its_time_is_not_offered_before_the_clock_deletes_it(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    clerk = factories.staff("department_clerk")
    women("一一")
    written(clerk)
    client.force_login(clerk)
    page, shown = reverse("admin:talents_export_changelist"), []
    for over in (timezone.now() + timedelta(days=1), timezone.now()):
        Export.objects.update(expires_at=over)
        words = client.get(page).content.decode()
        shown.append(["可以下载" in words, "已删除" in words])
    assert (shown, Export.objects.get().state) == ([[True, False], [False, True]], "ready")


def test_only_she_fetches_and_only_while_she_has_the_right():
    clerk = factories.staff("department_clerk")
    women("一一")
    export = written(clerk)
    with pytest.raises(Refused):
        fetched(export, factories.staff("department_clerk"))
    assert list(Export.objects.visible_to(factories.staff("department_clerk"))) == []
    assert names(fetched(export, clerk)) == ["一一"]
    clerk.groups.clear()
    with pytest.raises(Refused) as refusal:
        fetched(export, again(clerk))
    assert refusal.value.code == "not_allowed"


def test_who_went_to_another_department_or_lost_full_numbers_fetches_nothing_more():
    reviewer = factories.staff("department_reviewer")
    women("一一")
    export = written(reviewer, full=True)
    assert names(fetched(export, reviewer)) == ["一一"]
    right = Permission.objects.get(codename="reveal_talent")
    reviewer.groups.get().permissions.remove(right)
    with pytest.raises(Refused) as refusal:
        fetched(export, again(reviewer))
    assert refusal.value.code == "not_in_full"
    reviewer.groups.get().permissions.add(right)
    reviewer.department = factories.department("trade_union")
    reviewer.save()
    with pytest.raises(Refused) as refusal:
        fetched(export, again(reviewer))
    assert refusal.value.code == "not_in_scope"


def test_a_right_lost_before_the_worker_came_gives_nothing():
    clerk = factories.staff("department_clerk")
    women("一一")
    export = order(clerk)
    clerk.groups.clear()
    running.work(export.pk, clock=lambda: NOW)
    export.refresh_from_db()
    assert (export.state, export.pieces.count()) == ("failed", 0)


def again(person):
    """Return a person with nothing remembered of her rights."""
    return type(person).objects.get(pk=person.pk)


def test_who_asked_is_told_once_with_the_way_to_it():
    clerk = factories.staff("department_clerk")
    women("一一", "二二")
    export = written(clerk)
    notice = Notice.objects.get(recipient=clerk)
    assert (notice.kind, notice.context) == (
        "talents.export_ready",
        {"count": 2, "until": export.expires_at.isoformat()},
    )
    assert notice.link == reverse("admin:talents_export_change", args=[export.pk])


def test_who_asked_is_told_that_it_failed():
    clerk = factories.staff("department_clerk")
    women("一一")
    export = order(clerk)
    Export.objects.update(attempts=running.MOST_ATTEMPTS)
    running.work(export.pk, clock=lambda: NOW)
    notice = Notice.objects.get(recipient=clerk)
    assert (notice.kind, notice.context) == ("talents.export_failed", {"count": 1})


@pytest.mark.parametrize("state", ["ready", "writing"])
def test_the_file_goes_with_a_person_who_withdraws_her_consent(state):
    her = factories.user()
    record = factories.talent(user=her, full_name="一一")
    women("二二")
    export = (written if state == "ready" else order)(None)
    talents.on_database_consent(user=her, granted=False, by=her, now=NOW)
    export.refresh_from_db()
    record.refresh_from_db()
    assert (record.state, export.state, export.rows) == ("left", "dropped", [])
    assert export.pieces.count() == 0
    assert names(fetched(written(None), None)) == ["二二"]


def test_a_withdrawn_identity_number_takes_the_files_that_show_it():
    her = factories.user()
    factories.talent(user=her, full_name="一一")
    shows, hides = written(None), written(None, columns=["full_name"])
    talents.on_identity_consent(user=her, granted=False, by=her, now=NOW)
    states = Export.objects.in_bulk([shows.pk, hides.pk])
    assert (states[shows.pk].state, states[hides.pk].state) == ("dropped", "ready")


def test_the_file_goes_with_a_person_who_is_erased():
    _first, second = women("一一", "二二")
    export = written(None)
    assert running.drop_those_with([second.pk + 1]) == 0
    assert running.drop_those_with([second.pk]) == 1
    export.refresh_from_db()
    assert (export.state, export.pieces.count()) == ("dropped", 0)
    with pytest.raises(Conflict):
        fetched(export, None)
