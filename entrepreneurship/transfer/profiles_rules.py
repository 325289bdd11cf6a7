"""What may be done with a profile, and why not: each rule returns None or the DomainError it raises."""

import re
import unicodedata
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from entrepreneurship.transfer import patents
from entrepreneurship.transfer.models import (
    PATENTS,
    RightsKind,
    TransferKind,
    VersionState,
    acts_for,
)
from kernel.errors import Conflict, Invalid, Refused
from kernel.rights import may

AFFIRMED_TEXT = "2026-11"  # changes with the words she affirms
MOST_PROFILES = 20
MOST_KEYWORDS, LONGEST_KEYWORD = 8, 20
FEWEST_PROBLEM = 20
MONTHS = 12
REMIND_BEFORE = timedelta(days=30)
RENEW_BEFORE = timedelta(days=60)
DIGIT = re.compile(r"[0-9０-９一二三四五六七八九十百千万亿]")
# A mobile number, a number with its area code, a mail address.
REACHED = re.compile(
    r"(?<!\d)1[3-9](?:[ -]?\d){9}(?!\d)|(?<!\d)0\d{2,3}[ -]\d{7,8}(?!\d)|[\w.+-]+@[\w-]+\.\w+"
)
CHECK_RIGHT = "entrepreneurship.check_transferprofile"


# --- who ------------------------------------------------------------------------------------------
def why_not_begin(talent, unit, by):
    """Say why `by` may not begin a profile for a woman (a Talent) or for a unit; one of them is None."""
    if talent is not None:
        if by is not None and talent.user_id != by.pk:
            return Refused("not_yours", _("只能由本人发布自己的成果和需求。"))
        if not talent.is_verified:
            sentence = _("您的档案审核通过后，才能发布成果和需求。")
            return Conflict("not_verified", sentence)
        return None
    if by is not None and acts_for(by) != unit.pk:
        return Refused("not_unit", _("只有本单位的联系人可以代表单位发布。"))
    return None


def why_not_own(profile, by):
    """Say why `by` does not speak for whose profile it is; nobody (a unit's own key, the clock) has been let in already."""
    if by is None:
        return None
    hers = profile.talent and profile.talent.user_id == by.pk
    units = profile.unit_id and acts_for(by) == profile.unit_id
    if hers or units:
        return None
    return Refused("not_yours", _("只有发布方可以这样做。"))


def why_not_endorser(version, by):
    """Say why `by` does not speak for the unit that has to endorse a version."""
    if by is None or (version and version.endorser_id and acts_for(by) == version.endorser_id):
        return None
    return Refused("not_unit", _("只有须同意的单位的联系人可以答复。"))


def why_not_check(by):
    """Say why `by` may not check profiles at all."""
    if may(by, CHECK_RIGHT):
        return None
    return Refused("not_allowed", _("您没有这项操作的权限，请联系系统管理员。"))


def why_not_second(profile, version, by):
    """Say why `by` is not the second pair of eyes: a person, who wrote none of it, endorsed none, whose and whose unit's it is not."""
    if by is None:
        return Refused("nobody", _("审核要由一位同事来做。"))
    if by.pk in version.editors or by.pk in (version.submitted_by_id, version.endorsed_by_id):
        return Refused("own_words", _("写稿、提交和代表单位同意的人不能审核，请另一位同事来做。"))
    return why_not_apart(profile, by)


def why_not_apart(profile, by):
    """Say why `by` does not judge a profile: it is hers, or of somebody of her unit (as in calls: the same unit recuses)."""
    if by is None:
        return None
    talent = profile.talent
    if talent and talent.user_id == by.pk:
        return Refused("own_words", _("不能办理自己发布的内容，请另一位同事来做。"))
    units = {profile.unit_id, talent and talent.unit_id} - {None}
    if by.unit_id in units:
        return Refused("own_unit", _("不能办理本单位的人发布的内容，请另一位同事来做。"))
    return None


def why_not_more(rows):
    """Say that an owner has as many profiles as she may have."""
    if rows.count() < MOST_PROFILES:
        return None
    sentence = _("最多同时有 %(n)s 条成果和需求，请先删去或撤下一条。") % {"n": MOST_PROFILES}
    return Conflict("too_many", sentence)


# --- words ----------------------------------------------------------------------------------------
def names_contact(text):
    """Tell whether a text names a phone number or a mail address: neither is shown before two have agreed."""
    return bool(REACHED.search(unicodedata.normalize("NFKC", text or "")))


