"""What lower apps cannot tell by themselves: privacy and accounts write it down, from here it is told.

The audit entry is the outbox: each is told once (the notice's key is the entry), and a run that was missed is
made up for within LOOK_BACK.
"""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q

from kernel import portal
from kernel.words import in_both_languages
from notices import operations
from privacy.models import AuditEntry

LOOK_BACK = timedelta(days=2)
# What was done to an account, and the kind its owner is told of it by.
TOLD = {
    "accounts.replace_phone": "notices.phone_replaced",
    "accounts.reset_second_factor": "notices.factor_reset",
}
ALERT = "privacy.alert"


@transaction.atomic
def tell(*, now):
    """Queue what the audit log of the last days holds and nobody was told of yet; returns how many were new."""
    verbs = [*TOLD, ALERT]
    entries = AuditEntry.objects.filter(action__in=verbs, at__gt=now - LOOK_BACK).order_by("pk")
    letters = [letter for entry in entries for letter in _letters(entry)]
    return len(operations.queue_all(letters, at=now))


def _letters(entry):
    key = f"audit:{entry.pk}"
    person = get_user_model().objects.filter(pk=entry.object_id).first()
    if person is None:
        return []
    if entry.action in TOLD:
        return [operations.Letter(TOLD[entry.action], person, key)]
    words = in_both_languages(lambda: portal.merged("alerts")[entry.detail["kind"]])
    context = {"who": person.get_full_name(), "what": words}
    return [
        operations.Letter("notices.alert", reader, key, context)
        for reader in _watchers()
        if reader.pk != person.pk
    ]


def _watchers():
    """Return the auditors and the administrators."""
    users = get_user_model().objects.filter(is_active=True, is_staff=True)
    return users.filter(Q(groups__name__in=["auditor", "administrator"])).distinct()
