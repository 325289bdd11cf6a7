"""Entries: written by her and by clerks, deleted with a way back, proved by files."""

import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from PIL import Image

from kernel.errors import DomainError
from notices.models import Notice
from privacy import pieces, retention
from privacy.models import AuditEntry
from talents import operations
from talents.career import files
from talents.career import operations as career
from talents.models import CareerEntry, Evidence
from tests import factories
from tests.factories import NOW
from tests.kernel.test_pictures import SECRET, file_of, photo

pytestmark = pytest.mark.django_db

PAPER = {"sort": "paper", "name": "齿轮传动的声学诊断", "began": date(2024, 1, 1)}
JOB = {"organisation": "重庆示例研究院", "name": "工程师", "ended": date(2020, 6, 1)}
PDF = ("论文.pdf", b"%PDF-1.7 " + b"x" * 100)


def add(talent, kind="achievement", values=PAPER, **more):
    """Add an entry as she does."""
    more.setdefault("by", talent.user)
    return career.save_entry(talent=talent, kind=kind, values=values, now=NOW, **more)


def refused(call, **arguments):
    """Return the code and the field of the error."""
    with pytest.raises(DomainError) as error:
        call(**arguments)
    return error.value.code, error.value.field


def test_an_entry_knows_its_source_and_history():
    talent = factories.talent()
    entry = add(talent)
    add(talent, values=PAPER | {"role": "第一作者"}, entry=entry)
    entry.refresh_from_db()
    assert (entry.source, entry.role, entry.period) == ("self", "第一作者", "2024年")
    assert entry.source_words == "本人填写，2026年11月确认"
    assert [(h.history_type, h.role) for h in entry.history.order_by("pk")] == [
        ("+", ""),
        ("~", "第一作者"),
    ]
    assert AuditEntry.objects.filter(action="talents.save_entry").count() == 2


def test_saving_the_same_changes_nothing():
    talent = factories.talent()
    entry = add(talent)
    add(talent, entry=entry)
    assert AuditEntry.objects.filter(action="talents.save_entry").count() == 1


@pytest.mark.parametrize(
    ("kind", "values", "code", "field"),
    [
        ("achievement", PAPER | {"name": ""}, "missing", "name"),
        ("achievement", PAPER | {"sort": "poem"}, "unknown_sort", "sort"),
        ("achievement", PAPER | {"began": date(2027, 1, 1)}, "in_future", "began"),
        ("employment", JOB | {"ended": None}, "missing", "ended"),
        ("employment", JOB | {"began": date(2021, 1, 1)}, "ends_before", "ended"),
        (
            "tier",
            {"sort": "city", "organisation": "市人社局", "began": NOW.date()},
            "clerks_only",
            None,
        ),
    ],
)
def test_what_is_no_entry_is_refused(kind, values, code, field):
    talent = factories.talent()
    arguments = {"talent": talent, "kind": kind, "values": values, "by": talent.user, "now": NOW}
    assert refused(career.save_entry, **arguments) == (code, field)


def test_there_is_room_for_three_hundred():
    talent = factories.talent()
    for number in range(career.MOST):
        add(talent, values=PAPER | {"name": f"论文{number}"})
    arguments = {"talent": talent, "kind": "achievement", "values": PAPER}
    assert refused(career.save_entry, **arguments, by=talent.user, now=NOW) == ("too_many", None)


def test_deleted_and_brought_back():
    talent = factories.talent()
    entry = add(talent)
    career.delete_entry(entry=entry, by=talent.user, now=NOW)
    assert talent.career.kept().count() == 0
    assert refused(add, talent=talent, entry=entry) == ("entry_gone", None)
    career.restore_entry(entry=entry, by=talent.user, now=NOW)
    assert list(talent.career.kept()) == [entry]


def test_of_a_photo_the_place_it_was_taken_at_is_not_kept():
    add(factories.talent(), evidence=("证书.jpg", photo()))
    evidence = Evidence.objects.get()
    kept = files.read(evidence)
    assert (evidence.kind, evidence.size, SECRET.encode() in kept) == ("jpg", len(kept), False)
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}


def test_a_clerk_says_why_and_she_is_told():
    talent, clerk = factories.talent(), factories.staff("department_clerk")
    entry = add(talent)
    change = {"talent": talent, "kind": "achievement", "values": PAPER | {"role": "通讯作者"}}
    assert (
        refused(career.save_entry, **change, entry=entry, by=clerk, now=NOW)[0] == "reason_missing"
    )
    career.save_entry(**change, entry=entry, by=clerk, now=NOW, reason="按论文首页更正")
    entry.refresh_from_db()
    assert (entry.role, entry.source) == ("通讯作者", "staff")
    notice = Notice.objects.get(kind="talents.corrected")
    assert (notice.recipient, notice.context["fields"]["zh-hans"]) == (talent.user, "成果")


