"""What the app holds about one person: her answers, the copies she asked for, what she did."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.portal import Group
from privacy.models import AuditEntry, Consent, DataCopy

MOST_ENTRIES = 5000


def collect(user):
    """Return her consents, her copies and the newest entries of the log about what she did herself."""
    entries = AuditEntry.objects.filter(actor_id=user.pk).order_by("-pk")[:MOST_ENTRIES]
    return [
        Group(
            _("个人信息授权"),
            Consent.objects.filter(user=user).order_by("pk"),
            (
                "purpose",
                "about",
                "recipient",
                "granted",
                "good_until",
                "text_version",
                "source",
                "at",
            ),
        ),
        Group(
            _("个人信息副本"),
            DataCopy.objects.filter(user=user).order_by("pk"),
            ("requested_at", "state", "ready_at", "expires_at"),
        ),
        Group(_("操作记录"), entries, ("at", ("action_words", _("动作")))),
    ]


def lost(person, now):
    """Say what stays of answers and log: the proof, without her name."""
    return [
        gettext("您同意或撤回授权的记录、操作日志按法律要求保留，只剩编号，不再能对应到您。"),
    ]


def erase(person, now):
    """Delete her copies. Answers and log are append-only and hold keys and codes, no names."""
    if person.user is None:
        return 0
    return DataCopy.objects.filter(user=person.user).delete()[0]


def old_copies(before):
    """Return what only says that a copy was asked for."""
    return DataCopy.objects.exclude(state="requested").filter(requested_at__lte=before)
