"""Sending what is due.

A delivery is claimed by a conditional UPDATE before anything leaves, so two workers never send it
twice. A worker killed between the claim and the provider's answer leaves the row `sending`: nobody
can know whether the message went out, so after ten minutes it becomes `unsure` and staff decide;
telling a person twice by machine is the one thing that never happens.
"""

import logging
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction
from django.db.models import F
from django.utils import translation

from kernel import gateways
from notices.models import Channel, Delivery, DeliveryState

logger = logging.getLogger(__name__)

BATCH = 500
MAX_ATTEMPTS = 6
STUCK_AFTER = timedelta(minutes=10)


def send_due(*, now, limit=10_000):
    """Send up to `limit` deliveries due at `now`; returns how many went out."""
    sent = tried = 0
    outlets = _Outlets()
    while tried < limit:
        due = Delivery.objects.filter(state=DeliveryState.PENDING, due_at__lte=now)
        ids = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH])
        if not ids:
            break
        tried += len(ids)
        rows = Delivery.objects.select_related("notice__recipient").in_bulk(ids)
        for pk in ids:
            sent += _send_one(rows[pk], outlets, now)
    return sent


def _send_one(delivery, outlets, now):
    if not _claim(delivery, now):
        return 0
    if delivery.notice.withdrawn_at:
        return _finish(delivery, DeliveryState.DROPPED, error_code="withdrawn")
    try:
        outlets.send(delivery)
    except gateways.GatewayError as error:
        return _failed(delivery, error, now)
    except Exception as error:  # a fault of ours: nobody knows whether it went, and others wait
        logger.error("delivery %s was not sent: %s", delivery.pk, type(error).__name__)
        return _finish(delivery, DeliveryState.UNSURE, error_code=type(error).__name__[:60])
    _finish(delivery, DeliveryState.SENT, sent_at=now, error_code="")
    return 1


def _claim(delivery, now):
    """Take the row if it is still pending. Commits without waiting for the disk: what must survive
    here is a dead worker, not a dead database server, and the row's end state is written durably."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO OFF")
        return Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.PENDING).update(
            state=DeliveryState.SENDING, claimed_at=now, attempts=F("attempts") + 1
        )


def _finish(delivery, state, **fields):
    Delivery.objects.filter(pk=delivery.pk).update(state=state, **fields)
    return 0


def _failed(delivery, error, now):
    attempts = delivery.attempts + 1
    if error.permanent or attempts >= MAX_ATTEMPTS:
        return _finish(delivery, DeliveryState.FAILED, error_code=error.code[:60])
    later = now + timedelta(minutes=2**attempts)
    return _finish(delivery, DeliveryState.PENDING, due_at=later, error_code=error.code[:60])


def flag_stuck(*, now):
    """Turn claims older than ten minutes into `unsure`; returns how many."""
    stuck = Delivery.objects.filter(state=DeliveryState.SENDING, claimed_at__lt=now - STUCK_AFTER)
    return stuck.update(state=DeliveryState.UNSURE, error_code="worker_lost")


class _Outlets:
    """The SMS gateway and one mail connection, opened when first needed."""

    def __init__(self):
        self.sms = None
        self.mail = None

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
            notice.recipient.phone, notice.body, kind=notice.kind, params=notice.shown_context()
        )

    def send_mail(self, notice):
        address = EmailAddress.objects.filter(user=notice.recipient, verified=True)
        address = address.order_by("-primary").first()
        if address is None:
            raise gateways.GatewayError("no_mail_address", permanent=True)
        try:
            self.mail = self.mail or get_connection()
            EmailMessage(notice.title, notice.body, to=[address.email], connection=self.mail).send()
        except OSError as error:  # smtplib's errors are OSErrors
            self.mail = None
            raise gateways.GatewayError("mail_server_unreachable") from error
