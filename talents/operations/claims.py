"""A record a unit reported is claimed by its woman."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kernel.errors import Conflict, Refused
from privacy import audit
from privacy.crypto import blind_index
from talents.models import Talent, TalentState
from talents.operations.profile import STEP_FIELDS
from talents.operations.records import own_record, save_record, why_not_hers


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
    if error := why_not_hers(user.pk, by):
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
    save_record(talent)
    audit.record("talents.claim", talent, by=by, at=now, by_phone=by_phone, state=talent.state)
    return talent


def _carry_over(draft, talent):
    for name in (n for names in STEP_FIELDS.values() for n in names):
        value = getattr(draft, name)
        if value and name not in ("unit", "unit_text", "full_name"):
            setattr(talent, name, value)
    if draft.unit_name:
        talent.unit, talent.unit_text = draft.unit, draft.unit_text
