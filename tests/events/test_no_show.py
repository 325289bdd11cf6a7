"""Who did not come and did not say so: off unless switched on, told before, ends by itself, never the queue's fault."""

from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from events import operations, personal_data, rules
from events.models import Booking, BookingHold, NoShowRule
from events.operations import at_once, no_show
from kernel.errors import Conflict, Invalid, Refused
from kernel.portal import Person
from notices.models import Notice
from privacy import audit
from privacy.models import AuditEntry
from talents import operations as talents
from tests import factories
from tests.factories import NOW
from tests.talents.test_verification import decide_together
from tests.waits import until_waiting

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TERMS = {"absences": 2, "months": 6, "weeks": 4, "days_before": 3}


def switch_on(department=None, now=NOW - 30 * DAY, **terms):
    return operations.set_no_show_rule(
        department=department, terms=TERMS | terms, reason="席位紧张，多次空席", by=None, now=now
    )


def miss(her, back=2, now=NOW, **fields):
    """Let her miss an event that ended `back` days ago; returns her booking."""
    event = factories.event(starts_at=now - back * DAY, booking_opens_at=now - 40 * DAY, **fields)
    booking = factories.booking(event, talent=her, now=now - (back + 1) * DAY)
    operations.settle_event(event=event, now=now)
    return Booking.objects.select_related("event", "talent__user").get(pk=booking.pk)


def hold(her):
    return BookingHold.objects.filter(user=her.user).first()


def why(event, her, at=NOW):
    error = rules.why_not_yet(event, no_show.holds_of(her), at)
    return error and error.code


def book(event, her, at=NOW, by="herself", **more):
    by = her.user if by == "herself" else by
    return operations.book(event=event, talent=her, by=by, now=at, **more)


def test_off_it_follows_nothing_and_nobody_is_told():
    her = factories.talent()
    for back in (2, 3, 4):
        miss(her, back)
    assert (hold(her), Notice.objects.filter(kind="events.absent").count()) == (None, 0)
    assert book(factories.event(), her).state == "confirmed"


def test_after_the_first_she_is_told_after_the_second_she_books_late_only():
    switch_on()
    her = factories.talent()
    first = miss(her, 4)
    told = Notice.objects.get(kind="events.absent")
    assert (told.recipient, told.link, hold(her)) == (
        her.user,
        f"/events/mine/{first.code}/explain/",
        None,
    )
    assert (told.context["count"], told.context["absences"]) == (1, 2)
    second = miss(her, 2)
    assert hold(her).until == second.event.ends_at + timedelta(weeks=4)
    far, near = factories.event(starts_at=NOW + 9 * DAY), factories.event(starts_at=NOW + 3 * DAY)
    assert (why(far, her), why(near, her)) == ("booking_later", None)
    with pytest.raises(Conflict) as error:
        book(far, her)
    assert error.value.code == "booking_later"
    assert (far.bookings.count(), book(near, her).state) == (0, "confirmed")
    assert book(far, her, at=far.starts_at - 3 * DAY).state == "confirmed"


def test_it_ends_by_itself():
    switch_on()
    her = factories.talent()
    miss(her, 4)
    last = miss(her, 2).event.ends_at
    far = factories.event(starts_at=NOW + 60 * DAY)
    assert why(far, her, last + timedelta(weeks=4, seconds=-1)) == "booking_later"
    assert why(far, her, last + timedelta(weeks=4)) is None


@pytest.mark.parametrize("how", ["explained", "corrected", "excused by staff"])
def test_what_was_no_absence_holds_nobody(how):
    switch_on()
    her = factories.talent()
    miss(her, 4)
    second = miss(her, 2)
    assert hold(her).stands(NOW) is True
    if how == "explained":
        operations.explain_absence(booking=second, absence="family", by=her.user, now=NOW)
    else:
        outcome = "attended" if how == "corrected" else "excused"
        operations.correct_attendance(
            booking=second, outcome=outcome, reason="同事证明", by=None, now=NOW
        )
    assert hold(her).stands(NOW) is False
    assert book(factories.event(starts_at=NOW + 9 * DAY), her).state == "confirmed"
    if how == "corrected":
        operations.correct_attendance(
            booking=second, outcome="absent", reason="看错了人", by=None, now=NOW
        )
        assert hold(her).stands(NOW) is True


def test_offers_that_ran_out_and_places_in_the_queue_never_count():
    switch_on()
    her, now = factories.talent(), NOW
    for back in (2, 3, 4):
        event = factories.event(
            starts_at=now - back * DAY, booking_opens_at=now - 40 * DAY, capacity=1, offer_hours=2
        )
        first = factories.booking(event, now=now - 20 * DAY)
        factories.booking(event, talent=her, now=now - 19 * DAY)
        if back == 2:  # her offer runs out; the others stay in the queue
            operations.cancel_booking(booking=first, by=None, now=now - 18 * DAY)
            operations.expire_offers(event=event, now=now - 10 * DAY)
        operations.settle_event(event=event, now=now)
    assert sorted(her.bookings.values_list("state", flat=True)) == [
        "expired",
        "waitlisted",
        "waitlisted",
    ]
    assert hold(her) is None