def why_not_words(kind, values, now):
    """Say why the words of a version are not kept: `values` are {field: value} of profiles.WORDS."""
    for name in ("title", "problem"):
        if not (values.get(name) or "").strip():
            return Invalid(f"{name}_missing", _("名称和要解决的问题都要填写。"), field=name)
    for name in ("title", "problem", "advantage"):
        if names_contact(values.get(name)):
            sentence = _("公开的内容里不写电话和邮箱：有人表示意向、您同意以后，才给对方联系方式。")
            return Invalid("words_contact", sentence, field=name)
    if not values.get("forms"):
        return Invalid("forms_missing", _("请至少选一种合作方式。"), field="forms")
    words = values.get("keywords") or []
    if not words:
        return Invalid("keywords_missing", _("请写一到八个关键词。"), field="keywords")
    if len(words) > MOST_KEYWORDS or any(len(word) > LONGEST_KEYWORD for word in words):
        sentence = _("关键词最多 %(n)s 个，每个不超过 %(m)s 个字。")
        sentence %= {"n": MOST_KEYWORDS, "m": LONGEST_KEYWORD}
        return Invalid("keywords_many", sentence, field="keywords")
    return why_not_rights(kind, values, now)


def why_not_rights(kind, values, now):
    """Say what is wrong with the rights of an offer: a patent has a sound application number."""
    right = values.get("rights_kind") or ""
    number = values.get("application_number") or ""
    if kind == TransferKind.OFFER and not right:
        return Invalid("rights_missing", _("请选择权利情况。"), field="rights_kind")
    if right in PATENTS and not number:
        return Invalid("number_missing", _("请填写专利申请号。"), field="application_number")
    if right in PATENTS:
        return patents.why_not_number(number, right, timezone.localdate(now).year)
    if right == RightsKind.UNFILED and number:
        sentence = _("填了申请号，权利就不是“还没有申请”，请重新选择。")
        return Invalid("rights_unfiled", sentence, field="rights_kind")
    return None


def why_not_whole(profile, version):
    """Say what a version lacks before it can be handed in."""
    if len(version.problem.strip()) < FEWEST_PROBLEM:
        sentence = _("“解决什么问题”至少写 %(n)s 个字。") % {"n": FEWEST_PROBLEM}
        return Invalid("problem_short", sentence, field="problem")
    if profile.kind == TransferKind.OFFER and not DIGIT.search(version.advantage):
        sentence = _("优势要用数字说，如“能耗降低 18%”。")
        return Invalid("advantage_number", sentence, field="advantage")
    if version.is_service and profile.talent.unit_id is None:
        sentence = _("职务成果须经所在单位同意，请先在档案里选好单位。")
        return Invalid("endorser_missing", sentence, field="is_service")
    return None


# --- the way of a version -------------------------------------------------------------------------
def why_not_in(version, *states):
    """Say that there is no version in one of these states: somebody was quicker, or it is not its turn."""
    if version is not None and version.state in states:
        return None
    return Conflict("moved_on", _("这一步现在不能做：内容的状态已经变化，请刷新页面再看。"))


def why_not_edit(version):
    """Say why the words cannot be changed: they were handed in."""
    if version is None or version.state in (VersionState.DRAFT, VersionState.PUBLISHED):
        return None
    return Conflict("handed_in", _("已经提交，正在审核。要修改请先撤回提交。"))


def why_not_submit(profile, version, affirmed, novelty):
    """Say why a version cannot be handed in, with what she affirms."""
    error = why_not_in(version, VersionState.DRAFT) or why_not_whole(profile, version)
    if error:
        return error
    if not affirmed:
        sentence = _("请确认内容不涉及国家秘密和限制出口的技术，否则不能公开。")
        return Invalid("not_affirmed", sentence, field="affirmed")
    if version.is_unfiled and not novelty:
        sentence = _("公开后再申请专利会因丧失新颖性被驳回。请确认您知道，或先申请再公开。")
        return Invalid("novelty", sentence, field="novelty")
    return None


def why_not_public(profile):
    """Say that there is nothing public to take off."""
    if profile.published_at and not profile.erased_at:
        return None
    return Conflict("not_published", _("它还没有公开。"))


def why_not_renew(profile, today):
    """Say why a profile cannot be renewed on a day: too early, or not public."""
    if error := why_not_public(profile):
        return error
    if profile.withdrawn_at or profile.hidden_at:
        return Conflict("taken_off", _("它已撤下，恢复公开后才能续期。"))
    if profile.expires_on > today + RENEW_BEFORE:
        return Conflict("too_early", _("离到期还早，到期前 60 天起可以续期。"))
    return None
