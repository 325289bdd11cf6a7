"""What people type and others open: pages, workbooks, calendars, PDF."""

import io
from html.parser import HTMLParser

import openpyxl
from django.utils import timezone

from events import operations as events
from kernel import documents
from tests import factories
from tests.care_points import make
from tests.places.make import place
from tools.attack import world
from tools.attack.browser import broken_down
from tools.attack.cases import Outcome, case

MARK = "zq7zq"
PAYLOADS = (
    f'"><script>{MARK}()</script>', f"'><img src=x onerror={MARK}()>", f"</title><svg onload={MARK}()>",
    f"javascript:{MARK}()", f"{{{{ {MARK} }}}}{{% load {MARK} %}}", f"<!--{MARK}--><b>{MARK}</b>",
)  # fmt: skip


class Executable(HTMLParser):
    """Finds a payload in a page where a browser would take it for markup."""

    def __init__(self, text):
        super().__init__()
        self.found = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Count handlers, links and elements a payload made."""
        for name, value in attrs:
            runs = name.startswith("on") and MARK in (value or "")
            self.found += runs or (
                name in ("href", "src", "action") and (value or "").startswith(f"javascript:{MARK}")
            )
        # What is said to search engines is data: nothing there runs.
        self.inside = "" if dict(attrs).get("type") == "application/ld+json" else tag

    def handle_data(self, data):
        """Count scripts and markup whose text is the payload's."""
        self.found += (
            getattr(self, "inside", "") in ("script", "svg", "b")
            and MARK in data
            and "<" not in data
        )


def dangerous_world():
    """Make rows with a payload in everything people type; return who looks, and at what."""
    now = timezone.now()
    first, title, reason = PAYLOADS[0], PAYLOADS[1], PAYLOADS[2]
    her = world.woman(first[:60], position=PAYLOADS[3], unit_text=PAYLOADS[4][:60])
    event = world.event(title=title, summary=first, venue=reason[:80], body=PAYLOADS[5])
    span = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    session = event.sessions.create(title=title, room=first[:60], **span)
    session.speakers.create(guest_name=first[:60], unit=title[:60], position=reason[:80])
    booking = factories.booking(event, her, now=now)
    where = place(name=f"{title}{her.code}", address=first)
    station = make.station(her.user, name=where.name, place=where)
    service = make.service(station=station, title=title, description=first)
    make.give(her, 500, now=now)
    voucher = make.redeem(her, service, now=now)
    events.cancel_event(event=world.event(title=first), reason=reason, by=None, now=now)
    public = [
        "/",
        "/events/",
        f"/events/{event.code}/",
        "/points/services/",
        f"/points/services/{service.pk}/",
        f"/en/events/{event.code}/",
    ]
    hers = [
        "/me/",
        "/me/profile/review/",
        "/events/mine/",
        "/notices/",
        f"/events/c/{booking.code}/",
        f"/points/vouchers/{voucher.pk}/",
        "/points/",
        "/accounts/",
        "/points/station/",
        "/accounts/consents/",
    ]
    staffs = [
        "/admin/", "/admin/talents/talent/?state__exact=all", f"/admin/talents/talent/{her.pk}/change/",
        "/admin/events/event/", f"/admin/events/event/{event.pk}/change/", f"/admin/events/event/{event.pk}/bookings/",
        f"/events/{event.code}/door/", f"/events/{event.code}/door/sheet/", "/admin/care_points/redemption/",
        "/admin/care_points/service/", "/admin/care_points/carestation/", "/admin/privacy/auditentry/",
        f"/admin/talents/talent/{her.pk}/history/", "/admin/notices/delivery/", "/admin/accounts/user/",
    ]  # fmt: skip
    everything = factories.staff(
        "department_clerk",
        "event_organiser",
        "points_clerk",
        "auditor",
        "administrator",
        full_name=first[:60],
    )
    return [(None, public), (her.user, public + hers), (everything, public + staffs)]


def executed(port):
    """Open every page of the dangerous world; return (pages, pages with the payload, how often it runs, faults)."""
    tried = shown = runs = 0
    answers = []
    for person, pages in dangerous_world():
        browser = world.browser(port, person)
        for page in pages:
            answer = browser.get(page, headers={"Accept-Encoding": "identity"})
            answers.append(answer)
            tried += 1
            shown += MARK in answer.text
            runs += Executable(answer.text).found
    return tried, shown, runs, broken_down(answers)


