"""Units stand for their people in one table, and say what changed: of who agreed to be shown to them, and nobody else."""

import hashlib
import json
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.days import begin
from kernel.errors import Invalid
from privacy import audit
from talents.career import keeping
from talents.career.models import UnitConfirmation
from talents.career.sources import FactSource
from talents.models import Proposal, SharedRecord, Talent
from talents.operations.proposals import propose_by_units

OLDEST = timedelta(days=365)
KEPT = timedelta(days=30)  # how long a key is remembered


class Answer(models.TextChoices):
    """What a unit says of one person."""

    CORRECT = "correct", gettext_lazy("仍然准确")
    CHANGED = "changed", gettext_lazy("有变化")
    LEFT = "left", gettext_lazy("已离开本单位")


def why_not_as_of(day, today):
    """Return why a unit cannot stand for its people as of a date (DomainError), or None."""
    if day > today:
        return Invalid("in_future", _("核对日期还没有到，请核对。"), field="as_of")
    if day < today - OLDEST:
        return Invalid("too_old", _("核对日期早于一年前，请重新核对后再提交。"), field="as_of")
    return None


@transaction.atomic
def confirm_people(*, unit_id, answers, as_of, key, now, values=None):
    """Keep what a unit says of its people; returns {"confirmed": n, "asked": n, "proposed": n, "unknown": [codes]}.

    Arguments:
        unit_id: the unit that speaks; its token was checked. answers: {code of a record: an Answer}.
        as_of: the date on which it looked.
        key: the unit's word for this table. The same key with the same table is answered as the first time.
        values: {code: {name of WORK_FIELDS: text}} of what is right instead.

    Who is right is stood for, which takes back what the unit had proposed; of who changed or left nothing is written into
    her record: she is asked, and what the unit says becomes a proposal that a clerk decides.
    Raises Invalid("in_future"), Invalid("too_old"), Invalid("idempotency_key_reused").
    """
    if error := why_not_as_of(as_of, timezone.localdate(now)):
        raise error
    values = values or {}
    digest = _digest(answers, as_of, values)
    kept, new = UnitConfirmation.objects.get_or_create(
        unit_id=unit_id, key=key, defaults={"digest": digest, "at": now}
    )
    if not new:
        return _as_before(kept, digest)
    kept.answer = _carry_out(unit_id, answers, values, as_of, kept, now)
    kept.save(update_fields=["answer"])
    return kept.answer


def _digest(answers, as_of, values):
    text = json.dumps([as_of.isoformat(), sorted(answers.items()), values], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _as_before(kept, digest):
    if kept.digest != digest:
        sentence = _("这个 Idempotency-Key 已用于另一张表，请换一个新的值。")
        raise Invalid("idempotency_key_reused", sentence)
    return kept.answer


def _carry_out(unit_id, answers, values, as_of, kept, now):
    readable = SharedRecord.objects.readable_by(unit_id).filter(code__in=answers)
    rows = Talent.objects.filter(pk__in=readable.values("talent"))
    list(rows.locked().order_by("pk").values_list("pk"))
    # Asked again under the lock: who has withdrawn meanwhile is unknown to the unit.
    found = dict(readable.values_list("code", "talent"))
    right = [pk for code, pk in found.items() if answers[code] == Answer.CORRECT]
    doubtful = [pk for pk in found.values() if pk not in right]
    stand_for(right, as_of, now)
    _ask(doubtful, now)
    said = {found[code]: _said(answers[code], values.get(code, {})) for code in found}
    proposed = _propose(unit_id, said, now)
    for action, pks in (("talents.confirm_people", right), ("talents.question_people", doubtful)):
        people = Talent.objects.filter(pk__in=pks).only("pk")
        audit.record_many(action, people, by=None, at=now, unit=unit_id, table=kept.pk)
    return {
        "confirmed": len(right),
        "asked": len(doubtful),
        "proposed": proposed,
        "unknown": sorted(answers.keys() - found.keys()),
    }


def _said(answer, values):
    """Return what a unit's answer proposes of WORK_FIELDS; who left has at least no unit."""
    return ({"unit_name": ""} if answer == Answer.LEFT else {}) | values


def _propose(unit_id, said, now):
    """Keep what the unit says of these records ({pk: values}) as proposals; returns how many wait now."""
    waiting = Proposal.objects.waiting().filter(unit=unit_id, talent__in=said)
    concerned = {pk for pk, values in said.items() if values}
    concerned.update(waiting.values_list("talent", flat=True))
    people = Talent.objects.filter(pk__in=concerned).select_related("unit").order_by("pk")
    found = propose_by_units([(talent, unit_id, said[talent.pk]) for talent in people], now=now)
    return len([proposal for proposal in found if proposal])


def stand_for(pks, as_of, now):
    """Note that the unit stood for these records on that date, where nobody has done so since."""
    at = now if as_of == timezone.localdate(now) else begin(as_of)
    older = models.Q(confirmed_at=None) | models.Q(confirmed_at__lt=at)
    Talent.objects.filter(older, pk__in=pks).update(
        confirmed_at=at,
        confirmed_by=FactSource.UNIT,
        confirm_from=keeping.ask_again(at),
        confirm_asked_at=None,
    )


def _ask(pks, now):
    """Have the women be asked to look their records through, who are not being asked already."""
    later = models.Q(confirm_from=None) | models.Q(confirm_from__gt=now)
    Talent.objects.filter(later, pk__in=pks).update(confirm_from=now, confirm_asked_at=None)


def forget_keys(*, now):
    """Forget the tables of a month ago: no client repeats a request so late."""
    UnitConfirmation.objects.filter(at__lt=now - KEPT).delete()
