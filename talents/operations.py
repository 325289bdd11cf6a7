"""What happens to a talent's record: written by her, handed in, checked, claimed, withdrawn."""

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Department
from kernel import rights
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
    """Return the user's record, or None; the anonymous have none."""
    if not user.is_authenticated:
        return None
    try:
        return user.talent
    except ObjectDoesNotExist:
        return None


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


def home_department():
    """Return the department that looks after those who registered themselves (the first of the seven)."""
    return Department.objects.order_by("order", "pk").first()


# --- she writes it ----------------------------------------------------------------------------


def _why_not_hers(user_id, by):
    """Return why `by` may not act for a user, or None: she herself may, and the system (None)."""
    if by is None or by.pk == user_id:
        return None
    return Refused("not_yours", _("只能办理您自己的档案。"))


@transaction.atomic
def save_step(*, user, step, values, by, now):
    """Keep one step of a profile; makes the draft on the first save. Returns the Talent.

    `values` holds some or all of STEP_FIELDS[step], already checked; an identity number is taken
    only with her consent and never changed on a verified record. Raises Refused("not_yours"),
    Refused("consent_needed"), Refused("id_number_verified"), Conflict("id_number_taken").
    """
    if error := _why_not_hers(user.pk, by):
        raise error
    unknown = set(values) - set(STEP_FIELDS[step])
    if unknown:
        raise ValueError(f"not fields of step {step}: {sorted(unknown)}")
    talent = Talent.objects.select_for_update().filter(user=user).first() or _draft(user, now)
    values = _with_title_level(values)
    changed = [name for name, value in values.items() if getattr(talent, name) != value]
    if not changed and talent.pk:
        return talent
    if "id_number" in changed and (error := why_not_id_number(talent, values["id_number"])):
        raise error
    for name in changed:
        setattr(talent, name, values[name])
    talent.updated_at = now
    _save(talent)
    key_fields = talent.is_verified and KEY_FIELDS.intersection(changed)
    action = "talents.change_verified" if key_fields else "talents.save_step"
    audit.record(action, talent, by=by, at=now, step=step, fields=sorted(changed))
    return talent


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


def _with_title_level(values):
    """Add the level a title implies, where a title was given without one."""
    if not values.get("professional_title") or values.get("title_level"):
        return values
    level = codes.title_level(values["professional_title"])
    return values | {"title_level": level.value if level else ""}


def why_not_id_number(talent, number):
    """Return why a record cannot take this identity number ("" takes it out) (DomainError), or None."""
    if talent.is_verified and talent.id_number:
        return Refused(
            "id_number_verified", _("身份证号已核对，如需更正请联系工作人员。"), field="id_number"
        )
    if number and not Consent.objects.granted_by(talent.user_id, IDENTITY_NUMBER):
        return Refused(
            "consent_needed", _("填写身份证号需要您单独同意，请勾选下面的同意。"), field="id_number"
        )
    others = Talent.objects.filter(id_number_index=blind_index("id_number", number))
    if number and others.exclude(pk=talent.pk).exists():
        return _id_number_taken()
    return None


def _id_number_taken():
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
            raise _id_number_taken() from error
        raise


def why_not_submit(talent, by):
    """Return why a record cannot be handed in by `by` as it stands (DomainError), or None."""
    if error := _why_not_hers(talent.user_id, by):
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
def submit(*, talent, by, now):
    """Hand the record in for verification; handing it in twice changes nothing. Returns the Talent.

    Raises Refused("not_yours"), Conflict("already_verified"), Invalid("unfinished"),
    Refused("consent_needed").
    """
    if error := _why_not_hers(talent.user_id, by):
        raise error
    talent = Talent.objects.select_for_update().get(pk=talent.pk)
    if error := _why_not_hers(talent.user_id, by):
        raise error
    if talent.state == TalentState.SUBMITTED:
        return talent
    if error := why_not_submit(talent, by):
        raise error
    talent.state, talent.submitted_at, talent.updated_at = TalentState.SUBMITTED, now, now
    talent.return_reason = ""
    talent.save()
    audit.record("talents.submit", talent, by=by, at=now)
    return talent


