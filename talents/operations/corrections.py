"""A clerk sets a record right."""

from contextlib import nullcontext

from django.db import transaction
from django.utils.translation import gettext as _

from kernel.errors import Invalid
from kernel.words import in_both_languages, listed
from notices import operations as notices
from privacy import audit
from talents.career import keeping
from talents.career.sources import FactSource
from talents.models import Talent, Tier
from talents.operations.decisions import (
    clean_reason,
    lock_to_decide,
    why_not_current,
    why_not_decide,
)
from talents.operations.profile import (
    NOT_AGREED,
    STEP_FIELDS,
    why_not_id_number,
    with_levels,
    with_title_level,
)
from talents.operations.records import keep_account_in_step, save_record

# Codes, whose old and new value the audit log may keep; of anything else it keeps the field's name.
CODED = ("tier", "title_level", "education_level", "degree", "discipline", "industry")
CORRECTABLE = (
    *STEP_FIELDS[1],
    *STEP_FIELDS[2],
    *STEP_FIELDS[3],
    "phone",
    "email",
    "honours",
    "tier",
)


def why_not_correct(talent, by):
    """Return why `by` may not correct a record (DomainError), or None: at any time after it was handed in."""
    return why_not_decide(talent, by)


@transaction.atomic
def correct(*, talent, changes, reason, by, now, seen=None):
    """Set fields of a record right on a clerk's word, in any state staff see; returns the Talent.

    `changes` are names of CORRECTABLE to checked values; the woman, where she has an account, is told which
    fields. Correcting what is right already changes nothing. Raises Refused as `verify` does,
    Invalid("reason_missing"), Invalid("reason_too_long"), Invalid("unknown_tier"),
    Refused("consent_needed"), Conflict("id_number_known"), Conflict("record_changed") (see `why_not_current`).
    """
    if unknown := set(changes) - set(CORRECTABLE):
        raise ValueError(f"not correctable: {sorted(unknown)}")
    talent = lock_to_decide(talent, by)
    if error := why_not_current(talent, seen):
        raise error
    reason = clean_reason(reason, _("请写明更正的理由，至少四个字。"))
    if changes.get("tier") and changes["tier"] not in Tier.values:
        raise Invalid("unknown_tier", _("没有这个人才层次，请重新选择。"), field="tier")
    changes = with_levels(dict(with_title_level(changes)), talent)
    before, present = {name: getattr(talent, name) for name in changes}, keeping.present(talent)
    changed = [name for name in changes if (before[name] or "") != (changes[name] or "")]
    if not changed:
        return talent
    number = changes.get("id_number")
    if error := why_not_id_number(talent, number, NOT_AGREED):
        raise error
    for name in changed:
        setattr(talent, name, changes[name])
    if "tier" in changed:
        talent.tier_apart = None
    # What is set right was never so: it is no part of her career.
    keeping.set_right(talent, present, changed, FactSource.STAFF, now)
    talent.updated_at = now
    # A tier is given by staff alone, and this is how.
    with nullcontext() if changed == ["tier"] else keeping.setting_right():
        save_record(talent)
    keep_account_in_step(talent, now)
    coded = {name: [before[name], changes[name]] for name in CODED if name in changed}
    fields = [name for name in CORRECTABLE if name in changed and name not in coded]
    detail = coded | ({"fields": fields} if fields else {})
    audit.record("talents.correct", talent, by=by, at=now, reason=reason, **detail)
    _tell_corrected(talent, changed, now)
    return talent


def _tell_corrected(talent, changed, now):
    if not talent.user_id:
        return
    fields = [Talent._meta.get_field(name).verbose_name for name in CORRECTABLE if name in changed]
    context = {"name": talent.full_name, "fields": in_both_languages(lambda: listed(fields))}
    key = f"{talent.pk}:{now.timestamp():.6f}"
    link = notices.page_link("profile")
    notices.queue("talents.corrected", to=talent.user, obj=key, at=now, link=link, **context)
