"""Versions of a record: what is kept, shown, taken away and forgotten; lists keep them too."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from privacy.fields import BlindIndexField, EncryptedTextField
from talents import operations, personal_data, versions
from talents.career import operations as career
from talents.erasure import operations as erasure
from talents.imports import operations as imports
from talents.imports import running
from talents.models import CareerEntry, Talent
from tests import everything, factories
from tests.factories import NOW
from tests.talents.identity.test_claims import ask, reported, woman
from tests.talents.imports import workbooks
from tests.talents.test_operations import PERSON, save

pytestmark = pytest.mark.django_db
WHY = "按聘书更正"


def corrected(talent, **changes):
    """Have a clerk set fields right."""
    clerk = factories.staff("department_clerk")
    return operations.correct(talent=talent, changes=changes, reason=WHY, by=clerk, now=NOW)


def kept(talent):
    """The positions of a record's versions, the oldest first."""
    return list(talent.history.order_by("history_id").values_list("position", flat=True))


def test_a_version_is_kept_of_each_change_and_of_nothing_else():
    talent = factories.talent(position="工程师")
    talent = corrected(talent, position="主任")
    Talent.objects.get(pk=talent.pk).save(update_fields=["updated_at"])
    assert kept(talent) == ["工程师", "主任"]
    assert [line.partition(" · ")[2] for line in versions.changes(talent)] == [
        "职务：工程师 → 主任"
    ]


def test_nothing_sensitive_is_copied():
    columns = {field.name: field for field in Talent.history.model._meta.fields}
    sealed = {
        field.name
        for field in Talent._meta.fields
        if isinstance(field, EncryptedTextField | BlindIndexField)
    }
    assert {"id_number", "phone", "email"} <= sealed
    private = sealed | {"user", "political_status", "search_text", "search_grams", "facts"}
    assert private & columns.keys() == set()
    assert columns.keys() >= set(versions.KEPT)


