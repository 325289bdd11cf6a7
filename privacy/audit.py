"""Writing, chaining and verifying the audit log."""

import json
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from kernel import changes, portal, rows
from privacy import anchors, crypto
from privacy.models import AuditBase, AuditEntry, AuditLink

CHUNK = 2000


def record(action, obj, *, by, at, reason="", **detail):
    """Append one audit entry in the caller's transaction.

    `action` is "app.verb", one that an app declares (kernel.portal, field `verbs`); `obj` a saved model
    instance, `by` a User or None for the system, `detail` holds ids and codes only, never contents. Of a reason
    that may quote somebody's words `detail` says `reason_in`, the field of `obj` that holds it: what stands there
    can be emptied when she is erased, what stands in the log cannot.
    Returns the AuditEntry; raises KeyError for a verb nobody declares.
    """
    entry = _entry(action, obj, by=by, at=at, reason=reason, detail=detail)
    rows.insert(entry)
    return entry


def record_many(action, objs, *, by, at, **detail):
    """Append one audit entry for each saved instance of `objs`, in one statement (bulk work)."""
    record_each(action, [(obj, detail) for obj in objs], by=by, at=at)


def record_each(action, pairs, *, by, at):
    """Append one audit entry for each (saved instance, its own `detail`) of `pairs`, in one statement."""
    AuditEntry.objects.bulk_create(
        _entry(action, obj, by=by, at=at, reason="", detail=detail) for obj, detail in pairs
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


def is_newest(action, obj, *, by):
    """Tell whether the newest entry about a row is this action by this person: the same form came twice."""
    about = AuditEntry.objects.filter(
        object_type=obj._meta.label_lower, object_id=str(obj.pk)
    ).order_by("-pk")
    return about.values_list("action", "actor_id").first() == (action, by.pk)


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


def base():
    """Return the AuditBase the log begins behind, None where nothing was ever cut."""
    return AuditBase.objects.order_by("-entry_id").first()


def seal_of(base):
    """Return what the seal of an AuditBase has to be."""
    said = [base.entry_id, base.digest, base.removed, base.at.isoformat()]
    return crypto.keyed_digest("base", json.dumps(said), key=crypto.AUDIT)


def chain():
    """Link every settled entry that has no link yet; returns how many were linked. Safe to repeat.

    The new head is noted outside the database once it is committed.
    """
    newest = _settled_up_to()
    linked, head = 0, None
    while newest:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE privacy_auditlink IN EXCLUSIVE MODE")
            last = AuditLink.objects.order_by("-pk").first() or base()
            digest, after = (last.digest, last.entry_id) if last else ("", 0)
            links = []
            for entry in AuditEntry.objects.filter(pk__gt=after, pk__lte=newest).order_by("pk")[
                :CHUNK
            ]:
                digest = _digest(digest, entry)
                links.append(AuditLink(entry_id=entry.pk, digest=digest))
            AuditLink.objects.bulk_create(links)
        linked += len(links)
        head = links[-1] if links else head
        if len(links) < CHUNK:
            break
    if head:
        anchors.note(head.entry_id, head.digest, at=timezone.now())
    return linked


@dataclass(frozen=True)
class Verdict:
    """What a walk along the chain found.

    `checked` entries agree with their links, `pending` ones are newer than the chain. `entry_id` is
    the first one that does not agree and `fault` says how: "changed", "missing", "inserted", or
    "rewritten" where the chain agrees with itself and not with the head that was noted outside the
    database (privacy.anchors), or "base" where the recorded beginning is not sealed; both are empty when the
    chain holds. `head` is the last digest, `anchored` how many noted heads it agrees with, `base` the number of
    the last entry that went by rule.
    """

    checked: int
    pending: int
    entry_id: int | None
    fault: str
    head: str
    anchored: int = 0
    base: int = 0

    @property
    def holds(self):
        """Tell whether nothing was found wrong."""
        return self.entry_id is None


class _Anchors:
    """The noted heads beside the chain: asked at each link, which comes in rising order.

    Those before the beginning went with their entries.
    """

    def __init__(self, base):
        self.noted = (head for head in anchors.noted() if base is None or head[0] >= base.entry_id)
        self.next = next(self.noted, None)
        self.agreed = 0

    def fault_at(self, link):
        """Return (entry id, fault) where a noted head up to this link is not the chain's, else None."""
        if self.next is None or self.next[0] > link.entry_id:
            return None
        entry_id, digest = self.next
        if entry_id < link.entry_id:
            return entry_id, "missing"
        if digest != link.digest:
            return entry_id, "rewritten"
        self.agreed += 1
        self.next = next(self.noted, None)
        return None

    def beyond(self):
        """Return (entry id, fault) where a head was noted behind the chain's end, else None."""
        return (self.next[0], "missing") if self.next else None


def verify():
    """Walk the whole chain in constant memory; returns a Verdict. Begun anew where the log was cut meanwhile."""
    begins = base()
    verdict = _walk(begins)
    return verdict if verdict.holds or base() == begins else verify()


def holds_up_to(last):
    """Tell whether the chain holds from its beginning up to the link of entry `last`."""
    verdict = _walk(base(), last)
    return verdict.holds and verdict.pending == 0


def _walk(begins, last=None):
    # Anchors before links, links before entries: what is read later includes all that was read first.
    heads = _Anchors(begins)
    if wrong := begins and _fault_of(begins, heads):
        return Verdict(0, 0, *wrong, begins.digest)
    links = _up_to(last, AuditLink)
    link = next(links, None)
    entries = _up_to(last, AuditEntry)
    entry = next(entries, None)
    digest, checked, wrong = begins.digest if begins else "", 0, None
    if begins and entry and entry.pk <= begins.entry_id:
        wrong = entry.pk, "inserted"
    while link is not None and wrong is None:
        expected = _digest(digest, entry) if entry and entry.pk == link.pk else ""
        wrong = _fault(link, entry, expected) or heads.fault_at(link)
        if wrong is None:
            digest, checked = expected, checked + 1
            link, entry = next(links, None), next(entries, None)
    wrong = wrong or (heads.beyond() if last is None else None)
    if wrong:
        return Verdict(checked, 0, *wrong, digest, heads.agreed)
    pending = sum(1 for _ in entries) + (entry is not None)
    return Verdict(
        checked, pending, None, "", digest, heads.agreed, begins.entry_id if begins else 0
    )


def _up_to(last, model):
    rows = model.objects.order_by("pk")
    return (rows if last is None else rows.filter(pk__lte=last)).iterator(CHUNK)


def _fault_of(begins, heads):
    """Return (entry id, fault) where the recorded beginning was not sealed by a cut, or is not what was noted, else None."""
    if begins.seal != seal_of(begins):
        return begins.entry_id, "base"
    return heads.fault_at(begins) if heads.next and heads.next[0] == begins.entry_id else None


def _digest(before, entry):
    return crypto.keyed_digest(before, _canonical(entry), key=crypto.AUDIT)


def _fault(link, entry, expected):
    """Return (entry id, fault) where an entry and its link do not agree, else None."""
    if entry is None or entry.pk > link.pk:
        return link.pk, "missing"
    if entry.pk < link.pk:
        return entry.pk, "inserted"
    return None if expected == link.digest else (entry.pk, "changed")
