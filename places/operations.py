"""Places are kept by staff: saved, checked, their other hours entered and taken back.

`by` is a User or None (the system), `now` an aware datetime. Changing nothing records nothing.
"""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel import portal, rights
from kernel.errors import Conflict, Invalid, Refused, raise_if
from places.holidays import entered
from places.models import KEEP, CalendarDays, OtherHours, Place
from privacy import audit, changing

PLACE_FIELDS = (
    "name",
    "address",
    "latitude",
    "longitude",
    "map_link",
    "phone",
    "step_free",
    "has_lift",
    "accessible_toilet",
    "has_parking",
    "access_words",
    "weekly",
    "closed_on_holidays",
    "active",
)
LONGEST = 366  # days one entry of other hours may be about


def why_not_keep(unit, by, verb="change_place"):
    """Say why `by` may not write a place: staff who keep places do all; of a unit's (None: nobody's) its contact does."""
    if by is None or (by.is_staff and by.has_perm(f"places.{verb}")):
        return None
    if unit is not None and by.has_perm(KEEP) and (by.is_staff or by.unit_id == unit.pk):
        return None
    return Refused("not_allowed", _("只有维护场所的工作人员和所属单位的联系人可以修改场所信息。"))


def why_not_verify(place, by):
    """Say why `by` may not note that a place was checked: never the unit's own contact."""
    if by is None or by.is_staff:
        return why_not_keep(place.unit, by)
    return Refused("not_allowed", _("场所信息由工作人员核实。"))


@transaction.atomic
def save_place(*, place, by, now, unit=None, **fields):
    """Add (`place=None`, of a `unit` or of none) or change a Place; returns it.

    `fields` are of PLACE_FIELDS, `weekly` as places.hours keeps a week. What a member of staff adds counts as
    checked: she has looked. Raises Refused, Conflict("place_there_already").
    """
    verb = changing.verb("place", place)
    raise_if(why_not_keep(place.unit if place else unit, by, verb))
    named = Place.objects.filter(name=fields.get("name")).exclude(pk=place and place.pk)
    if named.exists():
        sentence = _("已有同名的场所，请直接修改它，或换一个名称。")
        raise Conflict("place_there_already", sentence, field="name")
    is_new = place is None
    place, changed = changing.fill(Place, place, fields, PLACE_FIELDS)
    if is_new:
        place.unit = unit
    if is_new and by is not None and by.is_staff:
        place.verified_at, place.verified_by = now, by
    if changed:
        place.save()
    changing.record(f"places.{verb}", place, changed, by=by, at=now)
    return place


@transaction.atomic
def export_places(*, rows, by, now):
    """Return the Places of `rows`, to be written out; the audit log keeps how many. Raises Refused."""
    rights.require(by, "places.view_place")
    found = list(rows.select_related("verified_by").order_by("name"))
    if found:
        audit.record("places.export_places", found[0], by=by, at=now, rows=len(found))
    return found


@transaction.atomic
def verify_place(*, place, by, now):
    """Note that `by` has checked address, phone, hours and access; returns the Place. Raises Refused."""
    raise_if(why_not_verify(place, by))
    place = Place.objects.select_for_update(of=("self",)).get(pk=place.pk)
    place.verified_at, place.verified_by = now, by
    place.save(update_fields=["verified_at", "verified_by"])
    audit.record("places.verify_place", place, by=by, at=now)
    return place


def why_not_other_hours(place, first_day, last_day, at):
    """Return why other hours cannot be entered for these days, as a DomainError, else None."""
    if last_day < first_day:
        return Invalid("days_backwards", _("最后一天不能早于第一天。"), field="last_day")
    if last_day < timezone.localdate(at):
        return Invalid("days_past", _("这几天已经过去，不用再登记。"), field="last_day")
    if (last_day - first_day).days >= LONGEST:
        return Invalid("days_too_many", _("一次最多登记一年。"), field="last_day")
    there = place.other_hours.filter(first_day__lte=last_day, last_day__gte=first_day).first()
    if there:
        sentence = _("其中有的日子已登记为“%(reason)s”，请先撤销那一条。")
        return Conflict("days_entered", sentence % {"reason": there.reason}, field="first_day")
    return None


