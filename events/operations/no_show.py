"""The rule about who did not come and did not say so: set, ended, counted, lifted."""

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from events import letters, rules
from events.models import Booking, BookingHold, BookingState, EventState, NoShowRule
from kernel import reasons, rights, rows
from kernel.errors import Conflict, Invalid
from privacy import audit

TERMS = {"absences": (2, 10), "months": (1, 12), "weeks": (1, 26), "days_before": (1, 30)}


@transaction.atomic
def set_no_show_rule(*, department, terms, reason, by, now):
    """Switch the rule on for a Department's events (None: everybody's), with `terms` ({name of TERMS: number}).

    It counts absences of events that end from now on. One that held there is ended. `reason` (≤ 200 characters)
    is kept. Raises Refused, Invalid("terms_unknown"), Conflict("rule_just_set") where two do so at once,
    what kernel.reasons.clean raises. Returns the NoShowRule.
    """
    rights.require(by, "events.add_noshowrule")
    reason = reasons.clean(reason, _("请写明为什么实行这条规则。"))
    for name, (least, most) in TERMS.items():
        if not least <= (terms.get(name) or 0) <= most:
            sentence = _("请填 %(least)s 到 %(most)s 之间的数。") % {"least": least, "most": most}
            raise Invalid("terms_unknown", sentence, field=name)
    for old in NoShowRule.objects.in_force().filter(department=department).select_for_update():
        _end(old, now)
    numbers = {name: terms[name] for name in TERMS}
    rule = NoShowRule(department=department, reason=reason, set_at=now, **numbers)
    if not rows.insert_once(rule):
        sentence = _("刚刚已经设定了一条同样适用范围的规则，请核对后再改。")
        raise Conflict("rule_just_set", sentence)
    audit.record("events.set_no_show_rule", rule, by=by, at=now, reason=reason)
    return rule


@transaction.atomic
def end_no_show_rule(*, rule, reason, by, now):
    """Switch a rule off; whom it holds back may book at once. Raises Refused, Conflict, what kernel.reasons.clean raises."""
    rights.require(by, "events.add_noshowrule")
    rule = NoShowRule.objects.select_for_update().get(pk=rule.pk)
    if error := rules.why_not_end_rule(rule):
        raise error
    reason = reasons.clean(reason, _("请写明为什么停止实行。"))
    _end(rule, now)
    BookingHold.objects.standing(now).filter(department=rule.department).update(until=now)
    audit.record("events.end_no_show_rule", rule, by=by, at=now, reason=reason)
    return rule


def _end(rule, now):
    rule.ended_at = now
    rule.save(update_fields=["ended_at"])


@transaction.atomic
def lift_hold(*, hold, reason, by, now):
    """Let a woman book like everybody before her time is over; what she missed so far does not count any more.

    `reason` (≤ 200 characters) is kept. Raises Refused, Conflict("hold_over"), what kernel.reasons.clean raises.
    """
    rights.require(by, "events.change_bookinghold")
    hold = BookingHold.objects.select_for_update().get(pk=hold.pk)
    if error := rules.why_not_lift(hold, by, now):
        raise error
    hold.lift_reason = reasons.clean(reason, _("请写明解除的原因。"))
    hold.lifted_at = hold.forgiven_at = now
    hold.save(update_fields=["lifted_at", "forgiven_at", "lift_reason"])
    audit.record("events.lift_hold", hold, by=by, at=now, reason=hold.lift_reason)
    return hold


def rule_of(event):
    """Return the NoShowRule that holds for an event, or None. One query."""
    rule = NoShowRule.objects.of_department(event.department_id).first()
    return rule if rule and event.ends_at > rule.set_at else None


def holds_of(talent):
    """Return the BookingHolds of a record's woman, the ended ones too. One query."""
    return list(BookingHold.objects.filter(user=talent.user_id)) if talent.user_id else []


def count_absences(bookings, event, now):
    """Count for these bookings of an event, just noted as absent; tell each where she stands. The caller holds the lock."""
    rule = rule_of(event)
    if rule is None:
        return
    told = []
    # Always in this order: two events that are settled at once lock the same women's holds.
    for booking in sorted(bookings, key=lambda booking: booking.talent.user_id or 0):
        if booking.talent.user_id:
            count = recount(booking.talent, event, now, rule)
            told.append(letters.absent(booking, event, rule, count))
    letters.send(told, now)


def recount(talent, event, now, rule=None):
    """Bring her hold in line with her absences, after one was noted, explained or corrected; returns how many count.

    What she said of an absence, or staff put right, ends a hold that rested on it.
    """
    rule = rule or rule_of(event)
    if rule is None or not talent.user_id:
        return 0
    hers = BookingHold.objects.filter(user=talent.user_id, department=rule.department_id)
    hold = hers.select_for_update().first()
    counted = _counted(talent, rule, hold, now)
    count = counted.count()
    latest = counted.aggregate(at=Max("event__ends_at"))["at"]
    if count < rule.absences:
        if hold and hold.stands(now):
            hold.until = now
            hold.save(update_fields=["until"])
            audit.record("events.end_hold", hold, by=None, at=now)
        return count
    until = latest + relativedelta(weeks=rule.weeks)
    if until > now and not (hold and hold.stands(now) and hold.until >= until):
        _hold(talent, rule, count, until, now)
    return count


def recount_all(talent, now):
    """Do what `recount` does for each rule in force: the record's bookings have become others."""
    for rule in NoShowRule.objects.in_force().order_by("pk"):
        recount(talent, None, now, rule)


def _counted(talent, rule, hold, now):
    """Return her absences that count: of events the rule is about, since it holds and since a hold was lifted."""
    since = max(rule.set_at, now - relativedelta(months=rule.months))
    missed = Booking.objects.filter(
        talent=talent,
        state=BookingState.ABSENT,
        event__state=EventState.PUBLISHED,
        event__ends_at__gt=since,
    )
    if rule.department_id:
        missed = missed.filter(event__department=rule.department_id)
    if hold and hold.forgiven_at:
        missed = missed.filter(event__settled_at__gt=hold.forgiven_at)
    return missed


def _hold(talent, rule, count, until, now):
    fields = {
        "days_before": rule.days_before,
        "until": until,
        "absences": count,
        "made_at": now,
        "lifted_at": None,
        "lift_reason": "",
    }
    whose = {"user_id": talent.user_id, "department": rule.department}
    hold, _new = BookingHold.objects.update_or_create(**whose, defaults=fields)
    audit.record("events.hold_back", hold, by=None, at=now, absences=count)
