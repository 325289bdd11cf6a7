"""What happens to a talent's record: written by her, handed in, checked, claimed, withdrawn."""

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Department, Unit
from accounts.names import unit_key
from kernel.errors import Conflict, Invalid, Refused
from notices import operations as notices
from privacy import audit
from privacy.crypto import blind_index
from privacy.models import Consent
from talents import codes
from talents.models import (
    IDENTITY_NUMBER,
    TALENT_DATABASE,
    Source,
    Talent,
    TalentState,
    Tier,
)

STEP_FIELDS = {
    1: ("full_name", "birth_month", "political_status", "id_number"),
    2: ("unit", "unit_text", "position", "professional_title", "title_level"),
    3: (
        "education_level",
        "degree",
        "school_and_major",
        "discipline",
        "industry",
        "research_fields",
        "overseas_study",
        "overseas_detail",
    ),
}
# What a record must hold to be handed in, by the step that asks for it.
REQUIRED = {
    1: ("full_name", "birth_month"),
    2: ("unit_name", "professional_title_or_level"),
    3: ("education_level", "discipline", "industry"),
}
# What a clerk checked: a change after verification is marked in the audit log.
KEY_FIELDS = frozenset(
    ("full_name", "unit", "unit_text", "professional_title", "title_level", "education_level")
)


def own_record(user):
    """Return the user's record or None."""
    try:
        return user.talent
    except ObjectDoesNotExist:
        return None


def missing(talent, step):
    """Return the names of the fields `step` (1, 2, 3) still lacks."""
    asked = {
        "professional_title_or_level": lambda: talent.professional_title or talent.title_level,
    }
    return [
        name
        for name in REQUIRED[step]
        if not (asked[name]() if name in asked else getattr(talent, name))
    ]


def first_unfinished(talent):
    """Return the first step with something missing, 4 (the review page) when none has."""
    if talent is None:
        return 1
    return next((step for step in REQUIRED if missing(talent, step)), 4)


def find_unit(text):
    """Return the unit a typed name means, or None when none or several could be meant."""
    key = unit_key(text)
    found = list(Unit.objects.filter(match_key=key)[:2]) if key else []
    return found[0] if len(found) == 1 else None


def home_department():
    """Return the department that looks after those who registered themselves (the first of the seven)."""
    return Department.objects.order_by("order", "pk").first()


@transaction.atomic
def save_step(*, user, step, values, by, now):
    """Keep one step of a profile; makes the draft on the first save. Returns the Talent.

    `values` holds some or all of STEP_FIELDS[step], already checked; an identity number is taken
    only with her consent and never changed on a verified record. Raises Refused("consent_needed"),
    Conflict("id_number_taken").
    """
    talent = Talent.objects.select_for_update().filter(user=user).first()
    if talent is None:
        talent = Talent(
            user=user,
            department=home_department(),
            source=Source.SELF,
            created_at=now,
            updated_at=now,
        )
        if user.phone_verified:
            talent.phone = user.phone
    unknown = set(values) - set(STEP_FIELDS[step])
    if unknown:
        raise ValueError(f"not fields of step {step}: {sorted(unknown)}")
    if values.get("professional_title") and not values.get("title_level"):
        level = codes.title_level(values["professional_title"])
        values = values | {"title_level": level.value if level else ""}
    changed = [n for n, v in values.items() if getattr(talent, n) != v]
    if "id_number" in changed:
        _check_id_number(talent, values["id_number"], user)
    for name in changed:
        setattr(talent, name, values[name])
    if not changed and talent.pk:
        return talent
    talent.updated_at = now
    _save(talent)
    key_fields = sorted(KEY_FIELDS.intersection(changed)) if talent.is_verified else []
    action = "talents.change_verified" if key_fields else "talents.save_step"
    audit.record(action, talent, by=by, at=now, step=step, fields=sorted(changed))
    return talent


def _check_id_number(talent, number, user):
    if talent.is_verified and talent.id_number:
        raise Refused(
            "id_number_verified", _("身份证号已核验，如需更正请联系工作人员。"), field="id_number"
        )
    if number and not Consent.objects.granted_by(user, IDENTITY_NUMBER):
        raise Refused(
            "consent_needed", _("填写身份证号需要您单独同意，请勾选下面的同意。"), field="id_number"
        )
    others = Talent.objects.filter(id_number_index=blind_index("id_number", number))
    if number and others.exclude(pk=talent.pk).exists():
        raise _taken()


