"""Campaigns and what women do: write, hand in, take back, sign too."""

from django.utils.translation import gettext as _

from advisory.suggestions.complaints import looks_personal
from advisory.suggestions.models import (
    CampaignState,
    Named,
    Suggestion,
    SuggestionState,
    Writers,
)
from advisory.suggestions.rules.who import why_moved_on, why_not_author
from kernel.errors import Conflict, Invalid, Refused
from kernel.words import moment_text
from talents.operations import own_record
from talents.standing import why_not_take_part

MOST_TITLE, MOST_TEXT, MOST_PEN = 40, 3000, 20
LEAST_TITLE, LEAST_TEXT = 4, 10
MOST_OPEN = 10  # of one woman in one campaign: more is a flood, or something to talk about
State = SuggestionState


# --- campaigns ------------------------------------------------------------------------------------
def why_not_hours(opens_at, closes_at):
    """Say that hours end before they begin."""
    if closes_at > opens_at:
        return None
    return Invalid("hours_backwards", _("截止时间须在开始时间以后。"), field="closes_at")


def why_not_campaign_state(campaign, *states):
    """Say that a campaign does not stand where this can be done."""
    return None if campaign.state in states else why_moved_on()


def why_not_open_campaign(campaign, now):
    """Say why a campaign cannot be published."""
    if error := why_not_campaign_state(campaign, CampaignState.DRAFT):
        return error
    return why_not_closes(campaign.closes_at, now)


def why_not_closes(closes_at, now):
    """Say that an end lies in the past."""
    if closes_at > now:
        return None
    return Invalid("closes_past", _("截止时间须在现在以后。"), field="closes_at")


def why_not_cancel_campaign(campaign):
    """Say why a campaign cannot be called off: somebody has handed something in."""
    if error := why_not_campaign_state(campaign, CampaignState.DRAFT, CampaignState.OPEN):
        return error
    if campaign.suggestions.exclude(state=State.DRAFT).exists():
        return Conflict("suggestions_there", _("已经有人提交建言，不能取消；可以提前结束。"))
    return None


# --- she writes -----------------------------------------------------------------------------------
def why_not_woman(campaign, user):
    """Say why somebody may not write to a campaign, whatever the time."""
    if user is None or not user.is_authenticated:
        return Refused("signed_out", _("请先登录。"))
    if user.is_staff or user.unit_id:
        sentence = _("征集面向女性科技工作者本人；工作人员和单位账号不能写，请用本人账号。")
        return Refused("not_a_woman", sentence)
    if campaign.writers == Writers.DATABASE:
        return why_not_take_part(own_record(user))
    return None


def why_not_write(campaign, user, now):
    """Say why somebody cannot write to a campaign now: its hours, or who she is.

    The hours first: nobody is asked to sign in for what is over.
    """
    return why_not_now(campaign, now) or why_not_woman(campaign, user)


def why_not_now(campaign, now):
    """Say that a moment lies outside a campaign's hours."""
    if campaign.is_writable(now):
        return None
    if campaign.state == CampaignState.OPEN and now < campaign.opens_at:
        sentence = _("征集从 %(at)s 开始，到时候再来写。")
        return Conflict("not_yet", sentence % {"at": moment_text(campaign.opens_at)})
    if campaign.state == CampaignState.CANCELLED:
        sentence = _("这次征集取消了，原因：%(reason)s")
        return Conflict("cancelled", sentence % {"reason": campaign.cancel_reason})
    sentence = _("征集已于 %(at)s 截止，不能再写。")
    return Conflict("too_late", sentence % {"at": moment_text(campaign.ends_at)})


def why_not_more(campaign, user):
    """Say that somebody has written a great many already."""
    hers = Suggestion.objects.hers(user).filter(campaign=campaign)
    if hers.exclude(state=State.WITHDRAWN).count() < MOST_OPEN:
        return None
    sentence = _("一次征集最多写 %(most)s 件。") % {"most": MOST_OPEN}
    return Conflict("too_many", sentence)