@transaction.atomic
def add_other_hours(*, place, first_day, last_day, spans, reason, by, now):
    """Say that on these days a place is closed (`spans` empty) or open at other hours; returns the OtherHours.

    `reason` is shown to readers. Raises Refused, and what `why_not_other_hours` returns.
    """
    raise_if(why_not_keep(place.unit, by))
    place = Place.objects.select_for_update(of=("self",)).get(pk=place.pk)
    if error := why_not_other_hours(place, first_day, last_day, now):
        raise error
    other = place.other_hours.create(
        first_day=first_day, last_day=last_day, spans=spans, reason=reason
    )
    days = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    audit.record("places.add_other_hours", place, by=by, at=now, **days)
    return other


@transaction.atomic
def drop_other_hours(*, other, by, now):
    """Take other hours back: these days are as usual again; twice does nothing twice. Raises Refused."""
    raise_if(why_not_keep(other.place.unit, by))
    place = Place.objects.select_for_update(of=("self",)).get(pk=other.place_id)
    deleted, _models = OtherHours.objects.filter(pk=other.pk).delete()
    if deleted:
        days = {"first_day": other.first_day.isoformat(), "last_day": other.last_day.isoformat()}
        audit.record("places.drop_other_hours", place, by=by, at=now, **days)


# --- the calendar of the State Council ----------------------------------------------------------------
MOST_IN_A_ROW = 31
CALENDAR_LOCK = 0x63616C656E646172  # pg_advisory_xact_lock: "calendar"


def why_not_calendar_days(first_day, last_day, at):
    """Return why days cannot be entered as free or made up for, as a DomainError, else None."""
    if last_day < first_day:
        return Invalid("days_backwards", _("最后一天不能早于第一天。"), field="last_day")
    if last_day < timezone.localdate(at):
        return Invalid("days_past", _("这几天已经过去，不用再登记。"), field="last_day")
    if (last_day - first_day).days >= MOST_IN_A_ROW:
        return Invalid("days_too_many", _("一次最多登记 31 天，请分段登记。"), field="last_day")
    there = CalendarDays.objects.filter(first_day__lte=last_day, last_day__gte=first_day).first()
    if there:
        sentence = _("其中有的日子已登记为“%(holiday)s”，请先撤销那一条。")
        return Conflict("days_entered", sentence % {"holiday": there.holiday}, field="first_day")
    return None


@transaction.atomic
def enter_calendar_days(*, first_day, last_day, is_off, name, source, by, now):
    """Say that the State Council made these days free (`is_off`) or working days; returns the CalendarDays.

    Terms counted in working days move later where that makes them longer, never earlier (kernel.portal, field
    `terms`). Raises Refused, and what `why_not_calendar_days` returns.
    """
    rights.require(by, "places.add_calendardays")
    _calendar_alone()
    if error := why_not_calendar_days(first_day, last_day, now):
        raise error
    found = CalendarDays.objects.create(
        first_day=first_day, last_day=last_day, is_off=is_off, name=name, source=source
    )
    audit.record("places.enter_calendar_days", found, by=by, at=now)
    _move_terms(now)
    return found


@transaction.atomic
def drop_calendar_days(*, calendar_days, by, now):
    """Take days entered by mistake back; twice does nothing twice. Raises Refused."""
    rights.require(by, "places.delete_calendardays")
    _calendar_alone()
    found = CalendarDays.objects.filter(pk=calendar_days.pk).first()
    if found:
        words = {"days": str(found)}
        audit.record("places.drop_calendar_days", found, by=by, at=now, **words)
        found.delete()
        _move_terms(now)


def _calendar_alone():
    """Wait for whoever enters days right now, so that the second is told that they are there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CALENDAR_LOCK])


def _move_terms(now):
    """Have the apps move their terms by the calendar as it is now; nothing of it is kept before it is committed."""
    for move in portal.listed("terms"):
        move(now=now)
    entered.forget()
