"""Text messages cost money and pester people; mail carries headers."""

import json
from datetime import timedelta

from django.utils import timezone

from events.models import Event
from tests import factories
from tools.attack import world
from tools.attack.browser import at_once
from tools.attack.cases import Outcome, case

ASK_CODE, SIGN_UP = "/accounts/login/code/", "/accounts/signup/"


def sent_to(attack, phones):
    """Return how many messages left for any of these numbers."""
    phones = set(phones)
    return sum(
        json.loads(path.read_text())["to"] in phones for path in attack.outbox.glob("*.json")
    )


def flood(attack, port, jobs):
    """Ask for a code for each (phone, address), eight at once; return how many left."""

    def job(phone, address, number):
        browser = world.browser(port, address=address)
        if number % 2:
            return lambda: browser.post(ASK_CODE, {"by": "phone", "phone": phone})
        form = {"by": "phone", "phone": phone, "read_notice": "on"}
        return lambda: browser.post(SIGN_UP, form)

    attack.next_hour()
    at_once([job(phone, address, n) for n, (phone, address) in enumerate(jobs)], 8)
    return sent_to(attack, {phone for phone, _address in jobs})


def to_one_phone(attack, port):
    phone = world.woman().user.phone
    return flood(attack, port, [(phone, world.somewhere()) for _ in range(60)])


@case
def sms_to_one_phone(attack):
    """Pester a woman with codes, asked for from sixty networks in one moment. One a minute leaves."""
    sent = to_one_phone(attack, attack.port)
    return Outcome(60, sent > 2, f"{sent} of 60 left")


@sms_to_one_phone.control
def _(attack):
    sent = to_one_phone(attack, attack.unguarded)
    return Outcome(60, sent > 2, f"{sent} of 60 left")


def from_one_network(attack, port):
    network = world.somewhere().rpartition(".")[0]
    return flood(attack, port, [(world.phone(), f"{network}.{n}") for n in range(1, 61)])


@case
def sms_from_one_network(attack):
    """Spend the budget from sixty addresses of one network for sixty phones. Here 20 an hour leave, else 100."""
    sent = from_one_network(attack, attack.port)
    return Outcome(60, not 0 < sent <= 20, f"{sent} of 60 left")


@sms_from_one_network.control
def _(attack):
    sent = from_one_network(attack, attack.unguarded)
    return Outcome(60, sent > 20, f"{sent} of 60 left")


def from_everywhere(attack, port):
    return flood(attack, port, [(world.phone(), world.somewhere()) for _ in range(260)])


@case
def sms_from_everywhere(attack):
    """Spend the whole portal's budget from 260 networks. Here 200 codes an hour leave, else 1000, with two alarms."""
    said = "SMS budget of the hour (codes)"
    before = attack.web.log.read_text("utf-8", "replace").count(said)
    sent = from_everywhere(attack, attack.port)
    alarms = attack.web.log.read_text("utf-8", "replace").count(said) - before
    return Outcome(
        260, sent > 200 or alarms != 2, f"{sent} of 260 left, {alarms} alarms in the log"
    )


@sms_from_everywhere.control
def _(attack):
    sent = from_everywhere(attack, attack.unguarded)
    return Outcome(260, sent > 200, f"{sent} of 260 left")


# --- what is typed ends in headers ------------------------------------------------------------------

NEWLINES = (
    "\r\nBcc: all@example.com",
    "\nBcc: all@example.com",
    "\r\n\r\n<p>words of mine",
    "%0d%0aBcc: x@example.com",
    "\u2028Bcc: x@example.com",
)


def addresses(port):
    """Ask for codes by mail with line breaks in every field, and without; return the answers."""
    answers = []
    for end in (*NEWLINES, ""):
        for form, path in (
            ({"by": "email", "email": f"a@example.cn{end}"}, ASK_CODE),
            ({"by": "email", "email": f"a{end}@example.cn", "read_notice": "on"}, SIGN_UP),
            ({"email": f"a@example.cn{end}"}, "/accounts/password/reset/"),
        ):
            answers.append(world.browser(port).post(path, form))
    return answers


def headers_of(message):
    """Return the names of a mail's headers."""
    head = message["body"].partition("\n\n")[0]
    return {line.partition(":")[0].lower() for line in head.splitlines() if not line[:1].isspace()}


@case
def mail_headers(attack):
    """Send mail to others through ours: line breaks in addresses. No header of the attacker's leaves."""
    answers = addresses(attack.port)
    texts = [json.loads(path.read_text()) for path in attack.outbox.glob("*.json")]
    mails = [text for text in texts if text["channel"] == "mail"]
    foreign = [mail for mail in mails if "bcc" in headers_of(mail) or "example.com" in mail["to"]]
    faults = sum(answer.status >= 500 for answer in answers)
    return Outcome(
        len(answers),
        bool(foreign) or faults > 0,
        f"{len(mails)} mails, {len(foreign)} with a header of ours, {faults} faults",
    )


@mail_headers.control
def _(attack):
    """A mail written by hand with such a header is found."""
    mail = {
        "channel": "mail",
        "to": "a@example.cn",
        "body": "Subject: x\nBcc: all@example.com\n\ntext",
    }
    return Outcome(1, "bcc" in headers_of(mail), "a mail with that header is recognised")


BROKEN_TITLES = (
    "沙龙\r\nBcc: all@example.com",
    "沙龙\n第二行",
    "沙龙\x00",
    "沙龙\u2028第二行",
    "沙龙\x1b[31m",
)


def titled(port, titles):
    """Make an event of each title as its organiser; return (titles kept, how many answers were faults)."""
    organiser = factories.staff("event_organiser")
    browser = world.browser(port, organiser)
    last, faults = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0, 0
    start = timezone.localtime() + timedelta(days=9)
    moments = {
        "starts_at": start, "ends_at": start + timedelta(hours=2),
        "booking_opens_at": start - timedelta(days=8), "booking_closes_at": start,
    }  # fmt: skip
    times = {f"{name}_0": f"{moment:%Y-%m-%d}" for name, moment in moments.items()}
    times |= {f"{name}_1": f"{moment:%H:%M}" for name, moment in moments.items()}
    for title in titles:
        form = {
            "title": title,
            "kind": "salon",
            "measure": "2",
            "organiser": organiser.pk,
            "summary": "介绍",
            "venue": "报告厅",
            "capacity": "10",
        }
        faults += browser.post("/admin/events/event/add/", form | times).status >= 500
    return list(Event.objects.filter(pk__gt=last).values_list("title", flat=True)), faults


@case
def newlines_in_titles(attack):
    """Put line breaks and control characters into an event's title, which mails and calendar files carry. None is kept."""
    kept, faults = titled(attack.port, BROKEN_TITLES)
    raw = [title for title in kept if any(ord(c) < 32 or c == "\u2028" for c in title)]
    return Outcome(
        len(BROKEN_TITLES),
        bool(raw) or faults > 0,
        f"{len(kept)} saved, {len(raw)} with a raw break, {faults} faults",
    )


@newlines_in_titles.control
def _(attack):
    """The same form with a sound title is saved."""
    kept, _faults = titled(attack.port, ["沙龙"])
    return Outcome(1, kept == ["沙龙"], f"the same form with a sound title: {len(kept)} saved")
