"""Writing, chaining and verifying the audit log."""

import json
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction

from kernel import changes, portal
from privacy import crypto
from privacy.models import AuditEntry, AuditLink

CHUNK = 2000


def record(action, obj, *, by, at, reason="", **detail):
    """Append one audit entry in the caller's transaction.

    `action` is "app.verb", one that an app declares (kernel.portal, field `verbs`); `obj` a saved model
    instance, `by` a User or None for the system, `detail` holds ids and codes only, never contents.
    Returns the AuditEntry; raises KeyError for a verb nobody declares.
    """
    entry = _entry(action, obj, by=by, at=at, reason=reason, detail=detail)
    entry.save(force_insert=True)
    return entry


def record_many(action, objs, *, by, at, **detail):
    """Append one audit entry for each saved instance of `objs`, in one statement (bulk work)."""
    AuditEntry.objects.bulk_create(
        _entry(action, obj, by=by, at=at, reason="", detail=detail) for obj in objs
    )


def _entry(action, obj, *, by, at, reason, detail):
    if action not in portal.merged("verbs"):
        raise KeyError(action)
    changes.note(action)
    return AuditEntry(
        at=at,
        actor_id=getattr(by, "pk", None),
        action=action,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        reason=reason,
        detail=detail,
    )


def words(action):
    """Return what a verb means, for people to read: the verb itself where nobody declares it any more."""
    return portal.merged("verbs").get(action, action)


def _canonical(entry):
    parts = [entry.pk, entry.at.isoformat(), entry.actor_id, entry.action, entry.object_type]
    parts += [entry.object_id, entry.reason, entry.detail]
    return json.dumps(parts, ensure_ascii=False, sort_keys=True)


def _settled_up_to():
    """Return the newest entry id below which nothing can still be committed, or None when busy.

    An insert takes its table lock before its id, so once a SHARE lock is granted every id that will
    ever be smaller than the newest one is already visible. New writers queue behind the request,
    so it gives up after a fifth of a second: a long import is chained after it ends.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
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
                digest = crypto.keyed_digest(digest, _canonical(entry), key=crypto.AUDIT)
                links.append(AuditLink(entry_id=entry.pk, digest=digest))
            AuditLink.objects.bulk_create(links)
        linked += len(links)
        if len(links) < CHUNK:
            break
    return linked


@dataclass(frozen=True)
class Verdict:
    """What a walk along the chain found.

    `checked` entries agree with their links, `pending` ones are newer than the chain. `entry_id` is
    the first one that does not agree and `fault` says how ("changed", "missing", "inserted"); both
    are empty when the chain holds. `head` is the last digest, worth noting outside the database:
    rows cut off at the very end leave a shorter chain that agrees with itself.
    """

    checked: int
    pending: int
    entry_id: int | None
    fault: str
    head: str

    @property
    def holds(self):
        """Tell whether nothing was found wrong."""
        return self.entry_id is None


def verify():
    """Walk the whole chain in constant memory; returns a Verdict."""
    # Links first: entries read later include all that were linked by then.
    links = AuditLink.objects.order_by("pk").iterator(CHUNK)
    link = next(links, None)
    entries = AuditEntry.objects.order_by("pk").iterator(CHUNK)
    entry = next(entries, None)
    digest, checked, wrong = "", 0, None
    while link is not None and wrong is None:
        if entry is None or entry.pk > link.pk:
            wrong = (link.pk, "missing")
        elif entry.pk < link.pk:
            wrong = (entry.pk, "inserted")
        else:
            expected = crypto.keyed_digest(digest, _canonical(entry), key=crypto.AUDIT)
            if expected != link.digest:
                wrong = (entry.pk, "changed")
            else:
                digest, checked = expected, checked + 1
                link, entry = next(links, None), next(entries, None)
    if wrong:
        return Verdict(checked, 0, *wrong, digest)
    pending = sum(1 for _ in entries) + (entry is not None)
    return Verdict(checked, pending, None, "", digest)
