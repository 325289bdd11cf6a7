"""What is due after an award, from outside: her pages, a stranger's, the clerk's."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calls import operations
from calls.models import Due, FollowStep
from privacy.models import AuditEntry
from tests import factories
from tests.calls import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def clerk(settings):
    settings.STAFF_SECOND_FACTOR = False
    return factories.staff("department_clerk")


def admin(name, *args):
    return reverse(f"admin:calls_{name}", args=args)


def test_applicants_read_beforehand_what_follows(client, now):
    page = client.get(make.with_steps(now).get_absolute_url()).text
    assert "出访报告" in page
    assert "（8,000 元）" in page


def test_she_writes_attaches_hands_in_and_takes_back(client, now):
    report, payment = make.dues(now)
    client.force_login(report.application.talent.user)
    page = client.get(report.application.get_absolute_url()).text
    for said in ("入选以后", "出访报告", "待提交", "报销旅费", "等前一步", "8,000 元"):
        assert said in page
    here = report.get_absolute_url()
    file = SimpleUploadedFile("行程单.pdf", make.PDF)
    saved = client.post(here, {"text": "写到一半", "files": file}, follow=True).text
    assert ("写到一半" in saved, "行程单.pdf" in saved, "已保存。" in saved) == (True, True, True)
    wrong = client.post(here, {"text": "长" * 51, "submit": "1"})
    assert (wrong.status_code, "最多 50 个字，多了 1 个。" in wrong.text) == (422, True)
    assert "长" * 51 in wrong.text
    empty = client.post(here, {"text": "", "submit": "1"})
    assert (empty.status_code, "请填写内容。" in empty.text) == (422, True)
    done = client.post(here, {"text": "去了三个城市", "submit": "1"}, follow=True).text
    assert ("已提交，待审核" in done, "可以直接修改，也可以撤回" in done) == (True, True)
    sent = client.get(report.files.get().get_absolute_url())
    assert (sent.content, "attachment" in sent["Content-Disposition"]) == (make.PDF, True)
    withdraw = reverse("due_withdraw", args=[report.code])
    assert "撤回“出访报告”" in client.get(withdraw).text
    assert "已撤回" in client.post(withdraw, follow=True).text
    gone = {"text": "去了三个城市", "remove_file": report.files.get().code}
    client.post(here, gone)
    assert report.files.count() == 0
    waits = client.get(payment.get_absolute_url()).text
    assert ("这一步由经办部门拨付" in waits, "<textarea" in waits) == (True, False)
    refused = client.post(payment.get_absolute_url(), {"text": "x", "submit": "1"})
    assert (refused.status_code, Due.objects.get(pk=payment.pk).state) == (422, "waiting")


def test_what_she_typed_while_staff_accepted_comes_back_with_the_reason(client, now):
    report, _payment = make.dues(now)
    operations.accept_due(due=make.due_in(report, now), by=None, now=now)
    client.force_login(report.application.talent.user)
    late = client.post(report.get_absolute_url(), {"text": "刚补写的一段"})
    assert (late.status_code, "刚补写的一段" in late.text) == (422, True)
    assert "不能再改动" in late.text
    assert Due.objects.get(pk=report.pk).text == "去了三个城市，谈成两项合作。"


def test_another_woman_and_another_department_find_nothing_of_it(client, now, settings):
    settings.STAFF_SECOND_FACTOR = False
    report, _payment = make.dues(now)
    operations.attach_to_due(due=report, sent=[("行程.pdf", make.PDF)], by=None, now=now)
    file = report.files.get()
    client.force_login(make.dues(now)[0].application.talent.user)
    for path in (
        report.get_absolute_url(),
        reverse("due_withdraw", args=[report.code]),
        file.get_absolute_url(),
    ):
        assert client.get(path).status_code == 404
    client.force_login(factories.staff("department_clerk", department_code="science_innovation"))
    assert client.get(file.get_absolute_url()).status_code == 404
    for name in ("change", "accept", "pay", "history"):
        assert client.get(admin(f"due_{name}", report.pk)).status_code in (302, 404)
    assert client.get(admin("due_file", report.pk, file.code)).status_code == 404
    assert "出访报告" not in client.get(admin("due_changelist")).text
    assert AuditEntry.objects.filter(action="calls.accept_due").count() == 0


def test_the_clerk_lays_down_the_steps_of_a_draft(client, now, clerk):
    client.force_login(clerk)
    draft = make.draft(now)
    add = admin("call_add_step", draft.pk)
    typed = {
        "kind": "payment",
        "title": "首笔资助",
        "days": 30,
        "counted_from": "decision",
        "amount": "1.005",
        "limit": 2000,
    }
    for amount in ("1.005", "0", "-1", "abc", ""):
        wrong = client.post(add, typed | {"amount": amount})
        assert (wrong.status_code, "首笔资助" in wrong.text) == (422, True)
    assert FollowStep.objects.count() == 0
    client.post(add, typed | {"amount": "20000.50"})
    client.post(add, typed | {"kind": "report", "title": "中期报告", "amount": ""})
    first, second = draft.follow_steps.all()
    assert first.amount == Decimal("20000.50")
    client.post(admin("call_step_up", draft.pk, second.pk))
    page = client.get(admin("call_steps_page", draft.pk)).text
    assert page.index("中期报告") < page.index("首笔资助")
    client.post(
        admin("call_edit_step", draft.pk, second.pk),
        typed | {"kind": "report", "title": "结题报告", "amount": ""},
    )
    client.post(admin("call_remove_step", draft.pk, first.pk))
    assert [one.title for one in draft.follow_steps.all()] == ["结题报告"]
    operations.open_call(call=draft, by=None, now=now)
    assert "发布后申报条件" in client.get(admin("call_steps_page", draft.pk)).text


def test_the_clerk_reads_accepts_pays_and_puts_right(client, now, clerk):
    report, payment = make.dues(now)
    operations.attach_to_due(due=report, sent=[("行程.pdf", make.PDF)], by=None, now=now)
    make.due_in(report, now)
    client.force_login(clerk)
    assert "出访报告" in client.get(admin("due_changelist") + "?waits=staff").text
    page = client.get(admin("due_change", report.pk)).text
    for said in ("去了三个城市", "行程.pdf", "写清楚去了哪里"):
        assert said in page
    sent = client.get(admin("due_file", report.pk, report.files.get().code))
    assert sent.content == make.PDF
    accept = client.get(admin("due_accept", report.pk))
    seen = accept.context["form"]["seen"].value()
    operations.write_due(due=report, text="她刚改过", by=None, now=now + DAY)
    late = client.post(admin("due_accept", report.pk), {"seen": seen})
    assert (late.status_code, "您打开之后她又改过" in late.text) == (422, True)
    client.post(admin("due_accept", report.pk))
    today = timezone.localdate(now)
    typed = {"amount": "8000", "paid_on": today.isoformat(), "reference": "记字第12号"}
    wrong = client.post(admin("due_pay", payment.pk), typed | {"amount": "8000.01"})
    assert (wrong.status_code, "不能超过这一笔的 8,000 元" in wrong.text) == (422, True)
    client.post(admin("due_pay", payment.pk), typed)
    right = typed | {"amount": "7650.5", "reason": "按实报销"}
    client.post(admin("due_correct", payment.pk), right)
    page = client.get(admin("due_change", payment.pk)).text
    for said in ("7,650.50 元", "8,000 元", "按实报销", "已拨付"):
        assert said in page
    history = client.get(admin("due_history", payment.pk)).text
    for said in ("登记拨付", "更正拨付记录", "按实报销"):
        assert said in history
    book = client.get(admin("due_export") + "?late=yes")
    assert book.content[:2] == b"PK"
    assert AuditEntry.objects.filter(action="calls.export_dues").count() == 0  # nothing was late
    for name in ("due", "advantage"):  # what no list knows leads back to the list
        odd = client.get(admin(f"{name}_export") + "?next=x")
        assert (odd.status_code, odd.url) == (302, admin(f"{name}_changelist"))
    client.get(admin("due_export"))
    assert AuditEntry.objects.get(action="calls.export_dues").object_id == str(
        report.application.call_id
    )
    client.force_login(report.application.talent.user)
    hers = client.get(payment.get_absolute_url()).text
    assert ("7,650.50 元" in hers, "8,000 元，凭证号" in hers) == (True, False)


@pytest.mark.parametrize(
    "name, typed",
    [
        ("send_back", {"lacking": "写明日期", "due_on": "2026-01-01"}),
        ("send_back", {"lacking": "", "due_on": "2099-01-01"}),
        ("extend", {"due_on": "2026-01-01"}),
        ("extend", {"due_on": "9999-99-99"}),
        ("waive", {"reason": "短"}),
    ],
)
def test_wrong_input_of_the_clerk_changes_nothing(client, now, clerk, name, typed):
    report, _payment = make.dues(now)
    make.due_in(report, now)
    before = Due.objects.filter(pk=report.pk).values_list("state", "due_on").get()
    client.force_login(clerk)
    assert client.post(admin(f"due_{name}", report.pk), typed).status_code == 422
    assert Due.objects.filter(pk=report.pk).values_list("state", "due_on").get() == before


@pytest.mark.parametrize("which", ["due", "application", "hers"])
def test_lists_ask_as_often_for_three_as_for_one(client, now, clerk, which):
    her = factories.talent(unit=factories.unit())
    many = tuple(make.REPORT | {"title": f"报告{n}"} for n in range(3))
    steps = {"hers": many}.get(which, (make.REPORT, make.PAYMENT))

    def asked(steps):
        due = make.dues(now, steps, talent=her if which != "hers" else None)[0]
        make.advantage(now, unit=due.application.talent.unit, kind=f"k{due.pk}")
        client.force_login(due.application.talent.user if which == "hers" else clerk)
        path = (
            due.application.get_absolute_url() if which == "hers" else admin(f"{which}_changelist")
        )
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    first = asked(steps[:1])
    asked(steps)
    assert asked(steps) == first


def test_the_clerk_lets_who_is_on_reserve_move_up_and_hears_why_not(client, now, clerk):
    first, second = make.reserve(now, places=1)
    client.force_login(clerk)
    here = admin("application_move_up", second.pk)
    full = client.post(here, {"reason": "入选的人放弃了名额"}, follow=True).text
    second.refresh_from_db()
    assert ("名额" in full, second.state) == (True, "reserve")
    operations.note_taken_back(application=first, taken_back=True, now=now)
    assert "递补并通知" in client.get(here).text
    short = client.post(here, {"reason": "短"})
    assert (short.status_code, second.dues.count()) == (422, 0)
    done = client.post(here, {"reason": "入选的人放弃了名额"}, follow=True).text
    assert "已递补，已通知本人。" in done
    second.refresh_from_db()
    assert (second.state, second.dues.count()) == ("awarded", 2)
    again = client.post(here, {"reason": "入选的人放弃了名额"}, follow=True).text
    assert ("已递补" in again, second.dues.count()) == (False, 2)
