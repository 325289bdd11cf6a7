"""Events that are not for everybody, seats kept for an answer, requests that staff decide."""

import secrets
import time
from datetime import timedelta
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone

from events import operations
from events.models import Booking
from privacy.models import AuditEntry
from tests import factories
from tests.walk import routes
from tools.attack import world
from tools.attack.browser import at_once, broken_down
from tools.attack.cases import Outcome, case


def titled():
    """Return a title no other event has: what is said of one of them is said of it alone."""
    return f"闭门座谈{secrets.token_hex(4)}"


def hidden(visibility):
    """Return an event that is for the invited or those in the database, with a guest who has booked."""
    event = world.event(title=titled(), visibility=visibility, womens_track=True)
    event.sessions.create(title="人工智能", starts_at=event.starts_at, ends_at=event.ends_at)
    guest = world.woman()
    operations.invite(event=event, codes=guest.code, by=event.organiser, now=timezone.now())
    booking = operations.book(event=event, talent=guest, by=guest.user, now=timezone.now())
    return event, booking


def addresses(event, booking):
    """Return every address there is, with the code or the number of the event and its booking put in."""
    part = quote(event.title[-6:])
    found = {
        f"{page}={part}" for page in ("/events/?q", "/admin/events/event/?q", "/admin/search/?s")
    }
    for route in routes.routes().values():
        if "signout" in route or "logout" in route or "(" in route:
            continue
        where = routes.ARGUMENT.sub(
            lambda m, r=route: (
                event.code
                if r.startswith("events/") or ("code" in m[0] and "booking" not in r)
                else booking.code
                if "code" in m[0]
                else str(event.pk)
            ),
            route,
        )
        found.add(f"/{where}")
    return sorted(found)


def outsiders(visibility):
    """Return who is not to know of it: a stranger, another woman, staff of another department."""
    state = "submitted" if visibility == "talents" else "verified"
    elsewhere = {"department_code": "trade_union"}
    return [
        None,
        world.woman(state=state, research_fields=["人工智能"]).user,
        factories.staff("department_clerk", phone=world.phone(), **elsewhere),
        factories.staff("event_organiser", phone=world.phone(), **elsewhere),
    ]


def names(answer, event, path):
    """Tell whether an answer names the event: by its title, or its code where that was not asked with."""
    return event.title in answer.text or (event.code in answer.text and event.code not in path)


def read_everywhere(port, event, booking, readers):
    """Ask for every address as each reader; return (asked, addresses that named the event, faults)."""
    told, answers = [], []
    for user in readers:
        browser = world.browser(port, user)
        for path in addresses(event, booking):
            answer = browser.get(path, headers={"Accept-Encoding": "identity"})
            answers.append(answer)
            if names(answer, event, path):
                told.append(path)
        answers.append(browser.post(f"/events/{event.code}/book/", {"key": "x" * 20}))
    return len(answers), told, broken_down(answers)


@case
def hidden_events_everywhere(attack):
    """Find an event that is not for everybody: every address, as a stranger, another woman, staff of others."""
    tried, told, faults, booked = 0, [], 0, 0
    for visibility in ("talents", "invited"):
        event, booking = hidden(visibility)
        asked, named, broke = read_everywhere(attack.port, event, booking, outsiders(visibility))
        tried, told, faults = tried + asked, told + named, faults + broke
        booked += event.bookings.count() - 1
    return Outcome(
        tried,
        bool(told) or booked > 0 or faults > 0,
        f"named at {len(told)} addresses {told[:3] or ''}, {booked} booked, {faults} faults",
    )


@hidden_events_everywhere.control
def _(attack):
    event, booking = hidden("public")
    asked, told, _faults = read_everywhere(attack.port, event, booking, [None])
    return Outcome(asked, len(told) > 2, f"a public one is named at {len(told)}")


def read_after(attack, change):
    """Warm the kept pages of a public event, do something with it, read them again; return (asked, how many show it)."""
    event = world.event(title=titled())
    pages = ["/", "/events/", f"/events/{event.code}/", f"/en/events/{event.code}/", "/sitemap.xml"]
    pages += [f"/events/{event.code}/calendar.ics", "/measures/2/"]

    def shown():
        stranger = world.browser(attack.port)
        plain = {"Accept-Encoding": "identity"}
        return sum(names(stranger.get(page, headers=plain), event, page) for page in pages)

    at_once([shown] * 8, 8)
    change(event)
    time.sleep(1)  # what others have read is kept for half a second in each process
    return 8 * len(pages), sum(at_once([shown] * 8, 8))


