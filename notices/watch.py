"""What lower apps cannot tell by themselves: privacy and accounts write it down, from here it is told.

The audit entry is the outbox: each is told once (the notice's key is the entry), and a run that was missed is
made up for within LOOK_BACK.
"""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q

from accounts import joint
from accounts.models import JointAction
from kernel import portal
from kernel.words import in_both_languages
from notices import operations
from privacy.models import AuditEntry

LOOK_BACK = timedelta(days=2)
# What was done to an account, and the kind its owner is told of it by.
TOLD = {
    "accounts.replace_phone": "notices.phone_replaced",
    "accounts.reset_second_factor": "notices.factor_reset",
    "privacy.make_copy": "notices.data_copy",
}
ALERT = "privacy.alert"
CHANGED = "accounts.change_user"  # she is told where her account was closed with it
# What became of something two people do: those it is about and who asked for it are told.
JOINT = {
    "accounts.ask_joint": "notices.joint_asked",
    "accounts.confirm_joint": "notices.joint_done",
    "accounts.refuse_joint": "notices.joint_ended",
    "accounts.withdraw_joint": "notices.joint_ended",
    "accounts.expire_joint": "notices.joint_ended",
}


@transaction.atomic
def tell(*, now):
    """Queue what the audit log of the last days holds and nobody was told of yet; returns how many were new."""
    verbs = [*TOLD, *JOINT, ALERT, CHANGED]
    entries = AuditEntry.objects.filter(action__in=verbs, at__gt=now - LOOK_BACK).order_by("pk")
    letters = [letter for entry in entries for letter in _letters(entry)]
    return len(operations.queue_all(letters, at=now))


def _letters(entry):
    key = f"audit:{entry.pk}"
    if entry.action in JOINT:
        return _joint_letters(entry, key)
    person = get_user_model().objects.filter(pk=entry.object_id).first()
    if person is None:
        return []
    if entry.action in TOLD:
        return [operations.Letter(TOLD[entry.action], person, key)]
    if entry.action == CHANGED:
        told = entry.detail.get("closed")  # told even if it was opened again meanwhile
        return [operations.Letter("notices.account_closed", person, key)] if told else []
    words = in_both_languages(lambda: _alert_words(entry.detail["kind"]))
    context = {"who": person.get_full_name(), "what": words}
    return [
        operations.Letter("notices.alert", reader, key, context)
        for reader in _watchers()
        if reader.pk != person.pk
    ]


def _joint_letters(entry, key):
    action = JointAction.objects.filter(pk=entry.object_id).first()
    if action is None or entry.object_type != JointAction._meta.label_lower:
        return []
    told = [action.person, action.beneficiary]
    if entry.action == "accounts.confirm_joint" and joint.kinds()[action.kind].tells:
        told = [action.beneficiary]
    if entry.action != "accounts.ask_joint":
        told.append(action.requested_by)
    words = in_both_languages(lambda: joint.kinds()[action.kind].words)
    who = action.requested_by.get_full_name() if action.requested_by else "—"
    context = {"who": who, "what": words}
    kind = JOINT[entry.action]
    return [operations.Letter(kind, reader, key, context) for reader in told if reader]


def _watchers():
    """Return the auditors and the administrators."""
    users = get_user_model().objects.filter(is_active=True, is_staff=True)
    return users.filter(Q(groups__name__in=["auditor", "administrator"])).distinct()


def _alert_words(kind):
    """Say an alert; one that no app declares (any more) goes out by its code rather than holding up the others."""
    return portal.merged("alerts").get(kind, kind)