def test_a_clerk_reads_what_it_was_before(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    talent = corrected(
        factories.talent(unit=factories.unit("旧示例公司"), title_level="senior"),
        title_level="intermediate",
        unit=factories.unit("新示例公司"),
    )
    client.force_login(factories.staff("department_clerk"))
    text = client.get(reverse("admin:talents_talent_change", args=[talent.pk])).text
    for line in ("单位：旧示例公司 → 新示例公司", "职称级别：正高级 → 中级"):
        assert line in text


def test_a_list_keeps_versions_and_so_does_its_undoing():
    clerk = factories.staff("department_clerk")
    born = date(1990, 9, 1)
    known = factories.talent(
        user=None, full_name="欧阳采薇", phone="14000007001", position="工程师", birth_month=born
    )

    def ran(run, moment):
        running.work(run.pk, clock=lambda: moment)
        run.refresh_from_db()
        return run

    data = workbooks.form(
        workbooks.person(name="欧阳采薇", phone="14000007001", position="主任", id=None),
        workbooks.person(name="王新来", phone="14000007002", position="研究员", id=None),
    ).getvalue()
    given = {"file_name": "a.xlsx", "department": clerk.department, "by": clerk, "now": NOW}
    run = ran(imports.upload(data=data, **given), NOW)
    imports.confirm(run=run, by=clerk, now=NOW)
    run = ran(run, NOW)
    created = Talent.objects.get(full_name="王新来")
    assert (kept(known), kept(created)) == (["工程师", "主任"], ["研究员"])
    assert {v.history_user for v in Talent.history.filter(id=created.pk)} == {clerk}
    entries = CareerEntry.objects.filter(talent=known)
    assert CareerEntry.history.filter(talent=known).count() == entries.count()
    later = NOW + timedelta(minutes=1)
    imports.undo(run=run, by=clerk, now=later)
    ran(run, later)
    assert kept(known) == ["工程师", "主任", "工程师"]
    assert Talent.history.filter(id=created.pk).count() == 0


def test_her_copy_holds_hers_and_not_what_a_wrong_claimant_wrote():
    talent = factories.talent(position="工程师")
    stranger = factories.user("路人")
    Talent.history.filter(id=talent.pk).update(history_user=stranger)
    corrected(talent, position="主任")
    hers = versions.of_hers([talent], talent.user)
    assert [version.position for version in hers] == ["主任"]
    titles = [str(group.title) for group in personal_data.collect(talent.user)]
    assert "档案修改记录" in titles


def test_an_erasure_takes_them_along():
    talent = corrected(factories.talent(position="工程师"), position="主任")
    erasure.ask_erasure(user=talent.user, by=talent.user, now=NOW)
    erasure.erase_due(now=NOW + erasure.COOLING)
    assert Talent.history.count() == 0


# --- what stood beside it by mistake ----------------------------------------------------------------


def entry(talent, name, **arguments):
    """A paper of hers a clerk enters."""
    values = {"sort": "paper", "name": name, "began": date(2020, 1, 1)}
    given = {"reason": "按登记表录入", "now": NOW, "by": None} | arguments
    talent = Talent.objects.get(pk=talent.pk)
    return career.save_entry(talent=talent, kind="achievement", values=values, **given)


def read_in(user):
    """All that stands in her copy."""
    user = User.objects.get(pk=user.pk)
    return str([[vars(row) for row in group.rows] for group in personal_data.collect(user)])


def test_of_two_records_that_were_merged_by_mistake_none_keeps_what_was_the_others():
    her, other = factories.talent(full_name="王小敏"), factories.talent(
        user=None, full_name="王小敏", honours="白露凝霜奖", position="总工程师"
    )  # fmt: skip
    work = entry(other, "齿轮噪声研究")
    chosen = {"chosen": ["honours", "position"], "reason": WHY, "by": None, "now": NOW}
    merge = operations.merge_records(keep=her, lose=other, **chosen)
    entry(her, "白露凝霜研究", entry=CareerEntry.objects.get(pk=work.pk))
    corrected(Talent.objects.get(pk=her.pk), position="主任")
    operations.undo_merge(merge=merge, reason="经核对不是同一人", by=None, now=NOW)
    assert kept(her) == ["", "主任"]
    assert "白露凝霜" not in read_in(her.user)
    assert CareerEntry.history.filter(talent=other).count() == 2
    Talent.objects.filter(pk=other.pk).update(user=factories.user("另一位"))
    erase(Talent.objects.get(pk=other.pk))
    assert everything.places_with(["白露凝霜", "总工程师"]) == {}


@pytest.mark.parametrize("by_clerk", [True, False])
def test_what_a_wrong_claimant_wrote_goes_back_with_her(by_clerk):
    user, record = woman(), reported(position="工程师")
    known = entry(record, "轴承寿命研究")
    draft = save(user, 1, PERSON | {"full_name": "王小敏"})
    draft = save(user, 2, {"unit": None, "unit_text": "白露凝霜公司", "position": "白露凝霜经理"})
    work = entry(draft, "齿轮噪声研究")
    claim = operations.grant_claim(claim=ask(user), talent=record, by=None, now=NOW)
    writer = factories.staff("department_clerk") if by_clerk else user
    Talent.history.filter(id=record.pk, position="白露凝霜经理").update(history_user=writer)
    user = User.objects.get(pk=user.pk)
    for changed in (work, known):
        changed = CareerEntry.objects.get(pk=changed.pk)
        entry(record, "白露凝霜研究", entry=changed, by=user)
    save(user, 1, {"full_name": "王白露凝霜"})
    operations.undo_claim(claim=claim, reason="经核对不是本人", by=None, now=NOW)
    rightful = woman(phone=record.phone)
    ask(rightful)
    assert Talent.objects.get(pk=record.pk).user == rightful
    assert "白露凝霜" not in read_in(rightful)
    erase(Talent.objects.get(pk=draft.pk))
    assert everything.places_with(["白露凝霜"]) == {}


def erase(talent):
    """Erase her."""
    erasure.ask_erasure(user=talent.user, by=talent.user, now=NOW)
    assert erasure.erase_due(now=NOW + erasure.COOLING) == 1
