"""Advantages: registered by an app or by staff, ended early, put back, listed for export."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls import advantages_rules as rules
from calls.advantages import EXPORT
from calls.models import Advantage
from kernel import reasons
from kernel.days import DAY
from kernel.errors import Refused
from privacy import audit


@transaction.atomic
def register_advantage(
    *,
    kind,
    words,
    measure,
    first_day,
    last_day,
    source,
    unit=None,
    talent=None,
    words_en="",
    department=None,
    by,
    now,
):
    """Let a unit or a person be preferred from `first_day` to `last_day` (dates, both included).

    `kind` is a code of the app's or of staff's own: of one kind a holder has one at a time. `source` says in words on what
    it rests; `department` (None: that of `by`) answers for it. Asked again with the same days it is the same one. Raises
    Refused, Invalid, Conflict("advantage_overlaps"). Returns the Advantage.
    """
    if error := rules.why_not_grant(by):
        raise error
    row = Advantage(
        kind=kind,
        words=(words or "").strip(),
        words_en=words_en.strip(),
        measure=measure,
        unit=unit,
        talent=talent,
        first_day=first_day,
        last_day=last_day,
        source=(source or "").strip(),
        department=department or getattr(by, "department", None),
        granted_by=by,
        granted_at=now,
    )
    if found := _same(row):
        return found
    if error := rules.why_not_facts(row):
        raise error
    _store(row)
    audit.record("calls.register_advantage", row, by=by, at=now)
    return row


def _same(row):
    """Return the one that says the same already, None where there is none."""
    names = ("kind", "unit", "talent", "first_day", "last_day", "words", "source", "measure")
    rows = Advantage.objects.filter(ended_at=None, **{name: getattr(row, name) for name in names})
    return rows.first() if row.unit or row.talent else None


def _store(row):
    """Save one; raises Conflict where somebody was quicker."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise rules.why_not_beside(row) or error from error


def _locked(advantage, by):
    if error := rules.why_not_run(advantage, by):
        raise error
    return Advantage.objects.select_for_update(of=("self",), no_key=True).get(pk=advantage.pk)


@transaction.atomic
def end_advantage(*, advantage, reason, by, now):
    """End one before its day: from today on it holds no more. Twice is once. Returns the Advantage."""
    row = _locked(advantage, by)
    if row.ended_at:
        return row
    if error := rules.why_not_end(row, now):
        raise error
    reason = reasons.clean(reason, _("请写明提前结束的原因。"))
    yesterday = timezone.localdate(now) - DAY
    row.planned_last_day, row.last_day = row.last_day, max(yesterday, row.first_day - DAY)
    row.ended_at, row.end_reason = now, reason
    row.save(update_fields=["planned_last_day", "last_day", "ended_at", "end_reason"])
    audit.record("calls.end_advantage", row, by=by, at=now, reason=reason)
    return row


@transaction.atomic
def undo_end_advantage(*, advantage, by, now):
    """Let one hold until its day again that was ended by mistake, where nothing else stands there. Returns the Advantage."""
    row = _locked(advantage, by)
    if error := rules.why_not_undo_end(row):
        raise error
    row.last_day, row.planned_last_day = row.planned_last_day, None
    row.ended_at, row.end_reason = None, ""
    if error := rules.why_not_beside(row):
        raise error
    _store(row)
    audit.record("calls.undo_end_advantage", row, by=by, at=now)
    return row


@transaction.atomic
def export_advantages(*, rows, by, now):
    """Note that the list is taken out; returns those of `rows` that `by` may see, the newest first. Raises Refused."""
    if by is not None and not by.has_perm(EXPORT):
        raise Refused("not_allowed", _("您没有导出优先条件的权限，请联系系统管理员。"))
    seen = rows if by is None else rows.filter(pk__in=Advantage.objects.visible_to(by).values("pk"))
    found = list(seen.select_related("unit", "talent", "department").order_by("-pk"))
    if found:
        audit.record("calls.export_advantages", found[0], by=by, at=now, count=len(found))
    return found