def test_what_was_before_the_rule_or_too_long_ago_does_not_count():
    her = factories.talent()
    switch_on(now=NOW - 3 * DAY, months=1)
    miss(her, 4)
    miss(her, 2)
    assert hold(her) is None
    later = NOW + 40 * DAY
    miss(her, 2, now=later)
    assert hold(her) is None
    miss(her, 1, now=later)
    assert hold(her).stands(later) is True


def test_a_department_may_have_its_own_and_it_holds_for_its_events_alone():
    other = factories.department("science_innovation")
    switch_on(department=other)
    her = factories.talent()
    for back in (2, 4):
        miss(her, back)
    assert hold(her) is None
    for back in (2, 4):
        miss(her, back, department=other)
    far = {"starts_at": NOW + 9 * DAY}
    assert why(factories.event(department=other, **far), her) == "booking_later"
    assert why(factories.event(**far), her) is None


def test_another_departments_hold_leaves_hers_as_it_is():
    science = factories.department("science_innovation")
    union = factories.event().department
    her, later = factories.talent(), NOW + 9 * DAY
    coming = {d: factories.event(department=d, starts_at=later) for d in (science, union)}
    for department in (science, union):
        switch_on(department=department)
        for back in (2, 4):
            miss(her, back, department=department)
    assert [why(event, her) for event in coming.values()] == ["booking_later"] * 2
    held = BookingHold.objects.get(department=union)
    admin = factories.staff("administrator")
    operations.lift_hold(hold=held, reason="孩子住院，已说明", by=admin, now=NOW)
    assert [why(event, her) for event in coming.values()] == ["booking_later", None]


def test_of_two_rules_the_later_day_counts():
    department = factories.event().department
    her, event = factories.talent(), factories.event(starts_at=NOW + 9 * DAY)
    for owner, days in ((department, 5), (None, 2)):
        BookingHold.objects.create(
            user=her.user,
            department=owner,
            days_before=days,
            until=NOW + 20 * DAY,
            absences=2,
            made_at=NOW,
        )
    at = event.starts_at
    found = [why(event, her, at - days * DAY) for days in (6, 4, 2)]
    assert found == ["booking_later", "booking_later", None]


def test_two_records_made_one_answer_for_the_absences_of_both_and_apart_each_for_its_own():
    switch_on()
    keep, lose = factories.talent(user=None), factories.talent()
    miss(keep, 4)
    miss(lose, 2)
    her = lose.user
    assert hold(lose) is None
    merged = talents.merge_records(keep=keep, lose=lose, reason="同一人的两份", by=None, now=NOW)
    keep.refresh_from_db()
    assert (keep.user, hold(keep).stands(NOW), hold(keep).absences) == (her, True, 2)
    talents.undo_merge(merge=merged, reason="经核对不是同一人", by=None, now=NOW)
    assert BookingHold.objects.get(user=her).stands(NOW) is False


def test_a_merge_takes_her_hold_to_the_record_that_is_kept():
    switch_on()
    keep, lose = factories.talent(user=None), factories.talent()
    for back in (2, 4):
        miss(lose, back)
    far = factories.event(starts_at=NOW + 9 * DAY)
    merged = talents.merge_records(keep=keep, lose=lose, reason="同一人的两份", by=None, now=NOW)
    keep.refresh_from_db()
    assert why(far, keep) == "booking_later"
    talents.undo_merge(merge=merged, reason="经核对不是同一人", by=None, now=NOW)
    lose.refresh_from_db()
    assert why(far, lose) == "booking_later"


def test_staff_book_for_her_beside_it_and_lift_it_with_a_reason():
    switch_on()
    her, far = factories.talent(), factories.event(starts_at=NOW + 9 * DAY)
    for back in (2, 4):
        miss(her, back)
    with pytest.raises(Conflict):
        book(far, her, by=None)
    assert book(far, her, by=far.organiser, exempt="主讲人助手").state == "confirmed"
    admin = factories.staff("administrator")
    with pytest.raises(Invalid):
        operations.lift_hold(hold=hold(her), reason="", by=admin, now=NOW)
    operations.lift_hold(hold=hold(her), reason="孩子住院，已说明", by=admin, now=NOW)
    with pytest.raises(Conflict):
        operations.lift_hold(hold=hold(her), reason="孩子住院，已说明", by=admin, now=NOW)
    assert book(factories.event(starts_at=NOW + 9 * DAY), her).state == "confirmed"
    miss(her, 1, now=NOW + DAY)
    assert hold(her).stands(NOW + DAY) is False  # what was before does not count any more
    with pytest.raises(Refused) as error:
        own = BookingHold.objects.create(
            user=admin, days_before=3, until=NOW + DAY, absences=2, made_at=NOW
        )
        operations.lift_hold(hold=own, reason="我自己来", by=admin, now=NOW)
    assert error.value.code == "own_hold"


