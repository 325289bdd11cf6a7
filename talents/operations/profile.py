"""Her own record: written step by step, handed in for verification."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.errors import Conflict, Invalid, Refused
from privacy import audit, consents
from privacy.models import Consent
from talents import codes
from talents.career import keeping, standards
from talents.career.sources import FactSource
from talents.models import (
    IDENTITY_FIELDS,
    IDENTITY_NUMBER,
    TALENT_DATABASE,
    Source,
    Talent,
    TalentState,
)
from talents.operations.proposals import propose
from talents.operations.records import (
    home_department,
    keep_account_in_step,
    lock_own,
    lock_record,
    save_record,
    why_not_hers,
)

STEP_FIELDS = {
    1: ("full_name", "birth_month", "political_status", "id_number"),
    2: (
        "unit",
        "unit_text",
        "position",
        "unit_since",
        "professional_title",
        "title_level",
        "title_since",
    ),
    3: (
        "education_level",
        "degree",
        "school_and_major",
        "graduated",
        "discipline",
        "discipline_detail",
        "industry",
        "industry_division",
        "research_fields",
        "overseas_study",
        "overseas_detail",
    ),
}
# What a clerk reads who would write down a number its woman has not agreed to.
NOT_AGREED = gettext_lazy("她没有同意登记身份证号，不能代填。请她在“我的档案”里填写并同意。")
# What a record must hold to be handed in, by the step that asks for it.
REQUIRED = {
    1: ("full_name", "birth_month"),
    2: ("unit_name", "professional_title_or_level"),
    3: ("education_level", "discipline", "industry"),
}
# What a clerk checked: a change after verification is marked in the audit log.
KEY_FIELDS = frozenset(
    ("unit", "unit_text", "professional_title", "title_level", "education_level")
)


def missing(talent, step):
    """Return the names of the fields `step` (1, 2, 3) still lacks."""
    computed = {
        "professional_title_or_level": lambda: talent.professional_title or talent.title_level,
    }
    return [
        name
        for name in REQUIRED[step]
        if not (computed[name]() if name in computed else getattr(talent, name))
    ]


def first_unfinished(talent):
    """Return the first step with something missing, 4 (the review page) when none has."""
    if talent is None:
        return 1
    return next((step for step in REQUIRED if missing(talent, step)), 4)


def why_not_write(talent):
    """Return why her record (or None) takes nothing new for now (DomainError), or None.

    What she took out of the database stays as it was, so that it can come back unchecked.
    """
    if talent is not None and talent.has_left_database:
        sentence = _("您已撤回人才库授权，档案已退出。在“我的授权”里重新同意，就能恢复和修改。")
        return Conflict("left_database", sentence)
    return None


@transaction.atomic
def save_step(*, user, step, values, by, now, agreed=False):
    """Keep one step of a profile; makes the draft on the first save. Returns the Talent.

    `values` holds some or all of STEP_FIELDS[step], already checked; an identity number is taken
    only with her consent, which `agreed` gives in the same transaction. Of a verified record the
    identity does not change: it becomes a proposal (`propose`), the rest is saved at once. Raises
    Refused("not_yours"), Refused("consent_needed"), Conflict("left_database").
    """
    if error := why_not_hers(user.pk, by):
        raise error
    unknown = set(values) - set(STEP_FIELDS[step])
    if unknown:
        raise ValueError(f"not fields of step {step}: {sorted(unknown)}")
    if agreed:
        consents.grant(user=user, purpose=IDENTITY_NUMBER, by=by, now=now, source="profile")
    talent = lock_own(user) or _draft(user, now)
    if error := why_not_write(talent):
        raise error
    values = with_levels(dict(with_title_level(values)), talent)
    if values.get("id_number") and (error := why_not_id_number(talent, values["id_number"])):
        raise error
    if talent.is_verified:
        identity = {name: values.pop(name) for name in IDENTITY_FIELDS if name in values}
        identity = {name: value for name, value in identity.items() if value}
        propose(talent=talent, values=identity, by=by, now=now)
    changed = [name for name, value in values.items() if getattr(talent, name) != value]
    if changed or not talent.pk:
        _write(talent, {name: values[name] for name in changed}, step, by, now)
    return talent


def _write(talent, values, step, by, now):
    before = keeping.present(talent)
    for name, value in values.items():
        setattr(talent, name, value)
    former = keeping.settle(talent, before, values, FactSource.SELF, now)
    talent.updated_at = now
    save_record(talent)
    keeping.store(former)
    keep_account_in_step(talent, now)
    key_fields = talent.is_verified and KEY_FIELDS.intersection(values)
    action = "talents.change_verified" if key_fields else "talents.save_step"
    audit.record(action, talent, by=by, at=now, step=step, fields=sorted(values))


def _draft(user, now):
    talent = Talent(
        user=user,
        department=home_department(),
        source=Source.SELF,
        created_at=now,
        updated_at=now,
    )
    if user.phone_verified:
        talent.phone = user.phone
    return talent


def with_title_level(values):
    """Add the level a title implies, where a title was given without one."""
    if not values.get("professional_title") or values.get("title_level"):
        return values
    level = codes.title_level(values["professional_title"])
    return values | {"title_level": level.value if level else ""}


def with_levels(values, talent):
    """Drop a second level of discipline or industry that does not belong to the first one any more."""
    for name, upper in standards.ABOVE.items():
        if upper not in values and name not in values:
            continue
        first = values.get(upper, getattr(talent, upper))
        detail = values.get(name, getattr(talent, name))
        if detail and standards.above(name, detail) != first:
            values = values | {name: ""}
    return values


def why_not_id_number(talent, number, sentence=""):
    """Return why a record cannot take this identity number ("" takes it out) (DomainError), or None.

    In a claimed record it is hers to give, with a consent of its own (PIPL art. 29); `sentence` says so to others. One
    nobody has claimed holds what her unit reported.
    Whether somebody else's record holds it is no reason: the answer would tell who is in the database.
    The clerk who verifies it is told (`why_not_number`).
    """
    if not number or talent.user_id is None or number == talent.id_number:
        return None
    if not Consent.objects.granted_by(talent.user_id, IDENTITY_NUMBER):
        asked = _("填写身份证号需要您单独同意，请勾选下面的同意。")
        return Refused("consent_needed", str(sentence) or asked, field="id_number")
    return None


def why_not_submit(talent, by):
    """Return why a record cannot be handed in by `by` as it stands (DomainError), or None."""
    if error := why_not_hers(talent.user_id, by):
        return error
    if error := why_not_write(talent):
        return error
    if talent.state == TalentState.VERIFIED:
        return Conflict("already_verified", _("您的档案已通过审核，无需再次提交。"))
    if talent.state == TalentState.SUBMITTED:
        return Conflict("already_submitted", _("您的档案已经提交，正在审核。"))
    if first_unfinished(talent) != 4:
        return Invalid("unfinished", _("档案还没有填完，请先补全必填内容。"))
    if not Consent.objects.granted_by(talent.user_id, TALENT_DATABASE):
        return Refused(
            "consent_needed", _("请先同意将档案存入人才数据库，再提交审核。"), field="agree"
        )
    return None


@transaction.atomic
def submit(*, talent, by, now, agreed=False):
    """Hand the record in for verification; handing it in twice changes nothing. Returns the Talent.

    `agreed` gives her consent to the database in the same transaction: it is kept only if she could
    hand it in.

    Raises Refused("not_yours"), Conflict("already_verified"), Invalid("unfinished"),
    Refused("consent_needed").
    """
    if error := why_not_hers(talent.user_id, by):
        raise error
    if agreed:
        consents.grant(user=talent.user, purpose=TALENT_DATABASE, by=by, now=now, source="profile")
    talent = lock_record(talent)
    if error := why_not_hers(talent.user_id, by):
        raise error
    if talent.state == TalentState.SUBMITTED:
        return talent
    if error := why_not_submit(talent, by):
        raise error
    talent.state, talent.submitted_at, talent.updated_at = TalentState.SUBMITTED, now, now
    talent.return_codes, talent.return_reason = [], ""
    keeping.stand_for(talent, FactSource.SELF, now)
    talent.save()
    audit.record("talents.submit", talent, by=by, at=now)
    return talent
