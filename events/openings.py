"""Events that suit one woman, by rules she can read."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import rules
from events.models import BookingHold, Event
from kernel.portal import Opening
from kernel.text import fold
from kernel.words import listed, moment_text

MOST = 50
READ = ("title", "summary", "audience", "agenda_text", "body")
RULES = (
    gettext_lazy("活动：标题、简介、议程或对象里提到您的研究方向。"),
    gettext_lazy("活动：女性议题或专场。"),
    gettext_lazy("活动：由您所属的部门主办。"),
)


def find(talent, now):
    """Return events one can book now that fit by a rule, those with more reasons first. One query, one more where
    something holds her back."""
    events = Event.objects.bookable(now).listed().not_booked_by(talent)
    events = events.with_agenda_text()[:MOST]
    holds = BookingHold.objects.of_reader(talent.user, now) if talent.user else []
    suited = [
        (event, reasons(event, talent))
        for event in events
        if rules.why_not_eligible(event, talent) is None
        and rules.why_not_yet(event, holds, now) is None
    ]
    suited.sort(key=lambda pair: -len(pair[1]))
    return [
        Opening(event.title, event.get_absolute_url(), moment_text(event.starts_at), why)
        for event, why in suited
        if why
    ]


def open_to(talent, user, now):
    """Return (event, reasons) of what she may book now, hidden events that are for her included, the next first.

    Queries: one; one more where an event is for the invited.
    """
    events = Event.objects.bookable(now).seen_by(user, talent).not_booked_by(talent)
    events = events.with_agenda_text()[:MOST]
    return [
        (event, reasons(event, talent))
        for event in events
        if rules.why_not_book(event, talent, now) is None
    ]


def reasons(event, talent):
    """Return why an event fits, a sentence for each rule."""
    text = fold(" ".join(getattr(event, name) or "" for name in READ))
    named = [field for field in talent.research_fields if fold(field) and fold(field) in text]
    said = []
    if named:
        said.append(_("与您的研究方向有关：%(fields)s。") % {"fields": listed(named)})
    if event.womens_track:
        said.append(_("女性议题或专场。"))
    if event.department_id == talent.department_id:
        said.append(_("由您所属的部门主办。"))
    return tuple(said)
