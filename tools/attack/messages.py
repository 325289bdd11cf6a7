"""Text messages cost money and pester people; mail carries headers."""

import json
from datetime import timedelta

from django.utils import timezone

from accounts import operations as accounts
from events.models import Event
from notices import operations as notices
from notices import sending
from notices.models import Delivery
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
    """Spend the budget from sixty addresses of one network for sixty phones. Half leaves: 10 here, else 50 an hour."""
    sent = from_one_network(attack, attack.port)
    return Outcome(60, not 0 < sent <= 18, f"{sent} of 60 left, then the picture is asked for")


@sms_from_one_network.control
def _(attack):
    sent = from_one_network(attack, attack.unguarded)
    return Outcome(60, sent > 20, f"{sent} of 60 left")


def from_everywhere(attack, port):
    return flood(attack, port, [(world.phone(), world.somewhere()) for _ in range(260)])


@case
def sms_from_everywhere(attack):
    """Spend the whole portal's budget from 260 networks. Half leaves: 100 here, else 500 an hour, with an alarm."""
    said = "SMS budget of the hour (codes)"
    before = attack.web.log.read_text("utf-8", "replace").count(said)
    sent = from_everywhere(attack, attack.port)
    alarms = attack.web.log.read_text("utf-8", "replace").count(said) - before
    return Outcome(260, sent > 120 or alarms != 1, f"{sent} of 260 left, {alarms} alarm in the log")


@sms_from_everywhere.control
def _(attack):
    sent = from_everywhere(attack, attack.unguarded)
    return Outcome(260, sent > 200, f"{sent} of 260 left")


# --- reminders of what she wants no more -------------------------------------------------------------


def meanwhile(attack, woman, what):
    """Let one thing happen between the moment a reminder was queued and the one it is due."""
    if what == "withdrawn":
        world.browser(attack.port, woman).post("/accounts/consents/messages/withdraw/")
    elif what == "closed":
        accounts.change_user(user=woman, is_active=False, by=None, now=timezone.now())


def reminded(attack, what):
    """Queue a reminder for a woman who agreed to messages, let `what` happen, send; has it left?"""
    woman = world.woman().user
    factories.consent(woman, "messages", at=timezone.now())
    good_until = timezone.now() + timedelta(days=-5 if what == "over" else 1)
    words = {"title": "沙龙", "when": timezone.now(), "venue": "A座"}
    letter = notices.Letter("events.reminder_day", woman, "1", words, good_until=good_until)
    due = timezone.now() + timedelta(hours=1)
    notices.queue_all([letter], at=due)
    meanwhile(attack, woman, what)
    Delivery.objects.filter(notice__recipient=woman).update(due_at=timezone.now())
    sending.send_due()
    return sent_to(attack, {woman.phone}) > 0


@case
def reminders_not_wanted(attack):
    """Be reminded after withdrawing consent, after the account was closed, of what was five days ago. None leaves."""
    left = [what for what in ("withdrawn", "closed", "over") if reminded(attack, what)]
    return Outcome(3, bool(left), f"left all the same: {left or 'none'}")


@reminders_not_wanted.control
def _(attack):
    left = reminded(attack, "nothing")
    return Outcome(1, left, "nothing happened meanwhile: it leaves" if left else "does not leave")


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
            "offer_hours": "0",
            "visibility": "public",
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
