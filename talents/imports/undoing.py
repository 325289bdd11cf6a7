"""Taking back what a run wrote: what depends on it, and the way back.

What is taken back is no longer marked as applied (`ImportRow.applied_at`), in the transaction that takes it
back: a killed worker leaves whole chunks, and the next one goes on with what is still marked.
"""

from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from kernel.errors import Conflict
from kernel.words import listed
from privacy import audit
from talents.career import keeping
from talents.career.sources import FactSource
from talents.imports import matching, rows
from talents.imports.models import ImportRow, ImportState, Outcome
from talents.imports.problems import Problem
from talents.imports.records import save_many
from talents.models import CareerEntry, CareerSnapshot, Pair, Proposal, ProposalState, Talent

MOST_NAMED = 5
# What comes with every import and goes with what it made.
OWN = (ImportRow, CareerSnapshot, Pair)


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
    gone = written(run).filter(talent=None).count()
    if gone:
        yield _("资料已不存在"), _("%(count)s 人") % {"count": gone}
    for reason, found in _questions(written(run)):
        if people := _named(found):
            yield reason, people


def _questions(lines):
    """Return (what depends, the records it depends on) of all that may depend on what `lines` wrote."""
    created = Talent.objects.filter(
        pk__in=lines.filter(outcome=Outcome.CREATE).order_by().values("talent")
    )
    return [
        (_("本人已认领"), created.exclude(user=None)),
        (_("导入后资料有改动"), _changed_since(lines)),
        *(
            (_("已有“%(what)s”") % {"what": what}, created.filter(has))
            for what, has in _references()
        ),
    ]


def _changed_since(lines):
    """Return the records that were changed after the last of these rows wrote them."""
    last = lines.order_by().values("talent").annotate(last=Max("applied_at"))
    changed = last.filter(talent__updated_at__gt=F("last"))
    return Talent.objects.filter(pk__in=changed.values("talent"))


def _references():
    """Return (what it is called, whether a record has one) of everything that refers to a record."""
    fields = Talent._meta.get_fields(include_hidden=True)
    relations = [f for f in fields if f.one_to_many or f.one_to_one]
    return [
        (relation.related_model._meta.verbose_name, _has(relation))
        for relation in relations
        if relation.auto_created and relation.related_model not in OWN
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


def take_back(run, *, below, most, now):
    """Take back up to `most` of the rows a run wrote, the last ones first, in the caller's transaction.

    A record something has come to depend on stays as it is. `below` (None at first) is the row number to go
    on from. Returns (rows looked at, `below` for the next call or None when none are left).
    """
    lines = written(run).filter(number__lt=below) if below else written(run)
    found = list(lines.order_by("-number").values_list("number", "talent")[:most])
    if not found:
        return 0, None
    people = {pk for _number, pk in found if pk}
    talents = _locked(people)
    lines = written(run).filter(talent__in=people)  # all of a person's rows at once
    kept = {
        pk for _reason, records in _questions(lines) for pk in records.values_list("pk", flat=True)
    }
    _take_back(run, lines.exclude(talent__in=kept), talents, now)
    return len(found), found[-1][0]


def _locked(people):
    """Return {pk: Talent} as they stand, locked with their keys: some are deleted, so nothing may come to name them."""
    records = Talent.objects.select_for_update(of=("self",)).select_related("unit")
    return {talent.pk: talent for talent in records.filter(pk__in=people).order_by("pk")}


def _take_back(run, lines, talents, now):
    """Delete the records these rows created and restore those they changed."""
    created, restored, marks = set(), {}, []
    for record in lines.order_by("-number"):
        marks.append(record.pk)
        if record.outcome == Outcome.CREATE:
            created.add(record.talent_id)
        elif matching.restore(talents[record.talent_id], rows.changes(record), rows.beside(record)):
            restored[record.talent_id] = talents[record.talent_id]
    for talent in restored.values():
        talent.updated_at = now
    changed = [talent for pk, talent in restored.items() if pk not in created]
    with keeping.setting_right():
        save_many(changed, user=run.undone_by, now=now)
    # What the run took for her past was never that.
    made = CareerEntry.objects.filter(source=FactSource.IMPORT, created_at__gte=run.confirmed_at)
    made.filter(talent__in=restored).delete()
    audit.record_many("talents.restore_by_undo", changed, by=run.undone_by, at=now, run=run.pk)
    run.rows.filter(pk__in=marks).update(applied_at=None)
    run.rows.filter(talent__in=created).update(talent=None)
    Talent.objects.filter(pk__in=created).delete()


def rest(run, problem=None):
    """Have a run stand as it stood before it was to be taken back, in memory; `problem` is shown with it."""
    is_whole = run.rows.count() == run.total
    run.state = ImportState.DONE if is_whole else ImportState.CANCELLED
    run.failure, run.worker = problem and problem.stored, ""


def finish(run, now):
    """Say that a run is taken back, or how much of it had to stay; what it proposed is proposed no more."""
    _withdraw_proposed(run, now)
    if kept := written(run).count():
        rest(run, Problem.of("undo_kept", count=kept))
    else:
        run.state, run.undone_at, run.worker, run.failure = ImportState.UNDONE, now, "", None
    run.save()
    back = run.rows.filter(applied_at=None)
    audit.record(
        "talents.finish_undo_import",
        run,
        by=run.undone_by,
        at=now,
        deleted=back.filter(outcome=Outcome.CREATE).count(),
        restored=back.filter(outcome=Outcome.UPDATE).count(),
    )


def _withdraw_proposed(run, now):
    concerned = run.rows.exclude(talent=None).values("talent")
    written_then = {"proposed_at__range": (run.confirmed_at, run.finished_at)}
    proposals = Proposal.objects.waiting().exclude(unit=None).select_related("talent")
    proposals = proposals.filter(talent__in=concerned, **written_then).order_by("pk")
    found = list(proposals.select_for_update(of=("self",)))
    ended = Proposal.objects.filter(pk__in=[proposal.pk for proposal in found])
    ended.update(state=ProposalState.WITHDRAWN, decided_at=now)
    talents = [proposal.talent for proposal in found]
    audit.record_many("talents.withdraw_change", talents, by=run.undone_by, at=now, run=run.pk)