def why_not_values(values):
    """Say what cannot even be kept as a draft: it is too long, or a pen name is missing."""
    for field, most in (("title", MOST_TITLE), ("matter", MOST_TEXT), ("proposal", MOST_TEXT)):
        if len(values.get(field) or "") > most:
            return Invalid("too_long", _("最多 %(most)s 字。") % {"most": most}, field=field)
    if values.get("named") not in Named.values:
        return Invalid("named", _("请选择署名方式。"), field="named")
    if values["named"] == Named.PEN and not values.get("pen_name"):
        return Invalid("pen_name_missing", _("请写下笔名。"), field="pen_name")
    if len(values.get("pen_name") or "") > MOST_PEN:
        return Invalid("too_long", _("最多 %(most)s 字。") % {"most": MOST_PEN}, field="pen_name")
    return None


def why_not_change(suggestion):
    """Say that what was handed in cannot be changed."""
    if suggestion.state == State.DRAFT:
        return None
    return Conflict("sent", _("已经提交，不能再改；可以撤回后重写。"))


def why_not_send(suggestion, user, now, not_personal=False):
    """Say why a draft cannot be handed in: who, when, what is missing, or it is somebody's own case."""
    if error := why_not_change(suggestion) or why_not_write_back(suggestion, user, now):
        return error
    return why_not_complete(suggestion) or why_not_personal(
        suggestion.title, suggestion.matter, suggestion.proposal, not_personal=not_personal
    )


def why_not_write_back(suggestion, user, now):
    """Say why she cannot go on writing: as `why_not_write`, but what was sent back may come again after the hours."""
    if suggestion.back_at and suggestion.campaign.state in (
        CampaignState.OPEN,
        CampaignState.CLOSED,
    ):
        return why_not_woman(suggestion.campaign, user)
    return why_not_write(suggestion.campaign, user, now)


def why_not_complete(suggestion):
    """Say which part is missing."""
    if len((suggestion.title or "").strip()) < LEAST_TITLE:
        return Invalid("title_missing", _("请用一句话写出题目，至少四个字。"), field="title")
    if len((suggestion.matter or "").strip()) < LEAST_TEXT:
        return Invalid("matter_missing", _("请写出现在是什么情况、有什么问题。"), field="matter")
    if len((suggestion.proposal or "").strip()) < LEAST_TEXT:
        return Invalid("proposal_missing", _("请写出建议怎样做。"), field="proposal")
    return None


def why_not_personal(*texts, not_personal=False):
    """Say that it reads like somebody's own case, which is helped elsewhere; she can say that it is not."""
    if not_personal or not looks_personal(*texts):
        return None
    sentence = _(
        "看起来是个人遇到的事：请拨打 12338 妇女维权热线，有人帮您。如果不是为自己的事，请勾选后再提交。"
    )
    return Invalid("personal", sentence, field="not_personal")


def why_not_withdraw(suggestion, by):
    """Say why she cannot take it back: not hers, over, a reply is signed, or it was taken up."""
    if error := why_not_author(suggestion, by):
        return error
    main = suggestion.main
    if main.state in (State.ANSWERED, State.CLOSED) or main.answered_at:
        return Conflict("answered", _("已经有了答复，不能撤回。"))
    if main.adoptions.confirmed().exists():
        return Conflict("adopted", _("已经被采纳，不能撤回。"))
    if suggestion.state in (State.SENT, State.FILED, State.JOINED):
        return None
    return why_moved_on()


# --- she signs too --------------------------------------------------------------------------------
def why_not_cosign(suggestion, user):
    """Say why somebody cannot sign another's suggestion too."""
    if not suggestion.is_public:
        return Conflict("not_public", _("这件建言还没有公开，不能附议。"))
    if not suggestion.campaign.cosigning:
        return Conflict("no_cosigning", _("这次征集不设附议。"))
    if error := why_not_woman(suggestion.campaign, user):
        return error
    if _is_hers(suggestion, user):
        return Conflict("own", _("这是您自己写的，不用附议。"))
    if suggestion.state != State.FILED:
        return Conflict("answered", _("这件建言已经有了答复，请看答复；还没有解决的，请另写一件。"))
    return None


def _is_hers(suggestion, user):
    mine = Suggestion.objects.hers(user)
    return mine.filter(pk=suggestion.pk).exists() or mine.filter(joined_to=suggestion.pk).exists()


def why_not_take_back(cosignature, by):
    """Say why a co-signature cannot be taken back: another's, or the reply is there."""
    if by is None or cosignature.user_id != by.pk:
        return Refused("not_yours", _("只能撤回自己的附议。"))
    if cosignature.suggestion.answered_at:
        return Conflict("answered", _("已经有了答复，不能撤回。"))
    return None