def _taken():
    return Conflict(
        "id_number_taken",
        _("这个身份证号暂时不能登记，请核对；确认无误请联系工作人员。"),
        field="id_number",
    )


def _save(talent):
    try:
        with transaction.atomic():
            talent.save()
    except IntegrityError as error:
        if "id_number_index" in str(error):
            raise _taken() from error
        raise


@transaction.atomic
def submit(*, talent, by, now):
    """Hand the record in for verification; handing it in twice changes nothing. Returns the Talent.

    Raises Refused("not_yours"), Refused("consent_needed"), Invalid("unfinished"),
    Conflict("already_verified").
    """
    talent = Talent.objects.select_for_update().get(pk=talent.pk)
    if by is None or talent.user_id != by.pk:
        raise Refused("not_yours", _("只能提交您自己的资料。"))
    if talent.state == TalentState.SUBMITTED:
        return talent
    if talent.state == TalentState.VERIFIED:
        raise Conflict("already_verified", _("您的资料已通过审核，无需再次提交。"))
    if not Consent.objects.granted_by(by, TALENT_DATABASE):
        raise Refused(
            "consent_needed", _("请先同意将资料存入人才数据库，再提交审核。"), field="agree"
        )
    if first_unfinished(talent) != 4:
        raise Invalid("unfinished", _("资料还没有填完，请先补全必填内容。"))
    talent.state, talent.submitted_at, talent.updated_at = TalentState.SUBMITTED, now, now
    talent.return_reason = ""
    talent.save()
    audit.record("talents.submit", talent, by=by, at=now)
    return talent


def _lock_for_clerk(talent, by):
    """Lock a record of somebody else that `by` may decide on."""
    if by is None or not by.has_perm("talents.verify_talent"):
        raise Refused("may_not_verify", _("您没有审核权限，请联系管理员。"))
    if talent.user_id == by.pk:
        raise Refused("own_record", _("不能审核您本人的资料，请由其他同事办理。"))
    locked = Talent.objects.visible_to(by).select_for_update(of=("self",))
    talent = locked.filter(pk=talent.pk).first()
    if talent is None:
        raise Refused("not_in_scope", _("这条资料不在您的办理范围内。"))
    return talent


def _take_up(talent, by):
    """Lock a waiting record for a clerk's decision; the second of two clerks is told so."""
    talent = _lock_for_clerk(talent, by)
    if talent.state != TalentState.SUBMITTED:
        raise Conflict("already_handled", _("这条资料已由他人处理，请刷新列表。"))
    return talent


@transaction.atomic
def verify(*, talent, tier, by, now):
    """Take a waiting record into the database with a tier (a Tier value or ""); tells her once.

    Raises Refused("may_not_verify"), Refused("own_record"), Refused("not_in_scope"),
    Conflict("already_handled"), Invalid("unknown_tier").
    """
    if tier and tier not in Tier.values:
        raise Invalid("unknown_tier", _("没有这个人才层次，请重新选择。"), field="tier")
    talent = _take_up(talent, by)
    talent.state, talent.tier, talent.return_reason = TalentState.VERIFIED, tier, ""
    talent.verified_at, talent.verified_by, talent.updated_at = now, by, now
    talent.save()
    audit.record("talents.verify", talent, by=by, at=now, tier=tier)
    if talent.user_id:
        notices.queue(
            "talent.verified",
            to=talent.user,
            obj=_round(talent),
            at=now,
            link=reverse("profile"),
            name=talent.full_name,
            department={
                "zh-hans": talent.department.name,
                "en": talent.department.name_en,
            },
        )
    return talent


@transaction.atomic
def return_with_reason(*, talent, reason, by, now):
    """Give a waiting record back to its woman with what is missing; tells her once.

    Raises what `verify` raises, and Invalid("reason_missing").
    """
    reason = " ".join((reason or "").split())
    if len(reason) < 4:
        raise Invalid("reason_missing", _("请写明需要补充什么，至少四个字。"), field="reason")
    if len(reason) > 200:
        raise Invalid("reason_too_long", _("请把原因写在 200 字以内。"), field="reason")
    talent = _take_up(talent, by)
    talent.state, talent.return_reason, talent.updated_at = TalentState.RETURNED, reason, now
    talent.save()
    audit.record("talents.return_with_reason", talent, by=by, at=now, reason=reason)
    if talent.user_id:
        notices.queue(
            "talent.returned",
            to=talent.user,
            obj=_round(talent),
            at=now,
            link=reverse("profile"),
            name=talent.full_name,
            reason=reason.rstrip("。.；;"),
        )
    return talent