def test_switched_off_whoever_was_held_back_books_at_once():
    rule = switch_on()
    her = factories.talent()
    for back in (2, 4):
        miss(her, back)
    operations.end_no_show_rule(rule=rule, reason="试行结束", by=None, now=NOW)
    assert why(factories.event(starts_at=NOW + 9 * DAY), her) is None
    with pytest.raises(Conflict):
        operations.end_no_show_rule(rule=rule, reason="试行结束", by=None, now=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", [False, True])
def test_two_who_set_a_rule_at_once_leave_one_and_the_other_is_told(before, monkeypatch):
    if before:
        switch_on(now=NOW - 60 * DAY)
    record, entered = audit.record, []

    def slow(*args, **kwargs):
        entered.append(args)
        if len(entered) == 1:  # the first does not end before the other waits for it
            until_waiting()
        return record(*args, **kwargs)

    monkeypatch.setattr(audit, "record", slow)

    def step(weeks):
        return SimpleNamespace(state=switch_on(weeks=weeks).weeks)

    answers = decide_together([partial(step, weeks) for weeks in (2, 3)])
    (rule,) = NoShowRule.objects.in_force()
    assert sorted(answers, key=str) == [rule.weeks, "rule_just_set"]


def test_a_new_rule_ends_the_old_and_numbers_have_bounds():
    old = switch_on()
    new = switch_on(weeks=2)
    old.refresh_from_db()
    assert (old.ended_at, list(NoShowRule.objects.in_force())) == (NOW - 30 * DAY, [new])
    for name, number in (("absences", 1), ("weeks", 27), ("months", 0), ("days_before", None)):
        with pytest.raises(Invalid) as error:
            switch_on(**{name: number})
        assert error.value.field == name


def test_the_plain_booking_is_one_statement_still_and_asks_the_rule():
    her, event = factories.talent(), factories.event(starts_at=NOW + 9 * DAY)
    with CaptureQueriesContext(connection) as queries:
        assert at_once.book_herself(event, her, NOW, None).state == "confirmed"
    assert len(queries) == 1
    held = factories.talent()
    BookingHold.objects.create(
        user=held.user, days_before=3, until=NOW + DAY, absences=2, made_at=NOW
    )
    assert at_once.book_herself(event, held, NOW, None) is None
    assert at_once.book_herself(event, held, NOW + DAY, None).state == "confirmed"


def test_she_reads_why_and_from_when_and_is_offered_what_she_may_book(client):
    now = timezone.now()
    switch_on(now=now - 30 * DAY)
    her = factories.talent(research_fields=["智能制造"])
    for back in (2, 4):
        miss(her, back, now=now)
    far = factories.event(starts_at=now + 9 * DAY, booking_opens_at=now - DAY)
    client.force_login(her.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/events/{far.code}/").content.decode()
    assert ("只能在活动开始前 3 天内报名" in page, f"/events/{far.code}/book/" in page) == (
        True,
        False,
    )
    mine = client.get("/events/mine/").content.decode()
    assert ("只能在活动开始前 3 天内报名" in mine, mine.count("说明原因")) == (True, 3)
    client.post(f"/events/{far.code}/book/", {"key": "x"})
    assert far.bookings.count() == 0


def test_who_is_erased_leaves_no_hold():
    switch_on()
    her = factories.talent()
    for back in (2, 4):
        miss(her, back)
    personal_data.erase(Person(her.user, (her,), "pseudonym"), NOW)
    assert hold(her) is None


def test_an_administrator_switches_it_on_and_off_and_nobody_else(client):
    admin = factories.staff("administrator")
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    where = reverse("admin:events_noshowrule_add")
    form = {"department": "", "reason": "席位紧张，多次空席", **TERMS}
    asked = client.get(where).content.decode()
    assert ("全部部门" in asked, 'name="days_before" value="3"' in asked) == (True, True)
    assert client.post(where, form).status_code == 302
    rule = NoShowRule.objects.get()
    assert (rule.absences, rule.days_before, rule.is_in_force) == (2, 3, True)
    page = client.get(reverse("admin:events_noshowrule_changelist")).content.decode()
    assert "6 个月内 2 次没有请假也没有到场的" in page
    end = reverse("admin:events_noshowrule_end", args=[rule.pk])
    client.post(end, {"reason": "试行结束"})
    rule.refresh_from_db()
    assert rule.is_in_force is False
    entries = AuditEntry.objects.filter(action__contains="no_show").order_by("pk")
    assert [(e.action, e.reason) for e in entries] == [
        ("events.set_no_show_rule", "席位紧张，多次空席"),
        ("events.end_no_show_rule", "试行结束"),
    ]
    organiser = factories.staff("event_organiser")
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(where, form).status_code == 403
    assert no_show.rule_of(factories.event()) is None