# --- a clerk decides --------------------------------------------------------------------------


def why_not_decide(talent, by):
    """Return why `by` may not decide on a record, whatever its state (DomainError), or None."""
    if not rights.may(by, "talents.verify_talent"):
        return Refused("may_not_verify", _("您没有审核权限，请联系管理员。"))
    if by is not None and talent.user_id == by.pk:
        return Refused("own_record", _("不能审核您本人的档案，请由其他同事办理。"))
    if by is not None and not Talent.objects.visible_to(by).filter(pk=talent.pk).exists():
        return _not_in_scope()
    return None


def _not_in_scope():
    return Refused("not_in_scope", _("这份档案不在您的办理范围内。"))


def why_not_verify(talent, by):
    """Return why `by` cannot verify a record, or return it, as it stands (DomainError), or None."""
    return why_not_decide(talent, by) or _why_not_waiting(talent)


def _why_not_waiting(talent):
    if talent.state != TalentState.SUBMITTED:
        return Conflict("already_handled", _("这份档案已由他人处理，请刷新列表。"))
    return None


def _lock_to_decide(talent, by):
    """Lock a record for somebody who may decide on it; asked again of the row as it stands then."""
    if error := why_not_decide(talent, by):
        raise error
    talent = _lock(talent)
    if error := why_not_decide(talent, by):
        raise error
    return talent


def _lock(talent):
    locked = Talent.objects.select_for_update().filter(pk=talent.pk).first()
    if locked is None:  # a draft that was merged into a claimed record a moment ago
        raise _not_in_scope()
    return locked


def _take_up(talent, by):
    """Lock a waiting record for a clerk's decision; the second of two clerks is told so."""
    talent = _lock_to_decide(talent, by)
    if error := _why_not_waiting(talent):
        raise error
    return talent


@transaction.atomic
def verify(*, talent, tier, by, now):
    """Take a waiting record into the database with a tier (a Tier value or ""); tells her once.

    Raises Refused("may_not_verify"), Refused("own_record"), Refused("not_in_scope"),
    Conflict("already_handled"), Invalid("unknown_tier").
    """
    talent = _take_up(talent, by)
    if tier and tier not in Tier.values:
        raise Invalid("unknown_tier", _("没有这个人才层次，请重新选择。"), field="tier")
    talent.state, talent.tier, talent.return_reason = TalentState.VERIFIED, tier, ""
    talent.verified_at, talent.verified_by, talent.updated_at = now, by, now
    talent.save()
    audit.record("talents.verify", talent, by=by, at=now, tier=tier)
    department = {"zh-hans": talent.department.name, "en": talent.department.name_en}
    _notify("talents.verified", talent, now, department=department)
    return talent


@transaction.atomic
def return_with_reason(*, talent, reason, by, now):
    """Give a waiting record back to its woman with what is missing; tells her once.

    Raises what `verify` raises, and Invalid("reason_missing"), Invalid("reason_too_long").
    """
    talent = _take_up(talent, by)
    reason = " ".join((reason or "").split())
    if len(reason) < 4:
        raise Invalid("reason_missing", _("请写明需要补充什么，至少四个字。"), field="reason")
    if len(reason) > 200:
        raise Invalid("reason_too_long", _("请把原因写在 200 字以内。"), field="reason")
    talent.state, talent.return_reason, talent.updated_at = TalentState.RETURNED, reason, now
    talent.save()
    audit.record("talents.return_with_reason", talent, by=by, at=now, reason=reason)
    _notify("talents.returned", talent, now, reason=reason.rstrip("。.；;"))
    return talent


