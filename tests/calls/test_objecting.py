"""Objections: anybody brings one while the notice runs, what is decided has effect and can be taken back."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from calls import operations
from calls.models import Objection, ObjectionState
from kernel.days import begin
from kernel.errors import Conflict, Invalid, Refused
from privacy.models import AuditEntry
from tests import factories
from tests.calls import make

pytestmark = pytest.mark.django_db
MONDAY = begin(date(2026, 12, 14)) + timedelta(hours=9)
NEXT = begin(date(2026, 12, 22))


@pytest.fixture
def notice():
    """Return a notice that names two women."""
    return make.notice(make.noted(2, at=MONDAY)[0], MONDAY)


def clerk():
    return factories.staff("department_clerk")


def test_sent_twice_it_is_taken_in_once(notice):
    first = make.objection(notice, MONDAY, key="k" * 20)
    assert make.objection(notice, MONDAY, key="k" * 20) == first
    assert (Objection.objects.count(), first.name) == (1, "陈同事")


def test_without_a_name_none_is_kept(notice):
    kept = make.objection(notice, MONDAY, anonymous=True)
    kept.refresh_from_db()
    assert (kept.anonymous, kept.name, kept.contact) == (True, None, None)
    assert AuditEntry.objects.get(action="calls.file_objection").actor_id is None


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"text": "  不公平  "}, "text_short"),
        ({"text": "字" * 2001}, "text_long"),
        ({"name": ""}, "name_missing"),
        ({"contact": " "}, "name_missing"),
    ],
)
def test_what_does_not_do_is_refused_and_nothing_is_kept(notice, values, code):
    with pytest.raises(Invalid) as refused:
        make.objection(notice, MONDAY, **values)
    assert (refused.value.code, Objection.objects.count()) == (code, 0)


def test_after_the_last_day_none_is_taken_whatever_the_clock_has_noted(notice):
    make.objection(notice, NEXT - timedelta(seconds=1))
    with pytest.raises(Conflict) as late:
        make.objection(notice, NEXT)
    assert str(late.value) == "公示已于2026年12月21日 (周一)结束，不再受理异议。"
    operations.end_notice(notice=notice, by=None, now=NEXT)
    with pytest.raises(Conflict) as ended:
        make.objection(notice, NEXT)
    assert (str(ended.value), Objection.objects.count()) == ("公示已经结束，不再受理异议。", 1)


def test_a_line_of_another_notice_is_refused(notice):
    other = make.notice(make.noted(1, at=MONDAY)[0], MONDAY)
    with pytest.raises(Invalid):
        make.objection(notice, MONDAY, other.entries.get())


def test_upheld_she_is_struck_out_and_taken_back_she_stands_there_again(notice):
    entry = notice.entries.first()
    objection = make.objection(notice, MONDAY, entry)
    settle = {"upheld": True, "answer": "经核实，专利不属于本人", "by": clerk(), "now": MONDAY}
    for _twice in range(2):
        operations.decide_objection(objection=objection, **settle)
    entry.refresh_from_db()
    assert (entry.struck_at, entry.application.result) == (MONDAY, "not_awarded")
    for _twice in range(2):
        operations.reopen_objection(objection=objection, by=None, now=MONDAY)
    entry.refresh_from_db()
    entry.application.refresh_from_db()
    objection.refresh_from_db()
    assert (entry.struck_at, entry.application.result) == (None, "awarded")
    assert (objection.state, objection.decided_by) == (ObjectionState.OPEN, None)


def test_of_two_that_hold_one_taken_back_leaves_her_out(notice):
    entry = notice.entries.first()
    first, second = (make.objection(notice, MONDAY, entry) for _ in range(2))
    for one in (first, second):
        operations.decide_objection(
            objection=one, upheld=True, answer="情况属实", by=None, now=MONDAY
        )
    operations.reopen_objection(objection=first, by=None, now=MONDAY)
    entry.refresh_from_db()
    assert (entry.struck_at, entry.application.result) == (MONDAY, "not_awarded")


def test_no_result_is_told_while_one_is_open(notice):
    objection = make.objection(notice, MONDAY)
    operations.end_notice(notice=notice, by=None, now=NEXT)
    with pytest.raises(Conflict) as waiting:
        operations.conclude_call(call=notice.call, by=None, now=NEXT)
    assert str(waiting.value) == "还有 1 件异议没有处理。"
    operations.decide_objection(
        objection=objection, upheld=False, answer="经核实不成立", by=None, now=NEXT
    )
    operations.conclude_call(call=notice.call, by=None, now=NEXT)
    with pytest.raises(Conflict):
        operations.reopen_objection(objection=objection, by=None, now=NEXT)


def test_nobody_decides_about_herself(notice):
    entry = notice.entries.first()
    herself = entry.application.talent.user
    herself.is_staff, herself.department = True, factories.department()
    herself.save()
    herself.groups.set(clerk().groups.all())
    objection = make.objection(notice, MONDAY, entry)
    with pytest.raises(Refused):
        operations.decide_objection(
            objection=objection, upheld=False, answer="不成立，不成立", by=herself, now=MONDAY
        )


# --- pages -----------------------------------------------------------------------------------------
@pytest.fixture
def running():
    """Return a notice that runs now."""
    cache.clear()
    now = factories.NOW
    from django.utils import timezone

    now = timezone.now()
    return make.notice(make.noted(2, at=now)[0], now)


def form(notice, **values):
    page = {
        "text": "材料里的论文不是她的，题目是《X》。",
        "name": "陈同事",
        "contact": "138",
        "key": "k",
    }
    return page | values


def test_a_stranger_reads_the_notice_and_objects_without_a_name(client, running):
    page = client.get(running.get_absolute_url())
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    names = list(running.entries.values_list("name", flat=True))
    assert [name in page.text for name in names] == [True, True]
    address = reverse("object_to_notice", args=[running.code])
    refused = client.post(address, form(running, name=""))
    assert refused.status_code == 422
    assert "材料里的论文不是她的" in refused.text  # nothing she typed is lost
    answer = client.post(address, form(running, name="", anonymous="on"))
    objection = Objection.objects.get()
    assert answer.url == reverse("objection", args=[objection.code])
    receipt = client.get(answer.url).text
    assert objection.code in receipt
    assert "材料里的论文" not in receipt


def test_a_sixth_within_an_hour_is_asked_to_wait_and_kept_in_the_form(client, running):
    address = reverse("object_to_notice", args=[running.code])
    answers = [client.post(address, form(running, key=f"k{n}")) for n in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [422]
    assert "材料里的论文不是她的" in answers[-1].text
    assert Objection.objects.count() == 5


def test_withdrawn_and_long_ended_its_names_are_gone(client, running):
    name = running.entries.first().name
    operations.withdraw_notice(notice=running, reason="名单有误", by=None, now=running.started_at)
    page = client.get(running.get_absolute_url()).text
    assert (name in page, "名单有误" in page) == (False, True)
    old = begin(date(2026, 3, 2))
    ended = make.notice(make.noted(1, at=old)[0], old)
    operations.end_notice(notice=ended, by=None, now=old + timedelta(days=30))
    page = client.get(ended.get_absolute_url()).text
    assert (ended.entries.get().name in page, "名单已按规定撤下" in page) == (False, True)


def test_a_draft_is_nobodys_to_read(client):
    draft = make.notice_draft(make.noted(1, at=MONDAY)[0], MONDAY)
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get(reverse("object_to_notice", args=[draft.code])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_notice_costs_the_same_whatever_it_holds(client, django_assert_num_queries, count):
    notice = make.notice(make.noted(count, at=MONDAY)[0], MONDAY)
    client.get(notice.get_absolute_url())
    with django_assert_num_queries(5):
        client.get(notice.get_absolute_url())


def test_staff_of_the_department_read_and_settle_it_and_others_do_not(client, running):
    objection = make.objection(running, running.started_at, running.entries.first())
    client.force_login(factories.staff("department_clerk", department_code="science_innovation"))
    address = reverse("admin:calls_objection_change", args=[objection.pk])
    assert "申报材料里的专利" not in client.get(address, follow=True).text
    client.force_login(factories.staff("auditor"))
    assert client.get(address).status_code == 403
    client.force_login(clerk())
    assert "申报材料里的专利不是她的" in client.get(address).text
    settle = reverse("admin:calls_objection_settle", args=[objection.pk])
    assert client.post(settle, {"upheld": "1", "answer": ""}).status_code == 422
    client.post(settle, {"upheld": "1", "answer": "经核实，情况属实"})
    objection.refresh_from_db()
    assert objection.state == ObjectionState.UPHELD


def test_staff_write_and_begin_a_notice(client):
    from django.utils import timezone

    call, _women = make.noted(1, at=timezone.now())
    client.force_login(clerk())
    add = reverse("admin:calls_publicnotice_add")
    assert call.fields.first().label in client.get(f"{add}?call={call.pk}").text
    sent = {
        "call": call.pk,
        "authority": "两江新区妇联",
        "text": "现予公示。",
        "contact": "023",
        "days": "4",
        "shows_unit": "on",
        "fields": [call.fields.get(label="主要事迹").pk],
    }
    assert "5 到 30" in client.post(add, sent).text
    client.post(add, sent | {"days": "5"})
    notice = call.notices.get()
    client.post(reverse("admin:calls_publicnotice_start", args=[notice.pk]))
    notice.refresh_from_db()
    assert (notice.state, notice.entries.get().lines) == (
        "running",
        [["主要事迹", "在一线攻关三年"]],
    )
