"""The app's part of 我的."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel import portal
from kernel.prepared import Prepared
from kernel.words import listed
from talents.career.confirming import is_due
from talents.identity.models import Claim, Proposal
from talents.identity.views import offer
from talents.models import TalentState
from talents.operations import own_record
from talents.standing import is_stale

CLAIM = Prepared(
    lambda who: Claim.objects.waiting().filter(user=who).values_list("pk")[:1], who="accounts.User"
)
PROPOSAL = Prepared(
    lambda who: (
        Proposal.objects.waiting().filter(talent__user=who, unit=None).values_list("pk")[:1]
    ),
    who="accounts.User",
)
CARD = {"claim": CLAIM, "proposal": PROPOSAL}


@dataclass(frozen=True)
class Attention:
    """One thing she should do next."""

    text: str
    action: str
    link: str
    tone: str = "info"


def benefits():
    """Return what a woman in the database can do, as the apps declare it: 报名活动、获取关爱积分."""
    return listed(line.text for line in portal.listed("benefits"))


def about_her_record(request, now, found):
    """Return what her record asks of her now; nothing of those who work here and have none."""
    talent = own_record(request.user)
    if talent is None and request.works_here:
        return None
    attention = _offered(request, talent) or _attention(talent, found) or _due(talent, now)
    return {"attention": attention} if attention else None


def _offered(request, talent):
    """Return the invitation to claim the record a unit reported with her phone, where she has none yet."""
    if talent is not None or not offer(request, talent):
        return None
    text = _("单位已为您报送过档案，认领后不用重新填写。")
    return Attention(text, _("查看并认领"), reverse("profile_claim"))


def _attention(talent, found):
    link = reverse("profile")
    if found["claim"]:
        text = _("您的认领申请正在核对，结果会通知您。有验证码的，填写后马上认领。")
        return Attention(text, _("查看申请"), reverse("profile_claim"))
    if talent is None:
        text = _("完善档案并通过审核后，就能%(benefits)s。") % {"benefits": benefits()}
        return Attention(text, _("开始填写"), link)
    if talent.has_left_database:
        text = _("您已撤回人才库授权，档案已退出人才库，不能报名新的活动。重新同意后就会恢复。")
        return Attention(text, _("查看并恢复"), reverse("profile_review"), "warn")
    if talent.state == TalentState.DRAFT:
        started = _("您的档案还没有提交，分三步，几分钟就能填完。")
        return Attention(started, _("继续填写"), link)
    if talent.state == TalentState.RETURNED:
        text = _("您的档案需要补充：%(reason)s") % {"reason": talent.return_text}
        return Attention(text, _("去修改"), link, "warn")
    if talent.state == TalentState.SUBMITTED:
        text = _("档案已提交，工作人员一般在 3 个工作日内审核，结果会通知您。")
        return Attention(text, _("查看档案"), link)
    if talent.moved_away_on:
        text = _("您已登记离开两江新区，暂时不能报名和兑换。回来以后，点“我回来了”就恢复。")
        return Attention(text, _("查看并恢复"), reverse("profile_review"))
    if found["proposal"]:
        text = _("您的更正申请正在核对，结果会通知您；通过之前按原来的显示。")
        return Attention(text, _("查看申请"), reverse("profile_review"))
    return None


def _due(talent, now):
    """Return the invitation to look her record through, where that is due."""
    if not is_due(talent, now):
        return None
    text = _("请花两分钟核对一下档案：单位、职称有没有变化。没有变化，一点就好。")
    if is_stale(talent, timezone.localdate(now)):
        text = _("档案很久没有核对，各部门咨询专家、推荐人选时暂时找不到您。核对以后就恢复。")
    return Attention(text, _("开始核对"), reverse("profile_confirm"))


def record_state(user, found):
    """Return how her record stands, for the line that leads to it."""
    talent = own_record(user)
    return talent.standing_words if talent else _("还没有填写")
