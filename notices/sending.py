"""Sending what is due, in runs (notices.runs): claimed together, handed over one by one, recorded together.

Whether a message may go out is asked when it is sent, not when it is queued: consent may have been withdrawn, the
account closed, the moment passed. A message that was handed over and never answered for is `unsure` and staff
decide. Only where no connection was opened, or the provider said "later", is it tried again: telling a person
twice by machine is the one thing that never happens.

`clock` is asked anew for each run and each message: a claim made at the end of a long day is as young as it is.
"""

import contextlib
import logging
import smtplib
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kernel import gateways
from notices import choosing, kinds, quiet, runs
from notices.models import Channel, DeliveryState, Way
from notices.operations import agreed_to_messages

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 6
# What is asked about a delivery when it is sent, and what it says to whom.
ASKED = (
    *("channel", "attempts", "place", "due_at", "notice__kind", "notice__context"),
    *("notice__discreet", "notice__good_until", "notice__withdrawn_at", "notice__overtaken_at"),
    *("notice__recipient__is_active", "notice__recipient__language", "notice__recipient__phone"),
    "notice__recipient__phone_verified",
)
UNKNOWN_KIND = "unknown_kind"  # no app declares it (any more)


def send_due(*, clock=timezone.now, limit=10_000):
    """Send up to `limit` deliveries due by `clock`; returns how many went out."""
    sent = claimed = 0
    with contextlib.closing(_Outlets()) as outlets:
        while run := runs.claim(now=clock(), size=min(runs.SIZE, limit - claimed)):
            claimed += run.size
            sent += _send(run, outlets, clock)
    return sent


def _send(run, outlets, clock):
    """Hand a run's deliveries over in order and record how they ended; returns how many went out."""
    sent = 0
    try:
        for delivery in _worth_sending(run):
            sent += _hand_over(delivery, run, outlets, clock)
            run.move(delivery.place, clock())
            if run.is_over:
                break
        runs.finish(run)
    except runs.RunLostError:
        logger.error("a run was taken from its worker, who stopped at %s", run.handed_over)
    return sent


def _worth_sending(run):
    """Return the run's deliveries in their order, those left out that are not to go out any more.

    Asked of all together, in a number of statements that does not depend on how many they are; the answers
    are as old as the run, `runs.LONGEST` at most.
    """
    rows = run.rows.select_related("notice__recipient").only(*ASKED).order_by("place")
    people = {delivery.notice.recipient_id for delivery in rows}
    agreed, chosen = agreed_to_messages(people), choosing.ways_of(people)
    alone = _without_mail(rows, chosen)
    codes = {
        delivery.pk: "inbox_alone"
        if delivery.pk in alone
        else _why_not(delivery.notice, agreed, chosen, run.claimed_at)
        for delivery in rows
    }
    for code in set(codes.values()) - {""}:
        keys = [pk for pk, its_code in codes.items() if its_code == code]
        state = DeliveryState.FAILED if code == UNKNOWN_KIND else DeliveryState.DROPPED
        run.record(keys, state, error_code=code)
    of_use = [delivery for delivery in rows if not codes[delivery.pk]]
    return _with_addresses(_for_now(of_use, run), chosen, run)


def _without_mail(deliveries, chosen):
    """Return the keys of those that go by mail alone, to readers without a verified address."""
    mails = {}
    for delivery in deliveries:
        notice = delivery.notice
        kind = kinds.find(notice.kind)
        if kind and kind.is_by_mail:
            way = choosing.way_for(kind, notice.recipient_id, chosen)
            mails |= {delivery.pk: notice.recipient_id} if way == Way.MAIL else {}
    reached = _reached_by_mail(set(mails.values()))
    return {key for key, user in mails.items() if user not in reached}


def _reached_by_mail(people):
    """Return those of `people` (keys of users) who have a verified address."""
    rows = EmailAddress.objects.filter(user__in=people, verified=True) if people else ()
    return {row.user_id for row in rows}


def _for_now(deliveries, run):
    """Put what would leave at night for no reason off until the morning; returns the others."""
    waiting = {delivery.pk: _held_until(delivery, run.claimed_at) for delivery in deliveries}
    for morning in set(waiting.values()) - {None}:
        run.put_off([pk for pk, until in waiting.items() if until == morning], morning)
    return [delivery for delivery in deliveries if not waiting[delivery.pk]]


def _held_until(delivery, now):
    notice = delivery.notice
    essential = kinds.kind(notice.kind).essential
    return quiet.held_until(delivery.due_at, now, essential=essential, good_until=notice.good_until)


def _why_not(notice, agreed, chosen, now):
    """Return why a notice is not to go out any more, as a code, else "": asked when it is sent.

    What was queued days ago may have been withdrawn, or she may have; and a reminder of what is over
    reminds of nothing. `agreed` are the keys of the users who agree to messages, `chosen` the ways they chose.
    """
    kind = kinds.find(notice.kind)
    if kind is None:
        return UNKNOWN_KIND
    if notice.withdrawn_at or notice.overtaken_at:
        return "withdrawn"
    if notice.good_until and notice.good_until <= now:
        return "too_late"
    if not notice.recipient.is_active and not kind.to_closed:
        return "account_closed"
    if kind.essential:
        return ""
    if choosing.way_for(kind, notice.recipient_id, chosen) == Way.SITE:
        return "inbox_alone"
    return "" if notice.recipient_id in agreed else "no_consent"


