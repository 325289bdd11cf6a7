"""Writing, chaining and verifying the audit log."""

import json

from django.db import OperationalError, connection, transaction

from privacy import crypto
from privacy.models import AuditEntry, AuditLink

CHUNK = 2000


def record(action, obj, *, by, at, reason="", **detail):
    """Append one audit entry in the caller's transaction.

    `action` is "app.verb", `obj` a saved model instance, `by` a User or None for the system, `detail`
    holds ids and codes only, never contents. Returns the AuditEntry.
    """
    return AuditEntry.objects.create(
        at=at,
        actor_id=getattr(by, "pk", None),
        action=action,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        reason=reason,
        detail=detail,
    )


def _canonical(entry):
    parts = [entry.pk, entry.at.isoformat(), entry.actor_id, entry.action, entry.object_type]
    parts += [entry.object_id, entry.reason, entry.detail]
    return json.dumps(parts, ensure_ascii=False, sort_keys=True)


def _settled_up_to():
    """Return the newest entry id below which nothing can still be committed, or None when busy.

    An insert takes its table lock before its id, so once a SHARE lock is granted every id that will
    ever be smaller than the newest one is already visible. Writers wait only while we hold it.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute("LOCK TABLE privacy_auditentry IN SHARE MODE")
            return AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
    except OperationalError:
        return None


def chain():
    """Link every settled entry that has no link yet; returns how many were linked. Safe to repeat."""
    newest = _settled_up_to()
    linked = 0
    while newest:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE privacy_auditlink IN EXCLUSIVE MODE")
            last = AuditLink.objects.order_by("-pk").first()
            digest, after = (last.digest, last.pk) if last else ("", 0)
            links = []
            for entry in AuditEntry.objects.filter(pk__gt=after, pk__lte=newest).order_by("pk")[
                :CHUNK
            ]:
                digest = crypto.keyed_digest(digest, _canonical(entry))
                links.append(AuditLink(entry_id=entry.pk, digest=digest))
            AuditLink.objects.bulk_create(links)
        linked += len(links)
        if len(links) < CHUNK:
            break
    return linked


def verify():
    """Walk the chain; returns (checked, pending, first bad entry id or None, what is wrong or "")."""
    digest, checked = "", 0
    links = AuditLink.objects.order_by("pk").iterator(CHUNK)
    entries = AuditEntry.objects.order_by("pk").iterator(CHUNK)
    entry = next(entries, None)
    for link in links:
        if entry is None or entry.pk > link.pk:
            return checked, 0, link.pk, "missing"
        if entry.pk < link.pk:
            return checked, 0, entry.pk, "inserted"
        digest = crypto.keyed_digest(digest, _canonical(entry))
        if digest != link.digest:
            return checked, 0, entry.pk, "changed"
        checked += 1
        entry = next(entries, None)
    pending = 0
    while entry is not None:
        pending += 1
        entry = next(entries, None)
    return checked, pending, None, ""