@case
def scripts_in_names(attack):
    """Run a script in the pages of others, staff above all, by what is typed as a name, title or reason."""
    tried, shown, runs, faults = executed(attack.port)
    return Outcome(
        tried,
        runs > 0 or faults > 0 or shown < 15,
        f"{shown} of {tried} pages show it, {runs} would run it, {faults} faults",
    )


@scripts_in_names.control
def _(attack):
    tried, _shown, runs, _faults = executed(attack.unguarded)
    return Outcome(tried, runs > 0, f"without escaping {runs} would run it")


# --- workbooks ---------------------------------------------------------------------------------------

FORMULAS = (
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
)


def formulas_in(port):
    """Export lists whose people have formulas for names; return (cells with one of ours, cells that are formulas)."""
    clerk = factories.staff("department_clerk", "event_organiser", "department_reviewer")
    event = world.event(organiser=clerk, capacity=50, title=FORMULAS[0])
    for text in FORMULAS:
        factories.booking(
            event,
            world.woman(text, professional_title=text, position=text, unit_text=text),
            now=timezone.now(),
        )
    browser, cells = world.browser(port, clerk), []
    for path, form in (
        (f"/admin/events/event/{event.pk}/attendance/", {}),
        (
            "/admin/talents/talent/export/?state__exact=all",
            {
                "reason": "核对在库名单",
                "columns": ["full_name", "professional_title", "position", "unit_name"],
            },
        ),
    ):
        answer = browser.post(path, form)
        if not answer.body.startswith(b"PK"):
            raise AssertionError(f"{path} answered {answer.status}, no workbook")
        book = openpyxl.load_workbook(io.BytesIO(answer.body))
        cells += [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    ours = [c for c in cells if any(text.strip() in str(c.value) for text in FORMULAS)]
    # What a spreadsheet would take for one: a formula cell, or text it computes when the list is saved as CSV.
    live = [c for c in ours if c.data_type == "f" or str(c.value)[:1] in "=+-@\t\r"]
    return len(ours), len(live)


@case
def formulas_in_workbooks(attack):
    """Have a clerk's spreadsheet compute what a woman typed as her name. Each such cell begins with a quote."""
    ours, live = formulas_in(attack.port)
    return Outcome(ours, live > 0 or ours < 10, f"{ours} cells, {live} live")


@formulas_in_workbooks.control
def _(attack):
    ours, live = formulas_in(attack.unguarded)
    return Outcome(ours, live > 0, f"unescaped: {live} of {ours} live")


# --- PDF, calendar -----------------------------------------------------------------------------------

MARKUP = (
    '#read("/etc/passwd")',
    '#image("x.svg")',
    "] #panic() [",
    "*fett* = Titel",
    "#sys.inputs",
    "$ x $ <a> @b",
    "\\u{41}",
)
TEMPLATE = "#let data = json(bytes(sys.inputs.data))\n#set page(width: 9cm, height: auto)\n{}"


def printed(tmp, body, text):
    """Compile a page with this text as data; return its PDF, None where the compiler stops."""
    tmp.write_text(TEMPLATE.format(body), "utf-8")
    try:
        return documents.render(tmp, {"text": text})
    except Exception:
        return None


@case
def markup_in_documents(attack):
    """Read files of the server into a PDF by typst markup in a name. Data is never markup."""
    template = attack.folder / "case.typ"
    stopped = [text for text in MARKUP if printed(template, "#data.text", text) is None]
    return Outcome(
        len(MARKUP), bool(stopped), f"{len(MARKUP) - len(stopped)} of {len(MARKUP)} printed as text"
    )


@markup_in_documents.control
def _(attack):
    template = attack.folder / "case.typ"
    stopped = [text for text in MARKUP if printed(template, text, "") is None]
    return Outcome(
        len(MARKUP),
        bool(stopped),
        f"put into the template {len(stopped)} stop the compiler or read files",
    )


@case
def lines_in_calendars(attack):
    """Slip a second event, an alarm or a link into a calendar file by an event's title, written past every form."""
    event = world.event()
    broken = {
        "title": "沙龙\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:x",
        "venue": "厅\nATTACH:http://evil.example/",
    }
    type(event).objects.filter(pk=event.pk).update(**broken)
    text = world.browser(attack.port).get(f"/events/{event.code}/calendar.ics").text
    begun, attached = text.count("\nBEGIN:VEVENT"), text.count("\nATTACH")
    return Outcome(1, (begun, attached) != (1, 0), f"{begun} event, {attached} attachments")


@lines_in_calendars.control
def _(attack):
    text = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:沙龙\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:x\nATTACH:y"
    )
    return Outcome(1, text.count("\nBEGIN:VEVENT") == 2, "unescaped there would be two")
