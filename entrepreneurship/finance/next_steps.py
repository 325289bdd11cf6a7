"""What happens next with an introduction, in her words: each end leads somewhere."""

from django.urls import reverse
from django.utils.translation import gettext as _

from entrepreneurship.finance.models import OPEN, ReferralState, ReferralWay
from kernel.words import day_text, moment_text

State = ReferralState


def next_step(referral, at):
    """Return (sentence, [(address, words of the link)]) for a referral at a moment; what is under way has no links."""
    if referral.is_open and referral.good_until <= at:
        return _ended()[State.LAPSED]
    if referral.state in OPEN:
        return _under_way(referral)
    return _ended()[referral.state]


def _under_way(referral):
    until = moment_text(referral.good_until)
    if referral.state == State.INTRODUCED and referral.way == ReferralWay.CARRY:
        sentence = _("请在 %(until)s 前带这个页面去银行窗口，由银行输入引见码。")
        return sentence % {"until": until}, []
    if referral.state == State.APPROVED:
        return _("银行已批准，请按银行的通知办理签约；放款后这里会显示。"), []
    sentence = _("银行最晚在 %(day)s 答复；没有答复，我们会提醒银行，再请金融专员跟进。")
    return sentence % {"day": day_text(referral.due_on)}, []


def _ended():
    products = reverse("finance_products"), _("看看其他产品")
    coaches = reverse("coaches"), _("找创业导师")
    return {
        State.DISBURSED: (_("已放款。以后有新的资金需要，可以再来申请。"), [products]),
        State.DECLINED_BY_BANK: (
            _("这家银行未批准。可以换一个产品；想知道差在哪里，可以请金融专员或创业导师一起看看。"),
            [products, coaches],
        ),
        State.DECLINED_BY_HER: (_("您没有接受这次的条件，可以再比较其他产品。"), [products]),
        State.NOT_REACHED: (
            _("银行没有联系上您。请核对手机号，再申请时可以选自己带页面去银行。"),
            [products],
        ),
        State.WITHDRAWN: (_("已撤回。想重新开始，可以再选产品。"), [products]),
        State.LAPSED: (_("已过期，没有办成。可以再申请，或联系金融专员了解原因。"), [products]),
    }
