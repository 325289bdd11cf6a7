"""The clerks' side of a career: what the dossier shows, entries set right with a reason and a history."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel.errors import Refused
from notices.models import Notice
from privacy.models import AuditEntry
from talents import operations as talents
from talents.career import files
from talents.career import operations as career
from talents.career.admin import versions
from talents.models import Evidence
from tests import factories
from tests.factories import NOW
from tests.kernel.test_pictures import SECRET, photo

pytestmark = pytest.mark.django_db

PAPER = {"sort": "paper", "name": "齿轮传动的声学诊断", "began": date(2024, 1, 1)}


def page(name, *args):
    """The address of one of the record's pages."""
    return reverse(f"admin:talents_talent_{name}", args=args)


def wrote(talent, **values):
    """Return an entry of hers with a file."""
    return career.save_entry(
        talent=talent,
        kind="achievement",
        values=PAPER | values,
        evidence=("论文.pdf", b"%PDF-1.7 x"),
        by=talent.user,
        now=NOW,
    )


@pytest.fixture
def clerk(client):
    """A signed-in clerk."""
    person = factories.staff("department_clerk")
    client.force_login(person)
    return person


def test_the_dossier_shows_the_career_and_its_sources(client, clerk):
    talent = factories.talent()
    wrote(talent, role="第一作者")
    text = client.get(page("change", talent.pk)).text
    for words in ("齿轮传动的声学诊断", "论文 · 第一作者", "2024年", "本人填写，2026年11月确认"):
        assert words in text


def test_an_entry_is_set_right_with_a_reason_and_told_in_sentences(client, clerk):
    talent = factories.talent()
    entry = wrote(talent)
    sent = {"sort": "paper", "name": "齿轮传动的声学诊断", "began": "2023"}
    assert client.post(page("career_change", entry.pk), sent).status_code == 422
    answer = client.post(page("career_change", entry.pk), sent | {"reason": "按期刊页更正"})
    assert answer.url == page("change", talent.pk)
    entry.refresh_from_db()
    assert (entry.began, entry.source) == (date(2023, 1, 1), "staff")
    assert [line.partition(" · ")[2] for line in versions(entry)] == ["年份：2024年 → 2023年"]
    assert "按期刊页更正" in client.get(page("change", talent.pk)).text


def test_the_history_of_an_entry_speaks_in_words(clerk):
    talent = factories.talent()
    entry = wrote(talent)
    values = {"sort": "patent", "name": entry.name, "began": date(2021, 1, 1)}
    given = {"values": values, "by": clerk, "now": NOW, "reason": "按证书更正"}
    career.save_entry(talent=talent, kind="achievement", entry=entry, **given)
    (line,) = versions(entry)
    assert line.partition(" · ")[2] == "年份：2024年 → 2021年；种类：论文 → 专利"


def test_a_clerk_uploads_on_her_behalf_what_proves_an_entry_and_takes_it_away(client, clerk):
    talent = factories.talent()
    sent = {"sort": "paper", "name": "齿轮传动的声学诊断", "began": "2024", "reason": "按原件扫描"}
    text = client.get(page("career_add", talent.pk, "achievement")).text
    assert ('enctype="multipart/form-data"' in text, "代她上传" in text) == (True, True)
    bad = SimpleUploadedFile("a.exe", b"MZ")
    answer = client.post(page("career_add", talent.pk, "achievement"), sent | {"file": bad})
    assert (answer.status_code, talent.career.count()) == (422, 0)
    paper = SimpleUploadedFile("论文首页.jpg", photo())
    client.post(page("career_add", talent.pk, "achievement"), sent | {"file": paper})
    entry = talent.career.get()
    assert (entry.evidence.file_name, entry.source) == ("论文首页.jpg", "staff")
    assert SECRET.encode() not in files.read(entry.evidence)
    assert Notice.objects.get(kind="talents.corrected").recipient == talent.user
    change = page("career_change", entry.pk)
    assert "删除已上传的“论文首页.jpg”" in client.get(change).text
    client.post(change, sent | {"drop_file": "on", "reason": "原件有误"})
    assert Evidence.objects.count() == 0


def test_a_tier_is_entered_deleted_and_brought_back(client, clerk):
    talent = factories.talent()
    sent = {"sort": "city", "organisation": "市人社局", "began": "2025-03", "reason": "按入选通知"}
    client.post(page("career_add", talent.pk, "tier"), sent)
    entry = talent.career.get()
    talent.refresh_from_db()
    assert (entry.began, talent.tier) == (date(2025, 3, 1), "city")
    for name in ("career_delete", "career_restore"):
        client.post(page(name, entry.pk), {"reason": "登记有误，已核对"})
        entry.refresh_from_db()
        assert bool(entry.deleted_at) == (name == "career_delete")


def test_a_file_read_at_the_desk_is_on_record(client, clerk):
    entry = wrote(factories.talent())
    assert client.get(page("career_evidence", entry.pk)).status_code == 405
    answer = client.post(page("career_evidence", entry.pk))
    assert (answer.content, answer["Content-Type"]) == (b"%PDF-1.7 x", "application/pdf")
    read = AuditEntry.objects.filter(action="talents.read_evidence")
    assert [entry.actor_id for entry in read] == [clerk.pk]


def test_staff_elsewhere_find_nothing(client):
    entry = wrote(factories.talent())
    client.force_login(factories.staff("department_clerk", department_code="science_innovation"))
    assert client.post(page("career_evidence", entry.pk)).status_code == 404
    assert client.get(page("career_change", entry.pk)).status_code == 404


def queries_of(client, talent):
    """Return how many queries the dossier costs."""
    with CaptureQueriesContext(connection) as queries:
        client.get(page("change", talent.pk))
    return len(queries)


def test_a_long_career_costs_no_more(client, clerk):
    talent = factories.talent()
    wrote(talent)
    queries_of(client, talent)
    short = queries_of(client, talent)
    for number in range(3):
        wrote(talent, name=f"论文{number}")
    assert queries_of(client, talent) == short


def test_where_most_facts_of_a_group_come_from_is_said_once(client, clerk):
    talent = factories.talent(source="import", user=None, position="工程师")
    change = {"changes": {"tier": "city"}, "reason": "按评审结果更正"}
    talents.correct(talent=talent, by=clerk, now=NOW, **change)
    groups = client.get(page("change", talent.pk)).context["groups"]
    (source, facts) = next((s, f) for t, f, s in groups if str(t) == "单位与职务")
    assert source.startswith("单位报送")
    assert [name for _label, _words, name, said in facts if said != source] == ["tier"]


def test_who_may_see_a_record_and_not_check_it_reads_no_proofs():
    """She is told that she and who checks her record alone can download it."""
    entry, reader = wrote(factories.talent()), factories.staff()
    permission = Permission.objects.get(codename="view_talent", content_type__app_label="talents")
    reader.user_permissions.add(permission)
    with pytest.raises(Refused) as refused:
        career.read_evidence(entry=entry, by=reader, now=NOW)
    assert refused.value.code == "may_not_verify"
    assert career.read_evidence(entry=entry, by=entry.talent.user, now=NOW)[1] != b""
