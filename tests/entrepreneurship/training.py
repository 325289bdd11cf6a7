"""Training as the tests need it: a programme of events on days that follow, each two hours from 14:00 in Chongqing."""

from datetime import timedelta

from entrepreneurship.learning import operations
from entrepreneurship.learning.models import Enrolment, Programme, TrainingCertificate
from events import operations as events
from events.models import Event, Series
from tests import factories

NOW, DAY, HOUR, MINUTE = (
    factories.NOW,
    timedelta(days=1),
    timedelta(hours=1),
    timedelta(minutes=1),
)
FIRST = NOW + DAY + 4 * HOUR  # 14:00 in Chongqing


def series(name="优秀女企业家培训", **fields):
    """Return a series of the women's federation."""
    fields.setdefault("department", factories.department())
    return Series.objects.create(name=name, created_at=NOW, updated_at=NOW, **fields)


def lesson(of, start, **fields):
    """Return an event of a series that counts."""
    about = {"kind": "training", "series": of, "starts_at": start, "capacity": 50}
    return factories.event(**about | fields)


def programme(lessons=4, required=360, state="open", now=NOW, **fields):
    """Return a programme of lessons of two hours on days that follow."""
    of = fields.pop("series", None) or series()
    for number in range(lessons):
        lesson(of, FIRST + number * DAY)
    values = {"name": "女企业家训练营", "series": of, "minutes_required": required}
    made = operations.add_programme(fields=values | fields, by=None, now=now)
    if state == "open":
        made = operations.open_programme(programme=made, by=None, now=now)
    return made


def module(of, events, required=0, name="金融服务", theme="financial_services", now=NOW):
    """Return a module taught by these events."""
    fields = {"theme": theme, "name": name, "minutes_required": required}
    return operations.add_module(programme=of, fields=fields, events=events, by=None, now=now)


def lessons(of):
    """Return a programme's events, the earliest first."""
    return list(Event.objects.filter(series=of.series_id).order_by("starts_at", "pk"))


def enrolled(of, talent=None, now=NOW):
    """Return a woman's part in a programme."""
    talent = talent or factories.talent()
    return operations.enrol(programme=of, talent=talent, by=None, now=now)


def inside(event, talent, minutes=120, after=0):
    """Book an event and note that she was inside for so many minutes."""
    booking = factories.booking(event, talent)
    came = event.starts_at + after * MINUTE
    events.check_in(booking=booking, by=event.organiser, now=came)
    events.check_out(booking=booking, by=event.organiser, now=came + minutes * MINUTE)
    return booking


def settled(event):
    """Let the night after an event pass."""
    after = night(event)
    events.settle_event(event=event, now=after)
    return after


def night(event):
    """Return a moment of the night after an event."""
    return event.ends_at + 10 * HOUR


def look(of, now):
    """Have the clock count a programme."""
    return operations.look(programme=Programme.objects.get(pk=of.pk), now=now)


def fresh(row):
    """Return a row as it is stored."""
    return type(row).objects.get(pk=row.pk)


def concluded(minutes=(120, 120, 120), required=360, talent=None):
    """Return the enrolment of a woman in a concluded programme, inside for so many minutes of each lesson."""
    of = programme(lessons=len(minutes), required=required)
    row = enrolled(of, talent)
    for event, there in zip(lessons(of), minutes, strict=True):
        if there:
            inside(event, row.talent, there)
        after = settled(event)
    operations.close_programme(programme=of, by=None, now=after)
    return Enrolment.objects.select_related("programme", "talent").get(pk=row.pk)


def certificate(row):
    """Return the valid certificate of an enrolment, None without one."""
    valid = TrainingCertificate.objects.valid()
    return valid.filter(programme=row.programme_id, talent=row.talent_id).first()
