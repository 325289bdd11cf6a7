"""A unit's endorsement is written down, by the unit itself or by a clerk who holds its paper, and taken back."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.errors import Conflict, Refused
from notices import operations as notices
from privacy import audit
from privacy.models import Consent
from talents.endorsing import Endorsement
from talents.models import UNIT_SHARING, Talent
from talents.operations.decisions import clean_reason, lock_to_decide, why_not_decide

# A unit that changes its mind more often of one woman plays with her: each is on record, and she is told.
MOST_A_DAY = 3
TOO_OFTEN = gettext_lazy("一天之内对同一人反复推荐、撤回的次数太多，请明天再试。")
# Handed in and not in the database yet: where an endorsement is of use, and after that it may be renewed.
ENDORSED_IN = ("submitted", "returned", "verified")


def why_not_endorse(talent, by):
    """Return why `by` cannot write down her unit's endorsement (DomainError), or None."""
    if error := why_not_decide(talent, by):
        return error
    if talent.state not in ENDORSED_IN:
        return Conflict("not_handed_in", _("档案提交以后，才能登记单位推荐意见。"))
    if talent.unit_id is None:
        sentence = _("她的单位还没有收录，请先更正单位，再登记单位推荐意见。")
        return Conflict("unit_unknown", sentence)
    if endorsement_of(talent):
        return Conflict("already_endorsed", _("已有这个单位的推荐意见，不用再登记。"))
    return None


def why_not_take_back(talent, by):
    """Return why `by` cannot take her unit's endorsement back (DomainError), or None."""
    if error := why_not_decide(talent, by):
        return error
    if endorsement_of(talent) is None:
        return Conflict("not_endorsed", _("没有单位推荐意见，不用撤回。"))
    return None


def endorsement_of(talent):
    """Return the endorsement of her present unit that stands, or None."""
    if talent.unit_id is None:
        return None
    return talent.endorsements.standing().filter(unit=talent.unit_id).first()


@transaction.atomic
def endorse(*, talent, reason, by, now):
    """Write down, on its paper, that her unit endorses her; returns the Endorsement.

    `reason` says which paper. Raises Refused as `verify` does, Conflict("already_endorsed", "not_handed_in",
    "unit_unknown"), Invalid("reason_missing", "reason_too_long").
    """
    talent = lock_to_decide(talent, by)
    if error := why_not_endorse(talent, by):
        raise error
    reason = clean_reason(reason, _("请写明依据，例如盖章的推荐表，至少四个字。"))
    return _write(talent, talent.unit, by, now, reason)


@transaction.atomic
def take_back_endorsement(*, talent, reason, by, now):
    """Take her unit's endorsement back; returns the Endorsement.

    Raises Refused as `verify` does, Conflict("not_endorsed"), Invalid("reason_missing", "reason_too_long").
    """
    talent = lock_to_decide(talent, by)
    if error := why_not_take_back(talent, by):
        raise error
    reason = clean_reason(reason, _("请写明撤回的理由，至少四个字。"))
    return _end(endorsement_of(talent), talent, by, now, reason)


# --- the unit itself -------------------------------------------------------------------------------
def endorsable(unit, code, full_name):
    """Return the record of a unit's own woman by its code and her name, or None.

    Only of who agreed to be shown to her unit, or handed in a record that names it and never said no to that. A unit
    gives what it knows, the code she told it or the API did, and her name: a wrong guess, somebody else's woman, one
    who has withdrawn and one who never was are the same to it.
    """
    rows = Talent.objects.filter(code=code, unit=unit, state__in=ENDORSED_IN, moved_away_on=None)
    talent = rows.filter(full_name=full_name).first() if full_name else None
    if talent is None or talent.user_id is None:
        return None
    answers = Consent.objects.filter(user=talent.user_id, purpose=UNIT_SHARING).order_by("-pk")
    newest = answers.values_list("granted", flat=True).first()
    hers = newest if talent.is_verified else newest is not False
    return talent if hers else None


def unknown():
    """Return the one answer to everything a unit may not endorse."""
    return Refused(
        "not_found", _("没有找到可以推荐的人员：请核对人才编号和姓名，并请她在门户提交档案。")
    )


@transaction.atomic
def endorse_by_unit(*, unit, code, full_name, now):
    """Write down that a partner unit endorses its woman; a repeat returns the first. Returns the Endorsement.

    Raises Refused("not_found") for everybody it may not (`endorsable`), Conflict("endorsed_too_often").
    """
    talent = _lock_of_unit(unit, code, full_name)
    if found := endorsement_of(talent):
        return found
    if error := _why_too_often(talent, unit, now):
        raise error
    return _write(talent, unit, None, now, "", "talents.endorse_by_unit")


@transaction.atomic
def take_back_by_unit(*, unit, code, full_name, now):
    """Take a partner unit's endorsement back; twice changes nothing. Raises Refused("not_found")."""
    talent = _lock_of_unit(unit, code, full_name)
    if found := endorsement_of(talent):
        _end(found, talent, None, now, "", "talents.take_back_by_unit")


def _why_too_often(talent, unit, now):
    a_day = talent.endorsements.filter(unit=unit, at__gt=now - timedelta(days=1))
    if a_day.count() < MOST_A_DAY:
        return None
    return Conflict("endorsed_too_often", str(TOO_OFTEN))


def _lock_of_unit(unit, code, full_name):
    talent = endorsable(unit, code, full_name)
    if talent is None:
        raise unknown()
    Talent.objects.locked().get(pk=talent.pk)
    talent = endorsable(unit, code, full_name)
    if talent is None:
        raise unknown()
    return talent


def _write(talent, unit, by, now, reason, action="talents.endorse"):
    endorsement = Endorsement.objects.create(talent=talent, unit=unit, at=now, by=by, reason=reason)
    detail = {"unit": unit.pk}
    audit.record(action, talent, by=by, at=now, reason=reason, **detail)
    _tell("talents.endorsed", talent, endorsement, now)
    return endorsement


def _end(endorsement, talent, by, now, reason, action="talents.take_back_endorsement"):
    endorsement.ended_at = now
    endorsement.save(update_fields=["ended_at"])
    detail = {"unit": endorsement.unit_id}
    audit.record(action, talent, by=by, at=now, reason=reason, **detail)
    return endorsement


def _tell(kind, talent, endorsement, now):
    if not talent.user_id:
        return
    unit = {"zh-hans": endorsement.unit.name, "en": endorsement.unit.name}
    link = notices.page_link("profile")
    # Once a day of each unit, however often it changes its mind.
    key = f"{talent.pk}:{endorsement.unit_id}:{timezone.localdate(now).isoformat()}"
    notices.queue(kind, to=talent.user, obj=key, at=now, link=link, unit=unit)
