"""What the app holds about one person: her answers, the copies she asked for, what she did."""

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
            ("purpose", "granted", "text_version", "source", "at"),
        ),
        Group(
            _("个人信息副本"),
            DataCopy.objects.filter(user=user).order_by("pk"),
            ("requested_at", "state", "ready_at", "expires_at"),
        ),
        Group(_("操作记录"), entries, ("at", ("action_words", _("动作")))),
    ]
