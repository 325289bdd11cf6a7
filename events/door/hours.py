"""The leader's page after an activity of volunteers: how long each served, proposed from check-in and check-out."""

from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from care_points import hours_words
from care_points import operations as care_points
from events import operations, rules, volunteering
from events.door.pages import at_door
from kernel.access import needs
from kernel.errors import DomainError


@needs("events.check_in_booking")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request, code):
    """Show who came and for how long; take the hours (`hours-<booking>`), or take one record back (`withdraw`)."""
    event = at_door(request, code)
    people = volunteering.volunteers(event)
    typed, errors = {}, {}
    if "withdraw" in request.POST:
        errors = _withdrawn(request, people)
    elif request.method == "POST":
        typed = {p.booking.code: request.POST.get(f"hours-{p.booking.code}", "") for p in people}
        errors = _recorded(request, event, people, typed)
    if request.method == "POST" and not errors:
        return redirect("door_hours", code=event.code)
    now = timezone.now()
    context = {
        "event": event,
        "rows": [_row(p, typed, errors, request.user) for p in people],
        "error": errors.get(""),
        "why_not": rules.why_not_record_volunteers(event, now),
        "to_record": any(not p.is_recorded for p in people),
    }
    return render(request, "events/door_hours.html", context, status=422 if errors else 200)


def _recorded(request, event, people, typed):
    """Record what was typed; returns the sentences why not, by the booking's code ("" for all of them)."""
    sent, errors = {}, {}
    for person in people:
        text = typed[person.booking.code].strip()
        if text and not person.is_recorded:
            try:
                sent[person.booking.code] = _half_hours(text)
            except ValueError:
                errors[person.booking.code] = _("请填写 0.5 的倍数，如 1.5；没有服务的留空。")
    if errors:
        return errors
    if not sent:
        return {"": _("没有新的时长可以登记。")}
    try:
        noted = operations.record_volunteers(
            event=event, hours=sent, by=request.user, now=timezone.now()
        )
    except DomainError as error:
        return {error.field if error.field in sent else "": str(error)}
    sentence = ngettext(
        "已登记 %(n)s 人的时长，等同事确认后计入积分。",
        "已登记 %(n)s 人的时长，等同事确认后计入积分。",
        len(noted),
    )
    messages.success(request, sentence % {"n": len(noted)})
    return {}


def _half_hours(text):
    """Return typed hours as half hours; raises ValueError for what is no multiple of a half hour."""
    try:
        halves = Decimal(text) * 2
        if not halves.is_finite() or halves != int(halves):
            raise ValueError(text)
    except InvalidOperation:
        raise ValueError(text) from None
    return int(halves)


def _withdrawn(request, people):
    """Take back one record that waits; returns the sentence why not."""
    code = request.POST["withdraw"]
    row = next((p.hours for p in people if p.hours and p.booking.code == code), None)
    if row is None:
        raise Http404
    try:
        care_points.withdraw_hours(hours=row, by=request.user, now=timezone.now())
    except DomainError as error:
        return {code: str(error)}
    messages.success(request, _("已撤回，可以重新填写。"))
    return {}


def _row(person, typed, errors, user):
    """Return what the page shows of one volunteer."""
    code = person.booking.code
    proposed = f"{person.proposed / 2:g}" if person.proposed else ""
    return {
        "booking": person.booking,
        "hours": person.hours,
        "record": person.hours and hours_words.record(person.hours),
        "is_recorded": person.is_recorded,
        "is_own": person.booking.talent.user_id == user.pk,
        "proposed": proposed,
        "value": typed.get(code, proposed),
        "error": errors.get(code),
        "may_withdraw": person.hours is not None
        and person.hours.state == "recorded"
        and care_points.why_not_withdraw(person.hours, user) is None,
    }