def _notify(kind, talent, now, **context):
    """Tell the woman how her record was decided on, where she has an account."""
    if not talent.user_id:
        return
    # A record may be returned more than once: each round of checking is told once.
    moment = talent.submitted_at or talent.created_at
    key = f"{talent.pk}:{moment.timestamp():.0f}"
    context |= {"name": talent.full_name}
    link = notices.page_link("profile")
    notices.queue(kind, to=talent.user, obj=key, at=now, link=link, **context)


@transaction.atomic
def hand_over(*, talent, department, by, now):
    """Give a record to another department, which from then on verifies and sees it; returns it.

    A woman who registers by herself starts with the first department. Handing it to the department
    it is with changes nothing. Raises Refused as `verify` does.
    """
    talent = _lock_to_decide(talent, by)
    if talent.department_id == department.pk:
        return talent
    before, talent.department = talent.department_id, department
    talent.updated_at = now
    talent.save()
    audit.record("talents.hand_over", talent, by=by, at=now, old=before, new=department.pk)
    return talent


# --- a record a unit reported is claimed ------------------------------------------------------


def name_of(user, talent):
    """Return the name a record is looked for by: the one in her own record, else her account's."""
    return (talent and talent.full_name) or user.full_name


def _reported_of(user, full_name, id_number):
    """Return the records that are proved to be hers: of her name, with her number or verified phone."""
    proof = Q(pk__in=())
    if id_number:
        proof |= Q(id_number_index=blind_index("id_number", id_number))
    if user.phone_verified and user.phone_index:
        proof |= Q(phone_index=user.phone_index)
    return Talent.objects.filter(proof, full_name=full_name) if full_name else Talent.objects.none()


def find_claimable(*, user, full_name, id_number=""):
    """Return a record a unit reported of this woman and nobody has claimed, or None.

    One with her identity number comes first; of several with her phone none is chosen.
    """
    records = list(_reported_of(user, full_name, id_number).filter(user=None))
    index = blind_index("id_number", id_number)
    by_number = [talent for talent in records if index and talent.id_number_index == index]
    if len(records) > 1:
        records = by_number
    return records[0] if records else None


def why_not_claim(talent, user, by, id_number=""):
    """Return why a reported record cannot become the user's own (DomainError), or None.

    `id_number` is her proof where her verified phone is none.
    """
    if error := _why_not_hers(user.pk, by):
        return error
    if talent.user_id == user.pk:
        return None
    name = name_of(user, own_record(user))
    if not _reported_of(user, name, id_number).filter(pk=talent.pk).exists():
        return Refused(
            "not_hers",
            _("身份证号与这份档案不一致，请核对后重新填写。如有疑问请联系工作人员。"),
            field="id_number",
        )
    if talent.user_id is not None:
        return Conflict("already_claimed", _("这份档案已被认领，如有疑问请联系工作人员。"))
    own = Talent.objects.filter(user=user).exclude(pk=talent.pk)
    if own.exclude(state__in=(TalentState.DRAFT, TalentState.RETURNED)).exists():
        return Conflict("has_record", _("您已有提交的档案，请联系工作人员合并。"))
    return None


@transaction.atomic
def claim(*, talent, user, by, now, id_number=""):
    """Make a record a unit reported the user's own; returns it. Claiming it twice changes nothing.

    The record has to be of her name, with `id_number` (what she typed) or with her verified phone.

    What she has typed already wins over what the unit sent, and her draft goes. Whoever proves the
    record by her verified phone keeps it verified; a name and an identity number may be known to
    others, so then a clerk looks at it again. Raises Refused("not_yours"), Refused("not_hers"),
    Conflict("already_claimed"), Conflict("has_record").
    """
    if error := why_not_claim(talent, user, by, id_number):
        raise error
    draft = Talent.objects.select_for_update().filter(user=user).exclude(pk=talent.pk).first()
    talent = Talent.objects.select_for_update().get(pk=talent.pk)
    if error := why_not_claim(talent, user, by, id_number):
        raise error
    if talent.user_id == user.pk:
        return talent
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
