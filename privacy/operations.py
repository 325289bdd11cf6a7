"""Reading that leaves a trace: personal data in full, and the audit log itself."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import rights
from kernel.errors import Invalid, Refused
from privacy import audit, limits
from privacy.fields import EncryptedTextField

SHORTEST_REASON = 4


def read_audit(*, by, now, **detail):
    """Record that `by` reads the audit log; `detail` says which part, in names and ids. Raises Refused."""
    rights.require(by, "privacy.view_auditentry")
    audit.record("privacy.read_audit", by, by=by, at=now, **detail)


@transaction.atomic
def reveal(*, obj, field, by, reason, now):
    """Return the plain text of an encrypted `field` of `obj`, and record who read it and why.

    `by` needs the permission "<app>.reveal_<model>" and must be able to see the record itself
    (`visible_to`). `reason` has at least four characters. Raises Refused("reveal_not_allowed"),
    Refused("too_many_reveals") (privacy.limits) or Invalid("reason_too_short"); returns "" for an empty
    field, which is recorded as well.
    """
    model = type(obj)
    options = model._meta
    if not isinstance(options.get_field(field), EncryptedTextField):
        raise TypeError(f"{options.label}.{field} is not an encrypted field")
    if by is None or not by.has_perm(f"{options.app_label}.reveal_{options.model_name}"):
        raise Refused("reveal_not_allowed", _("您没有查看完整信息的权限，请联系管理员。"))
    rows = model._default_manager.all()
    if hasattr(rows, "visible_to"):
        rows = rows.visible_to(by)
    if not rows.filter(pk=obj.pk).exists():
        raise Refused("reveal_not_allowed", _("这条记录不在您的查看范围内。"))
    reason = (reason or "").strip()
    if len(reason) < SHORTEST_REASON:
        raise Invalid("reason_too_short", _("请写明查看理由，至少四个字。"), field="reason")
    limits.lock(by)
    if error := limits.why_not_reveal(by, now):
        raise error
    audit.record("privacy.reveal", obj, by=by, at=now, reason=reason, field=field)
    limits.count_reveal(by=by, now=now)
    return getattr(obj, field) or ""
