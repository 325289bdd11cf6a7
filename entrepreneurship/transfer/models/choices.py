"""What the theme chooses from."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TransferKind(models.TextChoices):
    """What a profile says: I have, I need, let us find out together."""

    OFFER = "offer", _("成果")
    NEED = "need", _("需求")
    JOINT = "joint", _("联合研究")


class TransferForm(models.TextChoices):
    """In which form one would work together."""

    LICENCE = "licence", _("许可使用")
    TRANSFER = "transfer", _("转让")
    EQUITY = "equity", _("作价入股")
    JOINT = "joint", _("合作开发")
    SERVICE = "service", _("技术服务")


class Readiness(models.IntegerChoices):
    """Technology readiness, the nine levels of GB/T 22900-2022, each in a few plain words."""

    REPORT = 1, _("1 级：发现了基本原理，有报告")
    CONCEPT = 2, _("2 级：有了技术方案")
    FUNCTION = 3, _("3 级：关键功能经实验证明可行")
    SIMULATION = 4, _("4 级：部件在实验室里验证过")
    COMPONENT = 5, _("5 级：部件在接近实际的环境里验证过")
    PROTOTYPE = 6, _("6 级：样机在接近实际的环境里演示过")
    TRIAL = 7, _("7 级：样机在实际环境里试用过")
    PRODUCT = 8, _("8 级：产品定型，经实际验证")
    MARKET = 9, _("9 级：已批量应用，可以销售")


class RightsKind(models.TextChoices):
    """What protects it."""

    INVENTION = "invention", _("发明专利")
    UTILITY = "utility", _("实用新型专利")
    DESIGN = "design", _("外观设计专利")
    SOFTWARE = "software", _("软件著作权")
    LAYOUT = "layout", _("集成电路布图设计")
    VARIETY = "variety", _("植物新品种")
    SECRET = "secret", _("技术秘密")
    UNFILED = "unfiled", _("还没有申请")


PATENTS = (RightsKind.INVENTION, RightsKind.UTILITY, RightsKind.DESIGN)


class VersionState(models.TextChoices):
    """Where a version of a profile stands."""

    DRAFT = "draft", _("撰写中")
    ENDORSING = "endorsing", _("等单位同意")
    CHECKING = "checking", _("等审核")
    PUBLISHED = "published", _("已公开")
    REPLACED = "replaced", _("已被新版代替")


class InterestState(models.TextChoices):
    """Where an interest stands."""

    ASKED = "asked", _("等对方答复")
    ANSWERED = "answered", _("对方愿意，等发起方确认")
    AGREED = "agreed", _("双方同意，等技术经理人")
    MEDIATED = "mediated", _("技术经理人对接中")
    CONFIDENTIAL = "confidential", _("已签保密协议")
    CONTRACTED = "contracted", _("已签合同")
    DECLINED = "declined", _("对方谢绝")
    LAPSED = "lapsed", _("到期没有答复")
    WITHDRAWN = "withdrawn", _("发起方撤回")
    ENDED = "ended", _("已结束")


WAITING = (InterestState.ASKED, InterestState.ANSWERED)
TOGETHER = (
    InterestState.AGREED,
    InterestState.MEDIATED,
    InterestState.CONFIDENTIAL,
    InterestState.CONTRACTED,
)
OPEN = (*WAITING, *TOGETHER)
FUNNEL = ("mediated", "confidential", "contracted")  # what follows once both agreed


class DeclineReason(models.TextChoices):
    """Why an interest is declined: chosen from a list, nobody has to explain herself."""

    TAKEN = "taken", _("已与别人合作")
    DIRECTION = "direction", _("方向不合")
    FORM = "form", _("合作方式不合适")
    NOT_READY = "not_ready", _("条件还不成熟")
    BUSY = "busy", _("近期没有精力")
    UNCLEAR = "unclear", _("对方说明不够清楚")


class EndReason(models.TextChoices):
    """Why what two had agreed to came to an end."""

    PRICE = "price", _("价格或条款没有谈成")
    PROOF = "proof", _("技术验证没有通过")
    ELSEWHERE = "elsewhere", _("另选了合作方")
    SILENT = "silent", _("一方联系不上")
    RIGHTS = "rights", _("权属有争议")
    STOPPED = "stopped", _("一方不再继续")
    DONE = "done", _("合同履行完毕")


class ContractKind(models.TextChoices):
    """The technology contracts of the Civil Code, book three, chapter twenty (art. 843 to 887)."""

    DEVELOPMENT = "development", _("技术开发合同")
    TRANSFER = "transfer", _("技术转让合同")
    LICENCE = "licence", _("技术许可合同")
    CONSULTING = "consulting", _("技术咨询合同")
    SERVICE = "service", _("技术服务合同")


class PriceWay(models.TextChoices):
    """How the price was found (law on promoting the transfer of results, art. 18)."""

    NEGOTIATED = "negotiated", _("协议定价")
    LISTED = "listed", _("技术交易市场挂牌")
    AUCTION = "auction", _("拍卖")


class ContractState(models.TextChoices):
    """Where a contract stands."""

    PREPARED = "prepared", _("拟签")
    SIGNED = "signed", pgettext_lazy("contract", "已签订")
    REGISTERED = "registered", _("已认定登记")
    VOID = "void", _("已作废")
