"""The audit log verified at the press of a button: asked for, walked by a worker, the verdict kept in the log."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import transaction

from kernel import rights
from kernel.worker import nudge_on_commit
from privacy import audit
from privacy.models import AuditEntry

ASKED, DONE = "privacy.ask_verification", "privacy.verify_audit"
GIVEN_UP_AFTER = timedelta(minutes=30)  # a worker that died has left no verdict


@dataclass(frozen=True)
class Standing:
    """What the page says: the newest verdict (an AuditEntry or None), and whether one is being made."""

    verdict: AuditEntry | None
    under_way: bool


def standing(at):
    """Return the Standing at the moment `at`."""
    newest = AuditEntry.objects.order_by("-pk")
    asked, verdict = newest.filter(action=ASKED).first(), newest.filter(action=DONE).first()
    waits = asked and (verdict is None or verdict.pk < asked.pk)
    return Standing(verdict, bool(waits and at < asked.at + GIVEN_UP_AFTER))


@transaction.atomic
def ask(*, by, now):
    """Have the whole log verified by a worker; asking while that is under way changes nothing. Raises Refused."""
    rights.require(by, "privacy.view_auditentry")
    if standing(now).under_way:
        return
    asker = by or get_user_model().objects.order_by("pk").first()
    audit.record("privacy.ask_verification", asker, by=by, at=now)
    nudge_on_commit("privacy.tasks.verify_audit")


def carry_out(*, now):
    """Walk the chain where somebody asked for it and keep the verdict; nothing where nobody did."""
    if not standing(now).under_way:
        return
    audit.chain()
    verdict = audit.verify()
    asked = AuditEntry.objects.filter(action=ASKED).order_by("-pk").first()
    asker = get_user_model().objects.get(pk=asked.object_id)
    detail = {
        "checked": verdict.checked,
        "pending": verdict.pending,
        "fault": verdict.fault,
        "entry": verdict.entry_id,
        "head": verdict.head,
    }
    audit.record("privacy.verify_audit", asker, by=None, at=now, **detail)