def _by_chosen_way(deliveries, chosen, run):
    """Turn the deliveries to the way their reader chose since they were queued, where it reaches her."""
    turned = {Channel.SMS: [], Channel.MAIL: []}
    for delivery in deliveries:
        notice = delivery.notice
        way = choosing.way_for(kinds.kind(notice.kind), notice.recipient_id, chosen)
        if way in turned and way != delivery.channel:
            turned[way].append(delivery)
    mailed = _reached_by_mail({d.notice.recipient_id for d in turned[Channel.MAIL]})
    turned[Channel.MAIL] = [d for d in turned[Channel.MAIL] if d.notice.recipient_id in mailed]
    turned[Channel.SMS] = [d for d in turned[Channel.SMS] if d.notice.recipient.phone_verified]
    for channel, rows in turned.items():
        for delivery in rows:
            delivery.channel = channel
        if rows:
            run.rows.filter(pk__in=[delivery.pk for delivery in rows]).update(channel=channel)


def _with_addresses(deliveries, chosen, run):
    """Return the deliveries, each with the `address` it goes to: a phone, a mail address, or None."""
    _by_chosen_way(deliveries, chosen, run)
    by_mail = [d.notice.recipient_id for d in deliveries if d.channel == Channel.MAIL]
    rows = EmailAddress.objects.filter(user__in=by_mail, verified=True).order_by("primary", "-pk")
    mails = {row.user_id: row.email for row in rows} if by_mail else {}
    for delivery in deliveries:
        her = delivery.notice.recipient
        delivery.address = mails.get(her.pk) if delivery.channel == Channel.MAIL else her.phone
    return deliveries


def _hand_over(delivery, run, outlets, clock):
    """Give one message to its outlet; returns 1, or 0 once the refusal is recorded."""
    try:
        outlets.send(delivery)
    except gateways.GatewayError as error:
        _failed(delivery, run, error, clock())
        return 0
    except Exception as error:  # a fault of ours: nobody knows whether it went, and others wait
        code = type(error).__name__
        logger.error("delivery %s was not sent: %s", delivery.pk, code)
        run.record([delivery.pk], DeliveryState.UNSURE, error_code=code[:60])
        return 0
    return 1


def _failed(delivery, run, error, now):
    keys, code = [delivery.pk], error.code[:60]
    if error.unsure:
        run.record(keys, DeliveryState.UNSURE, error_code=code)
    elif error.permanent or delivery.attempts >= MAX_ATTEMPTS:
        run.record(keys, DeliveryState.FAILED, error_code=code)
    else:
        later = quiet.retry_at(delivery.due_at, now + timedelta(minutes=2**delivery.attempts))
        run.record(keys, DeliveryState.PENDING, due_at=later, error_code=code)


class _Outlets:
    """The SMS gateway and one mail connection, opened when first needed."""

    def __init__(self):
        self.sms = None
        self.mail = None

    def close(self):
        """Hang up; the next mail opens a connection of its own."""
        mail, self.mail = self.mail, None
        with contextlib.suppress(OSError):  # smtplib's errors are OSErrors
            if mail:
                mail.close()

    def send(self, delivery):
        send = self._send_sms if delivery.channel == Channel.SMS else self._send_mail
        with translation.override(delivery.notice.recipient.language):
            send(delivery.address, delivery.notice)

    def _send_sms(self, phone, notice):
        if not phone:
            raise gateways.GatewayError("no_phone", permanent=True)
        self.sms = self.sms or gateways.sms()
        words, values = notice.outside_body, notice.outside_context()
        self.sms.send(phone, words, kind=notice.outside_kind, params=values)

    def _send_mail(self, address, notice):
        if not address:
            raise gateways.GatewayError("no_mail_address", permanent=True)
        message = EmailMessage(notice.outside_title, _mail_text(notice), to=[address])
        self._open_mail()
        try:
            self.mail.send_messages([message])
        except smtplib.SMTPException as error:
            self.close()
            raise _of_mail(error) from error
        except OSError as error:  # the connection broke with the message under way
            self.close()
            raise gateways.GatewayError("mail_server_silent", unsure=True) from error

    def _open_mail(self):
        if self.mail:
            return
        mail = get_connection()
        try:
            mail.open()
        except OSError as error:
            raise gateways.GatewayError("mail_server_unreachable") from error
        self.mail = mail


def _mail_text(notice):
    """Return what a mail says: the words, and where the inbox is. A deeper link would tell a mail server what it is of."""
    inbox = settings.SITE_URL + reverse("notices")
    more = _("到门户里查看：%(address)s") % {"address": inbox}
    return f"{notice.outside_body}\n\n{more}\n"


def _of_mail(error):
    """Return a GatewayError for what the mail server answered: 4xx is "later", 5xx "never"."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((code, _words),) = error.recipients.values()
    else:
        code = getattr(error, "smtp_code", None)
    if code is None:
        return gateways.GatewayError("mail_server_silent", unsure=True)
    return gateways.GatewayError(f"mail_refused_{code}", permanent=code >= 500)
