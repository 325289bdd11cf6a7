"""Taking back what a run wrote: what depends on it, and the way back."""

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from kernel.errors import Conflict
from kernel.words import listed
from privacy import audit
from talents.imports import matching, rows
from talents.imports.models import ImportRow, ImportState, Outcome
from talents.models import Talent

MOST_NAMED = 5
CHUNK = 500


def written(run):
    """Return the rows of a run that wrote something."""
    return run.rows.filter(outcome__in=(Outcome.CREATE, Outcome.UPDATE)).exclude(applied_at=None)


def why_not(run):
    """Return Conflict("depended_on") that names what depends on the records a run wrote, or None."""
    reasons = [
        _("%(people)s：%(reason)s") % {"people": people, "reason": reason}
        for reason, people in _dependent(run)
    ]
    if not reasons:
        return None
    return Conflict(
        "depended_on",
        _("不能撤销，因为已有后续办理：%(reasons)s。请逐条更正。")
        % {"reasons": "；".join(reasons)},
    )


def _dependent(run):
    """Yield (what depends, whose records) in words."""
    records = Talent.objects.filter(pk__in=written(run).values("talent"))
    created = Talent.objects.filter(
        pk__in=written(run).filter(outcome=Outcome.CREATE).values("talent")
    )
    gone = written(run).filter(talent=None)
    if gone.exists():
        yield _("资料已不存在"), _("%(count)s 人") % {"count": gone.count()}
    questions = [
        (_("本人已认领"), created.exclude(user=None)),
        (_("导入后资料有改动"), _changed_since(run, records)),
        *(
            (_("已有“%(what)s”") % {"what": what}, created.filter(has))
            for what, has in _references()
        ),
    ]
    for reason, found in questions:
        if people := _named(found):
            yield reason, people


def _changed_since(run, records):
    """Return the records that were changed after this run wrote them."""
    lines = written(run).filter(talent__updated_at__gt=F("applied_at"))
    return records.filter(pk__in=lines.values("talent"))


def _references():
    """Return (what it is called, whether a record has one) of everything that refers to a record."""
    fields = Talent._meta.get_fields(include_hidden=True)
    relations = [f for f in fields if f.one_to_many or f.one_to_one]
    return [
        (relation.related_model._meta.verbose_name, _has(relation))
        for relation in relations
        if relation.auto_created and relation.related_model is not ImportRow
    ]


def _has(relation):
    people = relation.related_model._base_manager.exclude(**{relation.field.name: None})
    return Q(pk__in=people.values(relation.field.attname))


def _named(records):
    """Return the first few people by name, and how many they are; "" for none."""
    count = records.count()
    names = listed(records.order_by("pk").values_list("full_name", flat=True)[:MOST_NAMED])
    if count > MOST_NAMED:
        return _("%(names)s等 %(count)s 人") % {"names": names, "count": count}
    return names


def _take_back(run, now):
    """Delete the records a run created and restore those it changed, in the caller's transaction.

    Raises Conflict as `why_not` returns it.
    """
    numbers = list(written(run).order_by("-number").values_list("talent", flat=True))
    list(Talent.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk"))
    if error := why_not(run):
        raise error
    created, restored = [], {}
    for record in written(run).order_by("-number").iterator(CHUNK):
        if record.outcome == Outcome.CREATE:
            created.append(record.talent_id)
            continue
        talent = restored.get(record.talent_id) or Talent.objects.get(pk=record.talent_id)
        if not matching.restore(talent, rows.changes(record)):
            raise Conflict("depended_on", _("不能撤销：导入后资料有改动。"))
        talent.updated_at = now
        restored[talent.pk] = talent
    for talent in restored.values():
        talent.save()
    _forget(run, created)
    audit.record_many(
        "talents.restore_by_undo", list(restored.values()), by=run.undone_by, at=now, run=run.pk
    )
    return len(created), len(restored)


def _forget(run, created):
    """Delete the records a run created; nothing refers to them but its own rows."""
    run.rows.filter(talent__in=created).update(talent=None)
    for start in range(0, len(created), CHUNK):
        Talent.objects.filter(pk__in=created[start : start + CHUNK]).delete()


@transaction.atomic
def finish(run, now):
    """Take a run back and say so; a run something has come to depend on meanwhile stays as it was written."""
    try:
        with transaction.atomic():
            deleted, restored = _take_back(run, now)
    except Conflict:
        run.state, run.worker = ImportState.DONE, ""
        run.save()
        return
    run.state, run.undone_at, run.worker = ImportState.UNDONE, now, ""
    run.save()
    audit.record(
        "talents.finish_undo_import",
        run,
        by=run.undone_by,
        at=now,
        deleted=deleted,
        restored=restored,
    )
