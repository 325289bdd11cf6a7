"""What may be done with offers of flexible work, and why not."""

import re

from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.errors import Conflict, Invalid, Refused
from kernel.personal_numbers import why_not_in_words
from workplaces import changes, keeping
from workplaces.flexible.models import GROWN, RIGHTS, FlexibleOffer, Pay

LEAST_DIGITS = 5  # 12345 is a public number


# --- who -------------------------------------------------------------------------------------------
def why_not_unit(unit, by):
    """Say why `by` may not keep the offers of a unit: its contact does, and staff."""
    return keeping.why_not_unit(unit, by, **RIGHTS)


def why_not_keep(offer, by):
    """Say why `by` may not write an offer: the unit's contact does, clerks of its department do."""
    return keeping.why_not_keep(offer, by, **RIGHTS)


# --- what is said ----------------------------------------------------------------------------------
def why_not_days(valid_from, valid_until):
    """Say that an offer would end before it begins."""
    if valid_until is None or valid_until >= valid_from:
        return None
    return Invalid("days_backwards", _("结束日不能早于开始日。"), field="valid_until")


def why_not_numbers(how_many, age_until):
    """Say that no post is offered, or that a child would be grown up."""
    if how_many is not None and how_many < 1:
        return Invalid("posts_few", _("岗位至少是 1 个；谁申请都可以的请空着。"), field="how_many")
    if age_until is None or 1 <= age_until <= GROWN:
        return None
    sentence = _("子女年龄填 1 到 18 周岁；与子女无关的请空着。")
    return Invalid("age_wrong", sentence, field="age_until")


def why_not_pay(pay, pay_words):
    """Say that another pay is not said in words."""
    if pay != Pay.OTHER or pay_words:
        return None
    return Invalid("pay_unsaid", _("工资选了“其他”，请在说明里写清楚。"), field="pay_words")


def why_not_phone(phone):
    """Say that a phone is a person's mobile, or no phone."""
    if error := why_not_in_words(phone, field="phone"):
        return error
    if len(re.findall(r"\d", phone)) >= LEAST_DIGITS:
        return None
    return Invalid("phone_short", _("请写办公电话的号码，如 023-67000000。"), field="phone")


# --- its life --------------------------------------------------------------------------------------
def why_not_standing(offer):
    """Say that an offer was withdrawn."""
    if offer.withdrawn_at is None:
        return None
    return Conflict("offer_withdrawn", _("这一条已撤下，请先恢复。"))


def why_not_save(offer, by):
    """Say why `by` may not change an offer now."""
    return why_not_keep(offer, by) or why_not_standing(offer)


def why_not_confirm(offer, by, revision=None, *, day=None):
    """Say why `by` cannot confirm an offer: what was read (`revision`) has to be what stands there."""
    if error := why_not_save(offer, by):
        return error
    if offer.has_ended(day or timezone.localdate()):
        return Conflict("offer_over", _("这一条已过结束日；还在实行的，请改结束日。"))
    if revision is None or revision == offer.revision:
        return None
    return Conflict("offer_changed", _("您打开之后内容有改动，请看过现在的内容再确认。"))


def why_not_withdraw(offer, by):
    """Say why `by` cannot withdraw an offer."""
    if error := why_not_keep(offer, by):
        return error
    if offer.withdrawn_at is None:
        return None
    return Conflict("withdrawn_already", _("这一条已经撤下了。"))


def why_not_put_back(offer, by):
    """Say why `by` cannot put an offer back: what the department withdrew, the unit does not put back."""
    if error := why_not_keep(offer, by):
        return error
    if offer.withdrawn_at is None:
        return Conflict("not_withdrawn", _("这一条没有撤下，不用恢复。"))
    if offer.withdrawn_by_staff and by is not None and not by.is_staff:
        return Refused("withdrawn_by_staff", _("这一条由主管部门撤下，请与该部门联系。"))
    return None


def why_not_undo(change):
    """Say why a change cannot be undone: only the latest of its offer that still holds can."""
    return changes.why_not_undo(change, change.offer.changes)


def why_not_undo_latest(offer, by):
    """Say why `by` cannot undo the latest change of an offer."""
    if error := why_not_save(offer, by):
        return error
    return changes.why_not_undo(changes.latest(offer.changes), offer.changes)


def why_not_again(offer, by):
    """Say why `by` cannot have the clock try an offer again."""
    if error := why_not_keep(offer, by):
        return error
    if FlexibleOffer.objects.filter(pk=offer.pk).set_aside().exists():
        return None
    return Conflict("not_set_aside", _("这一条没有被搁置，不用重试。"))