def test_a_tier_a_clerk_enters_becomes_hers_if_it_is_the_highest():
    talent, clerk = factories.talent(tier="city"), factories.staff("department_clerk")
    for sort in ("district", "national"):
        values = {"sort": sort, "organisation": "人社局", "began": date(2025, 3, 1)}
        add(talent, "tier", values, by=clerk, reason="按入选通知登记")
    talent.refresh_from_db()
    assert talent.tier == "national"
    assert [s.tier for s in talent.snapshots.order_by("pk")] == ["city", "national"]


def test_a_file_is_known_by_its_content_and_kept_encrypted():
    talent = factories.talent()
    entry = add(talent, evidence=("图.pdf.exe", file_of(Image.new("L", (9, 9)), "PNG")))
    evidence = Evidence.objects.get(entry=entry)
    assert (evidence.file_name, evidence.kind) == ("图.pdf.png", "png")
    assert Image.open(io.BytesIO(files.read(evidence))).size == (9, 9)
    two = b"%PDF-" + b"y" * (pieces.LENGTH + 7)
    add(talent, entry=entry, evidence=("两块.pdf", two))
    assert (files.read(Evidence.objects.get()), Evidence.objects.get().pieces.count()) == (two, 2)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"MZ\x90\x00", "file_type"),
        (b"%PDF-" + b"0" * files.MOST, "file_too_large"),
        (b"\xff\xd8\xff" + b"0" * 9, "photo_unreadable"),
    ],
)
def test_other_files_are_refused(data, code):
    talent = factories.talent()
    assert refused(add, talent=talent, evidence=("a.pdf", data)) == (code, "file")
    assert CareerEntry.objects.count() == 0


def test_a_change_of_jobs_makes_the_former_one_a_part_of_her_career():
    old = factories.unit("重庆旧示例有限公司")
    talent = factories.talent(
        unit=old,
        position="工程师",
        professional_title="工程师",
        title_level="intermediate",
        unit_since=date(2018, 3, 1),
    )
    values = {
        "unit": factories.unit("重庆新示例有限公司"),
        "professional_title": "高级工程师",
        "title_level": "associate_senior",
        "unit_since": date(2018, 3, 1),
    }
    operations.save_step(user=talent.user, step=2, values=values, by=talent.user, now=NOW)
    talent.refresh_from_db()
    job, title = talent.career.order_by("kind")
    assert (job.organisation, job.name, job.period, job.source) == (
        "重庆旧示例有限公司",
        "工程师",
        "2018年3月 – 2026年11月",
        "self",
    )
    assert (title.name, title.sort) == ("工程师", "intermediate")
    assert (talent.unit_since, talent.confirm_from) == (None, NOW)


def test_what_is_corrected_was_never_so():
    talent = factories.talent(unit_text="重庆示例研究院")
    changes = {"unit": None, "unit_text": "重庆示例设计院"}
    operations.correct(talent=talent, changes=changes, reason="单位名称写错", by=None, now=NOW)
    assert talent.career.count() == 0


def test_since_when_stays_where_nothing_but_its_words_changed():
    """A correction was never a change, and a unit that has become known is the same unit."""
    since = {"unit_since": date(2015, 9, 1), "title_since": date(2019, 1, 1)}
    titled = {"professional_title": "高级工程师", "title_level": "intermediate"}
    talent = factories.talent(unit_text="重庆大学", graduated=date(2010, 1, 1), **titled, **since)
    changes = {"title_level": "associate_senior", "unit_text": "重庆理工大学"}
    changes |= {"education_level": "11"}
    operations.correct(talent=talent, changes=changes, reason="按证书更正", by=None, now=NOW)
    talent.refresh_from_db()
    dates = ("unit_since", "title_since", "graduated")
    kept = [date(2015, 9, 1), date(2019, 1, 1), date(2010, 1, 1)]
    assert [getattr(talent, name) for name in dates] == kept
    values = {"unit": factories.unit("重庆理工大学"), "unit_text": "", **since}
    operations.save_step(user=talent.user, step=2, values=values, by=talent.user, now=NOW)
    talent.refresh_from_db()
    assert [talent.unit.name, *(getattr(talent, name) for name in dates)] == ["重庆理工大学", *kept]
    assert talent.career.count() == 0


# --- her pages -------------------------------------------------------------------------------------
@pytest.fixture
def her(client):
    """A signed-in woman in the database."""
    talent = factories.talent()
    client.force_login(talent.user)
    return talent


