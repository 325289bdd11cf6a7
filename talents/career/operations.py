"""What happens to the entries of a career. Her pages and the clerks' desk call these."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.errors import Conflict, Invalid, Refused
from kernel.words import in_both_languages
from notices import operations as notices
from privacy import audit
from talents.career import files
from talents.career.kinds import CLERKS_ONLY, SPECS, EntryKind, Tier
from talents.career.models import CareerEntry, Evidence
from talents.career.sources import FactSource, stamp
from talents.models import Talent
from talents.operations.decisions import clean_reason, why_not_decide
from talents.operations.profile import why_not_write
from talents.operations.records import lock_record, save_record

MOST = 300  # entries of one record
KEPT = timedelta(days=30)  # what was deleted can be brought back so long
FIELDS = ("sort", "name", "organisation", "role", "number", "began", "ended")


def why_not_write_entry(talent, kind, by):
    """Return why `by` may not write entries of a kind into a record (DomainError), or None.

    She herself keeps her own, but not what an authority gives; a clerk those of her department's records.
    """
    if by is None or talent.user_id != by.pk:
        return why_not_decide(talent, by)
    if kind in CLERKS_ONLY:
        return Refused("clerks_only", _("人才称号由工作人员登记，如有遗漏请联系所属部门。"))
    return why_not_write(talent)


def why_not_entry(kind, values, today):
    """Return why these values are no entry of a kind (DomainError), or None.

    Arguments:
        values: {name: text or date} of FIELDS. today: the local date; nothing has happened after it, though
            a tier may be granted until later.
    """
    spec = SPECS[EntryKind(kind)]
    for name in spec.asks:
        if name in spec.needs and not values.get(name):
            label = spec.asks[name]
            return Invalid("missing", _("请填写%(label)s。") % {"label": label}, field=name)
    if spec.sorts and values.get("sort") and values["sort"] not in spec.sorts.values:
        return Invalid("unknown_sort", _("请重新选择。"), field="sort")
    for name in ("began", "ended"):
        may_come = name == "ended" and kind == EntryKind.TIER
        if not may_come and values.get(name) and values[name] > today:
            return Invalid("in_future", _("这个时间还没有到，请核对。"), field=name)
    if values.get("began") and values.get("ended") and values["ended"] < values["began"]:
        return Invalid("ends_before", _("结束早于开始，请核对。"), field="ended")
    return None


@transaction.atomic
def save_entry(
    *, talent, kind, values, by, now, entry=None, reason="", evidence=None, drop_evidence=False
):
    """Add an entry to a career, or change one; returns the CareerEntry. Saving the same changes nothing.

    Arguments:
        kind: an EntryKind. values: {name: text or date} of FIELDS, what its kind asks for.
        entry: the one that is changed, None for a new one.
        reason: why a clerk writes it; asked of her alone, and the woman is told.
        evidence: (file name, bytes) of a file that proves it, in place of an earlier one.
        drop_evidence: take the file away.

    Raises what the rules `why_not_write_entry` and `why_not_entry` return, what `files.plain` raises,
    Invalid("too_many"), Invalid("reason_missing"), Conflict("entry_gone").
    """
    if evidence:
        # Before any lock: a picture takes a second.
        if error := why_not_write_entry(talent, kind, by):
            raise error
        evidence = files.plain(evidence)
    talent, reason = _take_up(talent, kind, by, reason)
    values = {name: values.get(name) or _empty(name) for name in FIELDS}
    if error := why_not_entry(kind, values, timezone.localdate(now)):
        raise error
    entry = _locked(entry) if entry else _new(talent, kind, now)
    changed = [n for n in FIELDS if getattr(entry, n) != values[n]]
    files_changed = _keep_file if evidence else _drop_file if drop_evidence else None
    if not changed and not files_changed:
        return entry
    for name in changed:
        setattr(entry, name, values[name])
    _write(entry, talent, by, now)
    if files_changed:
        files_changed(entry, evidence, now)
    _follow_tier(talent, kind, now)
    said = {"files": True} if files_changed else {}
    _record("talents.save_entry", talent, entry, by, now, reason, changed=changed, **said)
    return entry


def _empty(name):
    return None if name in ("began", "ended") else ""


def _take_up(talent, kind, by, reason):
    """Lock the record and ask again of it as it stands; returns it and the reason a clerk has to give."""
    if error := why_not_write_entry(talent, kind, by):
        raise error
    locked = lock_record(talent)
    if locked is None:
        raise _gone()
    if error := why_not_write_entry(locked, kind, by):
        raise error
    if by is not None and by.pk != locked.user_id:
        reason = clean_reason(reason, _("请写明更正的理由，至少四个字。"))
    return locked, reason


def _gone():
    return Conflict("entry_gone", _("这一条已经删除，请刷新页面。"))


def _locked(entry, *, deleted=False):
    """Lock an entry that is there (or, with `deleted`, one that was deleted)."""
    found = CareerEntry.objects.select_for_update(of=("self",)).filter(pk=entry.pk).first()
    if found is None or bool(found.deleted_at) != deleted:
        raise _gone()
    return found


def _new(talent, kind, now):
    if talent.career.kept().count() >= MOST:
        sentence = _("履历最多 %(most)s 条，请先删除不需要的。") % {"most": MOST}
        raise Invalid("too_many", sentence)
    return CareerEntry(talent=talent, kind=kind, created_at=now)


def _write(entry, talent, by, now):
    """Save an entry with who said it; the record counts as changed, so that nobody decides on an older one."""
    herself = by is not None and by.pk == talent.user_id
    entry.source = FactSource.SELF if herself else FactSource.STAFF
    entry.confirmed_at = entry.updated_at = now
    entry.save()
    _touch(talent, now)


def _touch(talent, now):
    talent.updated_at = now
    talent.save(update_fields=["updated_at"])


def _keep_file(entry, evidence, now):
    files.keep(entry, *evidence, now)


def _drop_file(entry, evidence, now):
    Evidence.objects.filter(entry=entry).delete()


def _follow_tier(talent, kind, now):
    """Have the record's tier be the highest she was granted and holds, or what staff gave it apart from those."""
    if kind == EntryKind.TIER and _set_held_tier(talent, timezone.localdate(now)):
        stamp(talent, ["tier"], FactSource.STAFF, now)
        save_record(talent)


