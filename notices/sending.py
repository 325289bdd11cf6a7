"""Sending what is due.

A delivery is claimed by a conditional UPDATE before anything leaves, so two workers never send it
twice. A worker killed between the claim and the provider's answer leaves the row `sending`: nobody
can know whether the message went out, so after ten minutes it becomes `unsure` and staff decide, as
for a message that was handed over and never answered for. Only where no connection was opened, or the
provider said "later", is it tried again: telling a person twice by machine is the one thing that
never happens.

`clock` is asked anew for each row: a claim made at the end of a long run is as young as it is.
"""

import contextlib
import logging
import smtplib
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone, translation

from kernel import gateways
from notices import kinds
from notices.models import Channel, Delivery, DeliveryState
from notices.operations import agreed_to_messages

logger = logging.getLogger(__name__)

BATCH = 500
MAX_ATTEMPTS = 6
STUCK_AFTER = timedelta(minutes=10)


def send_due(*, clock=timezone.now, limit=10_000):
    """Send up to `limit` deliveries due by `clock`; returns how many went out."""
    sent = tried = 0
    with contextlib.closing(_Outlets()) as outlets:
        while tried < limit:
            due = Delivery.objects.filter(state=DeliveryState.PENDING, due_at__lte=clock())
            ids = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH])
            if not ids:
                break
            tried += len(ids)
            for pk in ids:
                sent += _send_one(pk, outlets, clock)
    return sent


def _send_one(pk, outlets, clock):
    claimed_at = clock()
    if not _claim(pk, claimed_at):
        return 0
    delivery = Delivery.objects.select_related("notice__recipient").get(pk=pk)
    if reason := _why_drop(delivery.notice, claimed_at):
        return _finish(delivery, DeliveryState.DROPPED, error_code=reason)
    try:
        outlets.send(delivery)
    except gateways.GatewayError as error:
        return _failed(delivery, error, clock())
    except Exception as error:  # a fault of ours: nobody knows whether it went, and others wait
        logger.error("delivery %s was not sent: %s", delivery.pk, type(error).__name__)
        return _finish(delivery, DeliveryState.UNSURE, error_code=type(error).__name__[:60])
    _finish(delivery, DeliveryState.SENT, sent_at=clock(), error_code="")
    return 1


def _claim(pk, now):
    """Take the row if it is still pending. Commits without waiting for the disk: what must survive
    here is a dead worker, not a dead database server, and the row's end state is written durably."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO OFF")
        return Delivery.objects.filter(pk=pk, state=DeliveryState.PENDING).update(
            state=DeliveryState.SENDING, claimed_at=now, attempts=F("attempts") + 1
        )


def _why_drop(notice, now):
    """Return why a notice is not to go out any more, as a code, else "": asked when it is sent.

    What was queued days ago may have been withdrawn, or she may have; and a reminder of what is over
    reminds of nothing.
    """
    if notice.withdrawn_at:
        return "withdrawn"
    if notice.good_until and notice.good_until <= now:
        return "too_late"
    kind = kinds.kind(notice.kind)
    if not notice.recipient.is_active and not kind.to_closed:
        return "account_closed"
    if kind.essential or agreed_to_messages([notice.recipient_id]):
        return ""
    return "no_consent"


def _finish(delivery, state, **fields):
    """Write the end of this claim; one that was flagged and taken up again meanwhile is let be."""
    claim = Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.SENDING, claimed_at=delivery.claimed_at
    )
    claim.update(state=state, **fields)
    return 0


def _failed(delivery, error, now):
    code = error.code[:60]
    if error.unsure:
        return _finish(delivery, DeliveryState.UNSURE, error_code=code)
    if error.permanent or delivery.attempts >= MAX_ATTEMPTS:
        return _finish(delivery, DeliveryState.FAILED, error_code=code)
    later = now + timedelta(minutes=2**delivery.attempts)
    return _finish(delivery, DeliveryState.PENDING, due_at=later, error_code=code)


def flag_stuck(*, now):
    """Turn claims older than ten minutes into `unsure`; returns how many."""
    stuck = Delivery.objects.filter(state=DeliveryState.SENDING, claimed_at__lt=now - STUCK_AFTER)
    return stuck.update(state=DeliveryState.UNSURE, error_code="worker_lost")


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
        notice = delivery.notice
        with translation.override(notice.recipient.language):
            if delivery.channel == Channel.SMS:
                self.send_sms(notice)
            else:
                self.send_mail(notice)

    def send_sms(self, notice):
        if not notice.recipient.phone:
            raise gateways.GatewayError("no_phone", permanent=True)
        self.sms = self.sms or gateways.sms()
        self.sms.send(
            notice.recipient.phone,
            notice.outside_body,
            kind=notice.outside_kind,
            params=notice.outside_context(),
        )

    def send_mail(self, notice):
        address = EmailAddress.objects.filter(user=notice.recipient, verified=True)
        address = address.order_by("-primary").first()
        if address is None:
            raise gateways.GatewayError("no_mail_address", permanent=True)
        message = EmailMessage(notice.outside_title, notice.outside_body, to=[address.email])
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


def _of_mail(error):
    """Return a GatewayError for what the mail server answered: 4xx is "later", 5xx "never"."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((code, _words),) = error.recipients.values()
    else:
        code = getattr(error, "smtp_code", None)
    if code is None:
        return gateways.GatewayError("mail_server_silent", unsure=True)
    return gateways.GatewayError(f"mail_refused_{code}", permanent=code >= 500)