def test_she_adds_changes_deletes_and_brings_back(client, her):
    page = client.get(reverse("career"))
    assert "还没有内容" in page.text
    sent = {"sort": "patent", "name": "一种齿轮", "began": "2023", "number": "ZL202310000000.1"}
    address = reverse("career_add", args=["achievement"])
    assert client.post(address, sent).url == f"{reverse('career')}#achievement"
    entry = her.career.get()
    assert (entry.name, entry.began, entry.number) == (
        "一种齿轮",
        date(2023, 1, 1),
        "ZL202310000000.1",
    )
    client.post(reverse("career_entry", args=[entry.pk]), sent | {"role": "发明人"})
    back = client.post(reverse("career_delete", args=[entry.pk])).url
    page = client.get(back)
    assert "撤销删除" in page.text
    client.post(reverse("career_restore", args=[entry.pk]))
    assert [(e.name, e.role) for e in her.career.kept()] == [("一种齿轮", "发明人")]


def test_what_is_missing_is_named_and_what_was_typed_stays(client, her):
    page = client.post(reverse("career_add", args=["employment"]), {"name": "工程师"})
    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {"organisation", "ended"}
    assert 'value="工程师"' in page.text
    assert "还没有保存" in page.text


def test_her_file_comes_back_as_an_attachment(client, her):
    entry = add(her, evidence=PDF)
    answer = client.get(reverse("career_evidence", args=[entry.pk]))
    assert answer.content == PDF[1]
    assert answer["Content-Disposition"].startswith("attachment;")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        "application/pdf",
        "nosniff",
    )


def test_nobody_else_finds_it(client, her):
    entry = add(her, evidence=PDF)
    client.force_login(factories.talent().user)
    for name in ("career_entry", "career_evidence"):
        assert client.get(reverse(name, args=[entry.pk])).status_code == 404
    for name in ("career_entry", "career_delete", "career_restore"):
        assert client.post(reverse(name, args=[entry.pk]), {}).status_code == 404


def test_the_list_costs_the_same_however_long_it_is(client, her, django_assert_num_queries):
    add(her)
    client.get(reverse("career"))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("career"))
    for number in range(3):
        add(her, values=PAPER | {"name": f"论文{number}"}, evidence=PDF)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("career"))


LIST_QUERIES = 3  # who reads, with her record; its entries with their files; her notices


def test_what_left_the_database_takes_nothing_new(client, her):
    operations.on_database_consent(user=her.user, granted=False, by=her.user, now=NOW)
    page = client.get(reverse("career"))
    assert "撤回人才库授权" in page.text
    assert client.get(reverse("career_add", args=["post"])).url == reverse("career")


def test_the_record_has_the_highest_tier_she_holds_or_what_staff_gave_it():
    talent = factories.talent(tier="district")
    given = {"kind": "tier", "by": None, "now": NOW, "reason": "按入选通知登记"}

    def tier_after(operation, **arguments):
        talent.refresh_from_db()
        entry = operation(**arguments)
        talent.refresh_from_db()
        return talent.tier, entry

    def granted(sort, entry=None, **more):
        values = {"sort": sort, "organisation": "市人社局", "began": date(2020, 1, 1)} | more
        return tier_after(career.save_entry, talent=talent, entry=entry, values=values, **given)

    rest = {"by": None, "now": NOW, "reason": "不是她的称号"}
    tier, entry = granted("national")
    assert tier == "national"
    tier, entry = granted("city", entry)  # written by mistake
    assert tier == "city"
    tier, _same = tier_after(career.delete_entry, entry=entry, **rest)
    assert tier == "district"
    tier, _same = tier_after(career.restore_entry, entry=entry, **rest)
    assert tier == "city"
    tier, _other = granted("national", ended=date(2026, 12, 31))
    assert tier == "national"
    assert [career.end_tiers(now=NOW + timedelta(days=days)) for days in (30, 60, 90)] == [0, 1, 0]
    talent.refresh_from_db()
    assert talent.tier == "city"
    audited = AuditEntry.objects.get(action="talents.end_tier")
    assert (audited.object_id, audited.detail) == (str(talent.pk), {"tier": "city"})
    # What staff say of the tier itself stays, whatever becomes of the entries.
    operations.correct(
        talent=talent, changes={"tier": "reserve"}, reason="按名单调整", by=None, now=NOW
    )
    rest["now"] = NOW + timedelta(days=90)
    tier, _same = tier_after(career.delete_entry, entry=entry, **rest)
    assert tier == "reserve"


def test_old_deleted_ones_go_for_good():
    talent = factories.talent()
    entry, later = add(talent), add(talent)
    career.delete_entry(entry=entry, by=None, now=NOW - timedelta(days=31))
    career.delete_entry(entry=later, by=None, now=NOW)
    assert [(run.rule, run.done) for run in retention.apply(now=NOW)] == [
        ("talents.deleted_entries", 1)
    ]
    assert list(CareerEntry.objects.all()) == [later]
    assert set(CareerEntry.history.values_list("id", flat=True)) == {later.pk}