@case
def hidden_afterwards(attack):
    """Read a public event from what the processes keep, after it was made one for the invited: it is gone."""

    def hide(event):
        operations.edit_event(
            event=event, changes={"visibility": "invited"}, by=event.organiser, now=timezone.now()
        )

    asked, shown = read_after(attack, hide)
    return Outcome(asked, shown > 0, f"shown {shown} times of {asked}")


@hidden_afterwards.control
def _(attack):
    asked, shown = read_after(attack, lambda event: None)
    return Outcome(asked, shown > 0, f"left public: shown {shown} times of {asked}")


# --- a seat kept for an answer ----------------------------------------------------------------------
def kept_seat():
    """Return (event of one seat, the booking it is offered to, the one who waits behind)."""
    event = world.event(capacity=1, offer_hours=24)
    first, second, third = (
        operations.book(event=event, talent=(w := world.woman()), by=w.user, now=timezone.now())
        for _n in range(3)
    )
    operations.cancel_booking(booking=first, by=first.talent.user, now=timezone.now())
    second.refresh_from_db()
    return event, second, third


def answered_at_once(port, rounds):
    """Take and decline the same kept seat at once while the clock ends it; return (answers, what is wrong)."""
    answers, wrong = [], []
    for number in range(rounds):
        event, offered, _next = kept_seat()
        hers = world.browser(port, offered.talent.user)
        where = f"/events/mine/{offered.code}"
        jobs = [lambda w=w, b=hers, p=where: b.post(f"{p}/{w}/") for w in ("accept", "cancel") * 4]
        if number % 2:
            soon = timezone.now() + timedelta(milliseconds=60)
            Booking.objects.filter(pk=offered.pk).update(offer_ends_at=soon)
        answers += at_once(jobs, 8)
        if number % 2:
            operations.expire_offers(event=event, now=timezone.now())
        wrong += what_is_wrong(event)
    return answers, wrong


def what_is_wrong(event):
    """Return what is wrong with an event of one seat."""
    event.refresh_from_db()
    states = list(event.bookings.order_by("place").values_list("state", flat=True))
    held = sum(state in ("offered", "confirmed") for state in states)
    if (held, event.seats_taken) != (1, 1):
        return [f"{held} hold one seat, {event.seats_taken} counted"]
    return []


@case
def kept_seats_answered_at_once(attack):
    """Take and decline a seat kept for her at once, four times each, while its time ends: one seat, one holder."""
    answers, wrong = answered_at_once(attack.port, 8)
    faults = broken_down(answers)
    figure = f"8 seats: {len(wrong)} wrong{wrong[:2] or ''}, {faults} faults"
    return Outcome(len(answers), bool(wrong) or faults > 0, figure)


@kept_seats_answered_at_once.control
def _(attack):
    answers, wrong = answered_at_once(attack.unguarded, 4)
    faults = broken_down(answers)
    figure = f"without the event's lock: {len(wrong)} of 4 wrong, {faults} faults"
    return Outcome(len(answers), bool(wrong) or faults > 0, figure)


# --- requests ---------------------------------------------------------------------------------------
def decided_at_once(port, rounds):
    """Let eight of the staff approve or refuse one request at once; return (answers, decisions of each)."""
    answers, decisions = [], []
    for _n in range(rounds):
        event = world.event(needs_approval=True)
        asked = factories.booking(event, world.woman(), now=timezone.now())
        place = {"pk": event.pk, "code": asked.code}
        jobs = []
        for verb in ("approve", "refuse") * 4:
            by = factories.staff("event_organiser", phone=world.phone())
            browser, path = (
                world.browser(port, by),
                reverse(f"admin:events_booking_{verb}", kwargs=place),
            )
            form = {"reason": "本场仅面向从业人员"}
            jobs.append(lambda b=browser, p=path, f=form: b.post(p, f))
        answers += at_once(jobs, 8)
        verbs = ("events.approve_booking", "events.refuse_booking")
        rows = AuditEntry.objects.filter(
            action__in=verbs, object_type="events.booking", object_id=str(asked.pk)
        )
        decisions.append(rows.count())
    return answers, decisions


@case
def requests_decided_at_once(attack):
    """Approve and refuse one request by eight of the staff at once: one decision stands, one is on record."""
    answers, decisions = decided_at_once(attack.port, 3)
    faults = broken_down(answers)
    figure = f"decisions {decisions}, {faults} faults"
    return Outcome(len(answers), set(decisions) != {1} or faults > 0, figure)


@requests_decided_at_once.control
def _(attack):
    answers, decisions = decided_at_once(attack.unguarded, 2)
    faults = broken_down(answers)
    figure = f"without the event's lock: decisions {decisions}, {faults} faults"
    return Outcome(len(answers), set(decisions) != {1} or faults > 0, figure)