def _set_held_tier(talent, day):
    """Set a record's tier in memory to what she holds on a day; returns whether that changed anything."""
    before = talent.tier, talent.tier_apart
    apart = talent.tier if talent.tier_apart is None else talent.tier_apart
    granted = talent.career.kept().filter(kind=EntryKind.TIER).exclude(ended__lt=day)
    held = [sort for sort in granted.values_list("sort", flat=True) if sort]
    talent.tier = max([apart, *held], key=["", *Tier.values].index)
    talent.tier_apart = None if talent.tier == apart else apart
    return before != (talent.tier, talent.tier_apart)


def end_tiers(*, now):
    """Take back from records what a tier that has run out gave them; returns how many were changed."""
    over = CareerEntry.objects.kept().filter(
        kind=EntryKind.TIER, ended__lt=timezone.localdate(now), talent__tier_apart__isnull=False
    )
    pks = over.order_by("talent").values_list("talent", flat=True).distinct()
    return sum(_end_tier(talent, now) for talent in Talent.objects.filter(pk__in=pks))


@transaction.atomic
def _end_tier(talent, now):
    talent = lock_record(talent)
    if talent is None or not _set_held_tier(talent, timezone.localdate(now)):
        return 0
    stamp(talent, ["tier"], FactSource.STAFF, now)
    talent.updated_at = now
    save_record(talent)
    audit.record("talents.end_tier", talent, by=None, at=now, tier=talent.tier)
    return 1


def _record(action, talent, entry, by, now, reason, **detail):
    """Put it on the record's history (`Talent.audit_details` says it in words) and tell her of a clerk's hand."""
    audit.record(
        action,
        talent,
        by=by,
        at=now,
        reason=reason,
        entry=entry.pk,
        entry_kind=str(entry.kind),
        **detail,
    )
    if not talent.user_id or (by is not None and by.pk == talent.user_id):
        return
    words = in_both_languages(lambda: EntryKind(entry.kind).label)
    link = notices.page_link("career")
    key = f"{talent.pk}:{now.timestamp():.6f}:{entry.pk}"
    context = {"name": talent.full_name, "fields": words}
    notices.queue("talents.corrected", to=talent.user, obj=key, at=now, link=link, **context)


@transaction.atomic
def delete_entry(*, entry, by, now, reason=""):
    """Take an entry out of a career; it can be brought back for 30 days. Returns the CareerEntry.

    Deleting one twice changes nothing. Raises what `save_entry` raises.
    """
    talent, reason = _take_up(entry.talent, entry.kind, by, reason)
    found = CareerEntry.objects.select_for_update(of=("self",)).filter(pk=entry.pk).first()
    if found is None:
        raise _gone()
    if found.deleted_at:
        return found
    found.deleted_at = found.updated_at = now
    found.save()
    _touch(talent, now)
    _follow_tier(talent, found.kind, now)
    _record("talents.delete_entry", talent, found, by, now, reason)
    return found


@transaction.atomic
def restore_entry(*, entry, by, now, reason=""):
    """Bring a deleted entry back; returns it. One that is there stays as it is. Raises what `delete_entry` raises."""
    talent, reason = _take_up(entry.talent, entry.kind, by, reason)
    found = CareerEntry.objects.select_for_update(of=("self",)).filter(pk=entry.pk).first()
    if found is None:
        raise _gone()
    if not found.deleted_at:
        return found
    found.deleted_at, found.updated_at = None, now
    found.save()
    _touch(talent, now)
    _follow_tier(talent, found.kind, now)
    _record("talents.restore_entry", talent, found, by, now, reason)
    return found


def why_not_read(entry, by):
    """Return why `by` cannot read what proves an entry (DomainError), or None: she herself may, and who checks her record."""
    if by is not None and by.pk == entry.talent.user_id:
        return None
    return why_not_decide(entry.talent, by)


@transaction.atomic
def read_evidence(*, entry, by, now):
    """Return (file name, bytes) of what proves an entry; that staff read it is on record.

    Raises what `why_not_read` returns, Conflict("entry_gone") where there is no file.
    """
    if error := why_not_read(entry, by):
        raise error
    evidence = Evidence.objects.filter(entry=entry, entry__deleted_at=None).first()
    if evidence is None:
        raise Conflict("entry_gone", _("这份材料已经删除。"))
    if by is None or by.pk != entry.talent.user_id:
        audit.record("talents.read_evidence", entry.talent, by=by, at=now, entry=entry.pk)
    return evidence.file_name, files.read(evidence)