@transaction.atomic
def hand_over(*, talent, department, by, now):
    """Give a record to another department, which from then on verifies and sees it; returns it.

    A woman who registers by herself starts with the first department. Handing it to the department
    it is with changes nothing. Raises Refused as `verify` does.
    """
    talent = _lock_for_clerk(talent, by)
    if talent.department_id == department.pk:
        return talent
    before, talent.department = talent.department_id, department
    talent.updated_at = now
    talent.save()
    audit.record("talents.hand_over", talent, by=by, at=now, old=before, new=department.pk)
    return talent


def _round(talent):
    """Name this round of checking: a record may be returned more than once, each told once."""
    moment = talent.submitted_at or talent.created_at
    return f"{talent.pk}:{moment.timestamp():.0f}"


# --- a record a unit reported is claimed ------------------------------------------------------


def find_claimable(*, user, full_name, id_number=""):
    """Return a record a unit reported of this woman and nobody has claimed, or None.

    Hers is one of the same name with her identity number, or with her verified phone.
    """
    if not full_name:
        return None
    free = Talent.objects.filter(user=None, full_name=full_name)
    if id_number:
        found = free.filter(id_number_index=blind_index("id_number", id_number)).first()
        if found:
            return found
    if user.phone_verified and user.phone_index:
        found = list(free.filter(phone_index=user.phone_index)[:2])
        if len(found) == 1:
            return found[0]
    return None


@transaction.atomic
def claim(*, talent, user, by, now):
    """Make a record a unit reported the user's own; returns it. Claiming it twice changes nothing.

    What she has typed already wins over what the unit sent, and her draft goes. Whoever proves the
    record by her verified phone keeps it verified; a name and an identity number may be known to
    others, so then a clerk looks at it again. Raises Conflict("already_claimed"),
    Conflict("has_record").
    """
    draft = Talent.objects.select_for_update().filter(user=user).exclude(pk=talent.pk).first()
    talent = Talent.objects.select_for_update().get(pk=talent.pk)
    if talent.user_id == user.pk:
        return talent
    if talent.user_id is not None:
        raise Conflict("already_claimed", _("这份资料已被认领，如有疑问请联系工作人员。"))
    if draft and draft.state not in (TalentState.DRAFT, TalentState.RETURNED):
        raise Conflict("has_record", _("您已有提交的资料，请联系工作人员合并。"))
    if draft:
        _carry_over(draft, talent)
        # Its audit entries stay and name it; nothing else can point at what was never verified.
        audit.record("talents.merge_draft", draft, by=by, at=now, into=talent.pk)
        draft.delete()
    by_phone = bool(user.phone_verified and user.phone_index == talent.phone_index)
    talent.user, talent.updated_at = user, now
    if not by_phone:
        talent.state, talent.submitted_at = TalentState.SUBMITTED, now
    _save(talent)
    audit.record("talents.claim", talent, by=by, at=now, by_phone=by_phone)
    return talent


def _carry_over(draft, talent):
    for name in (n for names in STEP_FIELDS.values() for n in names):
        value = getattr(draft, name)
        if value and name not in ("unit", "unit_text", "full_name"):
            setattr(talent, name, value)
    if draft.unit_name:
        talent.unit, talent.unit_text = draft.unit, draft.unit_text


# --- consent is withdrawn ---------------------------------------------------------------------


def on_database_consent(*, user, granted, by, now):
    """Take a record out of the database when its woman withdraws her consent to it."""
    talent = Talent.objects.select_for_update().filter(user=user).first()
    if granted or talent is None or talent.state == TalentState.DRAFT:
        return
    talent.state, talent.updated_at = TalentState.DRAFT, now
    talent.save()
    audit.record("talents.leave_database", talent, by=by, at=now)


def on_identity_consent(*, user, granted, by, now):
    """Erase the identity number when its woman withdraws her consent to it."""
    talent = Talent.objects.select_for_update().filter(user=user).first()
    if granted or talent is None or not talent.id_number:
        return
    talent.id_number, talent.updated_at = None, now
    talent.save()
    audit.record("talents.erase_id_number", talent, by=by, at=now)
