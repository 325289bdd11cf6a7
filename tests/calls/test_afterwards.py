"""What is due after an award: laid down, made once, handed in, settled, paid, closed with the result."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from calls import afterwards_rules as after
from calls import operations, personal_data, queue, tasks
from calls.models import Due, DueFile, FollowStep, Payment
from calls.operations import following, settling
from kernel.errors import Conflict, DomainError, Invalid, Refused
from kernel.portal import Person
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.calls import make
from tests.waits import beside

NOW, DAY = factories.NOW, timedelta(days=1)
TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


def fresh(*rows):
    """Return rows as they stand."""
    return [type(row).objects.get(pk=row.pk) for row in rows]


def states(*rows):
    return [row.state for row in fresh(*rows)]


def told(due):
    """Return what she was told, in order, after that she was selected."""
    kinds = Notice.objects.filter(recipient=due.application.talent.user).order_by("pk")
    return [one.removeprefix("calls.") for one in kinds.values_list("kind", flat=True)][3:]


def refused(operation, **given):
    """Return the code an operation refuses with, None where it does not."""
    try:
        with transaction.atomic():
            operation(**{"by": None, "now": NOW} | given)
    except DomainError as error:
        return error.code
    return None


# --- laid down -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "values, code",
    [
        ({"title": " "}, "title_missing"),
        ({"days": 0}, "days_wrong"),
        ({"days": -1}, "days_wrong"),
        ({"amount": Decimal(5)}, "amount_of_report"),
        (make.PAYMENT | {"amount": None}, "amount_missing"),
        (make.PAYMENT | {"amount": Decimal(0)}, "amount_not_above_zero"),
        (make.PAYMENT | {"amount": Decimal(-1)}, "amount_not_above_zero"),
        (make.PAYMENT | {"amount": Decimal("1.005")}, "amount_fraction"),
        (make.PAYMENT | {"amount": Decimal("NaN")}, "amount_fraction"),
        (make.PAYMENT | {"amount": Decimal("1e11")}, "amount_above"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused_in_a_sentence(values, code):
    draft = make.draft()
    given = {"call": draft, "values": make.REPORT | values}
    assert refused(operations.save_step, **given) == code
    assert draft.follow_steps.count() == 0


def test_steps_are_changed_moved_and_removed_in_a_draft_and_copied_with_it():
    draft = make.draft()
    first, second = make.step(draft, title="甲"), make.step(draft, title="乙")
    assert refused(operations.save_step, call=draft, values=make.REPORT | {"title": "乙"}) == (
        "step_twice"
    )
    operations.save_step(call=draft, step=first, values={"days": 9}, by=None, now=NOW)
    operations.move_step_up(step=second, by=None, now=NOW)
    operations.move_step_up(step=second, by=None, now=NOW)
    assert list(draft.follow_steps.values_list("title", "days")) == [("乙", 60), ("甲", 9)]
    times = {"opens_at": NOW, "closes_at": NOW + DAY}
    copy = operations.copy_call(call=draft, **times, by=None, now=NOW)
    assert list(copy.follow_steps.values_list("title", "days")) == [("乙", 60), ("甲", 9)]
    operations.remove_step(step=second, by=None, now=NOW)
    assert [one.title for one in draft.follow_steps.all()] == ["甲"]


def test_once_it_is_open_the_steps_are_frozen_by_rule_and_by_trigger():
    call = make.with_steps()
    step = call.follow_steps.first()
    assert refused(operations.save_step, call=call, step=step, values={"days": 9}) == "call_frozen"
    assert refused(operations.remove_step, step=step) == "call_frozen"
    for write in (
        lambda: FollowStep.objects.filter(pk=step.pk).update(days=9),
        lambda: FollowStep.objects.filter(pk=step.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


# --- made ------------------------------------------------------------------------------------------
def test_each_who_is_selected_has_her_steps_once_and_nobody_else_has():
    begin, steps = NOW - 20 * DAY, (make.REPORT, make.PAYMENT)
    call = make.with_steps(begin, steps, closes_at=NOW - DAY)
    rows = [make.accepted(call, now=begin) for _ in range(4)]
    for row, result in zip(rows, ("awarded", "awarded", "reserve", "not_awarded"), strict=True):
        operations.decide_application(application=row, result=result, by=None, now=begin)
    for _twice in range(2):
        operations.conclude_call(call=call, by=None, now=NOW)
    assert [row.dues.count() for row in rows] == [2, 2, 0, 0]
    report, payment = rows[0].dues.all()
    assert (report.state, report.due_on) == ("open", TODAY + 60 * DAY)
    assert (payment.state, payment.due_on) == ("waiting", None)
    assert AuditEntry.objects.filter(action="calls.make_due").count() == 4
    assert told(report) == ["due_asked"]
    assert Notice.objects.filter(kind="calls.due_asked").count() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_making_them_costs_the_same_for_many(count, django_assert_num_queries):
    begin = NOW - 20 * DAY
    call = make.with_steps(begin, closes_at=NOW - DAY)
    rows = [make.awarded(call, now=begin) for _ in range(count)]
    for row in rows:
        row.state = "awarded"
        row.talent.user  # noqa: B018 (read before)
    with django_assert_num_queries(4):
        following.make_dues(call, rows, NOW)


def test_who_moves_up_from_reserve_is_told_and_has_the_same_steps_once():
    first, second = make.reserve(places=1)
    given = {"application": second, "reason": "入选的人放弃了名额"}
    assert refused(operations.move_up, **given) == "places_taken"
    assert refused(operations.move_up, **given | {"application": first}) is None
    operations.note_taken_back(application=first, taken_back=True, now=NOW)
    assert refused(operations.move_up, **given | {"reason": "短"}) == "reason_missing"
    for _twice in range(2):
        operations.move_up(**given, by=None, now=NOW + DAY)
    second.refresh_from_db()
    assert (second.state, second.result) == ("awarded", "awarded")
    report = second.dues.first()
    assert [due.state for due in second.dues.all()] == ["open", "waiting"]
    assert report.due_on == TODAY + 61 * DAY
    assert told(report) == ["awarded", "due_asked"]  # behind what she was told as one on reserve
    assert AuditEntry.objects.get(action="calls.move_up").reason == "入选的人放弃了名额"


def test_nobody_moves_up_before_the_results_past_a_notice_or_from_elsewhere():
    waiting = make.accepted(make.with_steps())
    given = {"reason": "入选的人放弃了名额"}
    assert refused(operations.move_up, application=waiting, **given) == "call_not_decided"
    _first, second = make.reserve()
    type(second).objects.filter(pk=second.pk).update(state="not_awarded", result="not_awarded")
    second.refresh_from_db()
    assert refused(operations.move_up, application=second, **given) == "not_reserve"


# --- handed in, settled ----------------------------------------------------------------------------
def test_report_then_payment_step_by_step():
    report, payment = make.dues()
    due = make.due_in(report)
    assert (due.state, due.handed_in_at) == ("handed_in", NOW)
    operations.accept_due(due=due, by=None, now=NOW + DAY)
    report, payment = fresh(report, payment)
    assert (report.state, report.settled_at) == ("accepted", NOW + DAY)
    assert (payment.state, payment.due_on) == ("open", TODAY + 31 * DAY)
    operations.pay_due(due=payment, **make.PAID, by=None, now=NOW + DAY)
    (payment,) = fresh(payment)
    assert payment.state == "paid"
    said = payment.payments.values_list("amount", "paid_on", "reference")
    assert list(said) == [(Decimal("8000.00"), TODAY, "记字第12号")]
    assert told(report) == ["due_asked", "due_received", "due_accepted", "due_paid"]
    done = AuditEntry.objects.filter(object_type="calls.due").exclude(action="calls.make_due")
    assert list(done.order_by("pk").values_list("action", "object_id")) == [
        ("calls.hand_in_due", str(report.pk)),
        ("calls.accept_due", str(report.pk)),
        ("calls.pay_due", str(payment.pk)),
    ]


def test_doing_a_thing_twice_does_it_once():
    report, payment = make.dues()
    for _twice in range(2):
        operations.hand_in_due(due=make.due_in(report), by=None, now=NOW)
    for _twice in range(2):
        operations.accept_due(due=report, by=None, now=NOW)
    for _twice in range(2):
        operations.pay_due(due=payment, **make.PAID, by=None, now=NOW)
    assert Payment.objects.count() == 1
    assert told(report) == ["due_asked", "due_received", "due_accepted", "due_paid"]


def test_a_payment_never_comes_before_its_evidence_by_rule_and_by_trigger():
    report, payment = make.dues()
    make.due_in(report)
    assert refused(operations.pay_due, due=payment, **make.PAID) == "not_its_turn"
    for state in ("open", "paid"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Due.objects.filter(pk=payment.pk).update(state=state, settled_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(due=payment, **make.PAID, noted_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Due.objects.filter(pk=report.pk).update(state="paid", settled_at=NOW)


@pytest.mark.parametrize(
    "values, code",
    [
        ({"amount": Decimal(0)}, "amount_not_above_zero"),
        ({"amount": Decimal(-1)}, "amount_not_above_zero"),
        ({"amount": Decimal("1.005")}, "amount_fraction"),
        ({"amount": Decimal("8000.01")}, "amount_above"),
        ({"paid_on": TODAY - DAY}, "paid_before_decision"),
        ({"paid_on": TODAY + DAY}, "paid_in_future"),
        ({"reference": "  "}, "reference_missing"),
        ({"reference": "凭" * 61}, "reference_long"),
    ],
)
def test_a_payment_that_cannot_be_is_refused_and_nothing_is_noted(values, code):
    report, payment = make.dues()
    operations.accept_due(due=make.due_in(report), by=None, now=NOW)
    assert refused(operations.pay_due, due=payment, **make.PAID | values) == code
    assert (states(payment), Payment.objects.count()) == (["open"], 0)


def test_more_than_was_laid_down_is_not_paid_whoever_writes_it():
    payment = make.paid()
    for change in ({"amount": Decimal("8000.01")}, {"amount": Decimal(0)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            payment.payments.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(due=payment, **make.PAID, noted_at=NOW)


def test_a_note_that_was_wrong_is_put_right_and_stays_with_the_reason():
    payment = make.paid()
    right = make.PAID | {"amount": Decimal("7650.50")}
    assert (
        refused(operations.correct_payment, due=payment, **right, reason="错") == "reason_missing"
    )
    operations.correct_payment(due=payment, **right, reason="少住一晚，按实报销", by=None, now=NOW)
    rows = list(payment.payments.values_list("amount", "taken_back_at", "taken_back_reason"))
    assert rows == [
        (Decimal("8000.00"), NOW, "少住一晚，按实报销"),
        (Decimal("7650.50"), None, ""),
    ]
    operations.take_payment_back(due=payment, reason="登记到别人名下了", by=None, now=NOW)
    assert (states(payment), payment.payments.filter(taken_back_at=None).count()) == (["open"], 0)
    operations.pay_due(due=payment, **make.PAID, by=None, now=NOW)
    assert (states(payment), payment.payments.count()) == (["paid"], 3)


def test_it_goes_back_with_a_list_and_a_day_and_comes_again():
    report, _payment = make.dues()
    due = make.due_in(report)
    later = TODAY + 90 * DAY
    given = {"due": due, "lacking": "写明日期\n\n 附上行程单 ", "due_on": later}
    assert refused(operations.return_due, **given | {"lacking": " \n "}) == "nothing_lacking"
    assert refused(operations.return_due, **given | {"due_on": TODAY - DAY}) == (
        "due_before_decision"
    )
    operations.return_due(**given, by=None, now=NOW)
    (due,) = fresh(due)
    assert (due.state, due.due_on, due.lacking_lines) == (
        "returned",
        later,
        ["写明日期", "附上行程单"],
    )
    assert make.due_in(due, NOW + DAY, text="补了日期").state == "handed_in"
    operations.withdraw_due(due=due, by=None, now=NOW)
    assert states(due) == ["returned"]
    assert told(report) == ["due_asked", "due_received", "due_returned", "due_received"]


def test_what_waits_for_staff_she_corrects_and_staff_do_not_accept_what_they_have_not_read():
    report, _payment = make.dues()
    due = make.due_in(report)
    seen = after.version(due)
    assert refused(operations.write_due, due=due, text="  ") == "text_missing"
    operations.write_due(due=due, text="改过的报告", by=None, now=NOW + DAY)
    assert refused(operations.accept_due, due=due, seen=seen) == "changed_since"
    seen = after.version(*fresh(due))
    operations.accept_due(due=due, seen=seen, by=None, now=NOW + DAY)
    assert refused(operations.write_due, due=due, text="再改") == "due_settled"
    assert fresh(due)[0].text == "改过的报告"


@pytest.mark.parametrize(
    "text, code", [("", "text_missing"), (" ", "text_missing"), ("长" * 51, "text_long")]
)
def test_what_is_incomplete_is_not_handed_in(text, code):
    report, payment = make.dues()
    with pytest.raises(Invalid) as error:
        make.due_in(report, text=text)
    assert (error.value.code, error.value.field, states(report)) == (code, "text", ["open"])
    with pytest.raises(Conflict) as error:
        make.due_in(payment)
    assert error.value.code == "nothing_to_write"


def test_files_are_what_their_content_says_and_as_many_as_there_may_be():
    report, _payment = make.dues(steps=(make.REPORT | {"needs_file": True}, make.PAYMENT))
    with pytest.raises(Invalid) as error:
        make.due_in(report)
    assert (error.value.code, error.value.field) == ("files_missing", "files")

    def attach(*sent):
        return operations.attach_to_due(due=report, sent=sent, by=None, now=NOW)

    for name, data, code in (
        ("报告.pdf", b"MZ not a pdf", "file_type"),
        ("报告.png", make.PDF, "file_not_what_it_says"),
        ("报告.pdf", make.PDF[:40], "document_unreadable"),
        ("报告.pdf", make.PDF + b" " * (5 << 20), "file_too_large"),
    ):
        with pytest.raises(Invalid) as error:
            attach(("好的.pdf", make.PDF), (name, data))
        assert (error.value.code, DueFile.objects.count()) == (code, 0)
    for _twice in range(2):
        (file,) = attach(("行程单.pdf", make.PDF))
    assert DueFile.objects.count() == 1
    assert operations.read_due_file(file=file, by=None) == ("行程单.pdf", make.PDF)
    with pytest.raises(Invalid) as error:
        attach(*((f"{n}.pdf", make.PDF) for n in range(5)))
    assert error.value.code == "files_many"
    due = make.due_in(report)
    assert refused(operations.detach_from_due, file=file) == "files_missing"
    operations.withdraw_due(due=due, by=None, now=NOW)
    operations.detach_from_due(file=file, by=None, now=NOW)
    assert DueFile.objects.count() == 0


def test_a_day_moves_later_only():
    report, payment = make.dues()
    for day, code in (
        (TODAY - DAY, "due_before_decision"),
        (TODAY, "due_not_later"),
        (report.due_on - DAY, "due_not_later"),
        (date(9999, 1, 1), "due_far"),
    ):
        assert refused(operations.extend_due, due=report, due_on=day) == code
    assert refused(operations.extend_due, due=payment, due_on=TODAY + DAY) == "no_day_yet"
    later = report.due_on + DAY
    for _twice in range(2):
        operations.extend_due(due=report, due_on=later, by=None, now=NOW)
    assert fresh(report)[0].due_on == later
    assert told(report) == ["due_asked", "due_moved"]


def test_a_step_is_waived_with_a_reason_and_the_next_begins_and_back():
    report, payment = make.dues()
    assert refused(operations.waive_due, due=report, reason="") == "reason_missing"
    operations.waive_due(due=report, reason="行程因疫情取消", by=None, now=NOW)
    assert states(report, payment) == ["waived", "open"]
    operations.reopen_due(due=report, reason="行程恢复了", by=None, now=NOW)
    assert states(report, payment) == ["open", "waiting"]
    assert fresh(payment)[0].due_on is None
    operations.accept_due(due=make.due_in(report), by=None, now=NOW)
    operations.reopen_due(due=report, reason="点错了一份", by=None, now=NOW)
    assert states(report, payment) == ["handed_in", "waiting"]
    operations.accept_due(due=report, by=None, now=NOW)
    operations.pay_due(due=payment, **make.PAID, by=None, now=NOW)
    assert refused(operations.reopen_due, due=report, reason="又点错了") == "step_behind"


def test_a_step_that_does_not_need_the_one_before_is_open_from_the_first_day():
    advance = make.PAYMENT | {"title": "预付", "counted_from": "decision", "needs_before": False}
    final = make.PAYMENT | {"title": "尾款", "counted_from": "decision", "days": 5}
    first, report, last = make.dues(steps=(advance, make.REPORT, final))
    assert states(first, report, last) == ["open", "open", "waiting"]
    assert fresh(last)[0].due_on == TODAY + 5 * DAY
    operations.pay_due(due=first, **make.PAID, by=None, now=NOW)
    operations.accept_due(due=make.due_in(report), by=None, now=NOW + 30 * DAY)
    # Its own day is over by then: a week is left for it.
    assert fresh(last)[0].due_on == TODAY + 37 * DAY


# --- the result is taken back ----------------------------------------------------------------------
def test_with_the_result_what_is_open_closes_and_comes_back_as_it_was():
    report, payment = make.dues()
    make.due_in(report)
    application = report.application
    operations.note_taken_back(application=application, taken_back=True, now=NOW)
    assert states(report, payment) == ["closed", "closed"]
    assert refused(operations.accept_due, due=report) == "not_handed_in"
    assert refused(operations.write_due, due=report, text="x") == "due_settled"
    for _twice in range(2):
        operations.note_taken_back(application=application, taken_back=False, now=NOW)
    assert states(report, payment) == ["handed_in", "waiting"]
    assert told(report)[-2:] == ["dues_closed", "dues_open_again"]


def test_what_was_paid_stays_paid_and_a_wrong_note_of_it_closes():
    payment = make.paid()
    application = payment.application
    operations.note_taken_back(application=application, taken_back=True, now=NOW)
    assert states(payment) == ["paid"]
    operations.take_payment_back(due=payment, reason="并没有拨付", by=None, now=NOW)
    assert states(payment) == ["closed"]
    operations.note_taken_back(application=application, taken_back=False, now=NOW)
    assert states(payment) == ["open"]


# --- the clock -------------------------------------------------------------------------------------
def test_she_is_reminded_before_and_after_once_each(monkeypatch):
    report, _payment = make.dues()
    days = []
    for number in range(50, 80):
        at = NOW + number * DAY
        for _hours in range(2):
            monkeypatch.setattr(tasks.timezone, "now", lambda at=at: at)
            tasks.remind_dues()
        if fresh(report)[0].reminded_on == TODAY + number * DAY:
            days.append(number)
    assert days == [53, 59, 61, 74]
    assert told(report) == ["due_asked", "due_soon", "due_soon", "due_late", "due_late"]
    make.due_in(report, NOW + 80 * DAY)
    assert Due.objects.to_remind(TODAY + 200 * DAY).count() == 0


def test_the_queue_says_what_waits_and_what_is_late():
    clerk = factories.staff("department_clerk")
    elsewhere = factories.staff("department_clerk", department_code="science_innovation")
    report, payment = make.dues()
    assert [queue.dues_to_settle(clerk, NOW).count, queue.dues_overdue(clerk, NOW).count] == [0, 0]
    late = NOW + 61 * DAY
    assert (queue.dues_overdue(clerk, late).count, queue.dues_overdue(clerk, late).urgent) == (
        1,
        True,
    )
    make.due_in(report)
    task = queue.dues_to_settle(clerk, NOW)
    assert (task.count, task.since, queue.dues_overdue(clerk, late).count) == (1, NOW, 0)
    operations.accept_due(due=report, by=None, now=NOW)
    assert queue.dues_to_settle(clerk, NOW).count == 1  # to be paid
    assert queue.dues_to_settle(elsewhere, NOW).count == 0
    operations.pay_due(due=payment, **make.PAID, by=None, now=NOW)
    assert queue.dues_to_settle(clerk, NOW).count == 0


# --- who may ---------------------------------------------------------------------------------------
def test_nobody_settles_what_is_due_of_her_own():
    report, payment = make.dues()
    make.due_in(report)
    her = report.application.talent.user
    clerk = factories.staff("department_clerk")
    her.is_staff, her.department = True, clerk.department
    her.save()
    her.groups.set(clerk.groups.all())
    with pytest.raises(Refused) as error:
        operations.accept_due(due=report, by=her, now=NOW)
    assert error.value.code == "own_application"
    assert operations.accept_due(due=report, by=clerk, now=NOW).state == "accepted"
    with pytest.raises(Refused):
        operations.pay_due(due=payment, **make.PAID, by=her, now=NOW)


# --- at once ---------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_lock", [True, False])
def test_two_who_pay_at_once_pay_once(with_lock, monkeypatch):
    """The control reads without the lock: both believe it is unpaid, and only the database keeps the second out."""
    report, payment = make.dues()
    operations.accept_due(due=make.due_in(report), by=None, now=NOW)
    if not with_lock:
        monkeypatch.setattr(settling, "_locked", lambda due, by: fresh(due)[0])

    def pay(reference):
        given = make.PAID | {"reference": reference}
        operations.pay_due(due=payment, **given, by=None, now=NOW)

    met = []

    def second():
        try:
            pay("记字第13号")
        except IntegrityError:
            met.append("kept out")

    assert beside(lambda: pay("记字第12号"), second) == ("paid_already" if with_lock else None)
    assert met == ([] if with_lock else ["kept out"])
    assert [one.reference for one in Payment.objects.all()] == ["记字第12号"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_lock", [True, False])
def test_accepted_while_she_withdraws_one_of_both_happens(with_lock, monkeypatch):
    """The control reads what is due without the lock: it accepts what she has taken back."""
    report, _payment = make.dues()
    make.due_in(report)
    if not with_lock:
        monkeypatch.setattr(settling, "_locked", lambda due, by: fresh(due)[0])

    def withdraw():
        operations.withdraw_due(due=report, by=report.application.talent.user, now=NOW)

    def accept():
        operations.accept_due(due=report, by=None, now=NOW)

    assert beside(withdraw, accept) == ("not_handed_in" if with_lock else None)
    assert states(report) == (["open"] if with_lock else ["accepted"])


# --- her data --------------------------------------------------------------------------------------
def test_of_her_who_is_erased_no_word_is_left_and_what_was_paid_stays():
    report, _payment = make.dues()
    operations.attach_to_due(due=report, sent=[("行程.pdf", make.PDF)], by=None, now=NOW)
    due = make.due_in(report)
    operations.return_due(due=due, lacking="林晓的签名", due_on=TODAY + 9 * DAY, by=None, now=NOW)
    talent = report.application.talent
    groups = {str(g.title): g.rows.count() for g in personal_data.collect(talent.user)}
    assert [groups[n] for n in ("入选后事项", "入选后提交的文件", "拨付记录")] == [2, 1, 0]
    names = [name for name, _data in personal_data.files(talent.user)]
    assert [name.endswith("行程.pdf") for name in names] == [True]
    personal_data.erase(Person(talent.user, (talent,), "已删除用户 7"), NOW)
    (due,) = fresh(due)
    assert (due.state, due.text, due.lacking, due.files.count()) == ("closed", None, None, 0)


def test_erased_after_a_payment_the_sum_is_left():
    payment = make.paid()
    talent = payment.application.talent
    assert len(personal_data.lost(Person(talent.user, (talent,), "x"), NOW)) == 2
    personal_data.erase(Person(talent.user, (talent,), "已删除用户 7"), NOW)
    assert list(Payment.objects.values_list("amount", flat=True)) == [Decimal("8000.00")]
    assert states(payment) == ["paid"]


def test_words_are_kept_for_three_years_from_when_it_was_settled():
    report, _payment = make.dues()
    operations.accept_due(due=make.due_in(report), by=None, now=NOW)
    assert list(personal_data.old_dues(NOW)) == []
    assert list(personal_data.old_dues(NOW + DAY)) == [report]
    personal_data.drop_due_words(personal_data.old_dues(NOW + DAY))
    (due,) = fresh(report)
    assert (due.state, due.text) == ("accepted", None)
    assert list(personal_data.old_dues(NOW + DAY)) == []


@pytest.mark.parametrize("had_back", ["withdrawn", "returned", "handed in"])
def test_a_waiver_taken_back_leaves_a_report_where_it_was(had_back):
    report, _payment = make.dues()
    make.due_in(report)
    if had_back == "withdrawn":
        operations.withdraw_due(due=report, by=None, now=NOW)
    if had_back == "returned":
        operations.return_due(
            due=report, lacking="缺票据", due_on=TODAY + 30 * DAY, by=None, now=NOW
        )
    before = Due.objects.get(pk=report.pk).state
    operations.waive_due(due=report, reason="行程取消，不用报告", by=None, now=NOW)
    operations.reopen_due(due=report, reason="行程恢复了", by=None, now=NOW)
    assert Due.objects.get(pk=report.pk).state == before
    assert (
        before == {"withdrawn": "open", "returned": "returned", "handed in": "handed_in"}[had_back]
    )
