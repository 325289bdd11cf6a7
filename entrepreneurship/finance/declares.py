"""What the theme adds to the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from entrepreneurship.finance import operations, personal_data, products_queue, referrals_queue
from entrepreneurship.finance.referrals_rules import PURPOSE
from kernel.portal import Declaration, Entry, Item, Link, Page, Role
from notices.kinds import Kind
from privacy.purposes import Purpose
from talents.departures import Departure

MODELS = ("financebank", "bankpaper", "financeproduct", "financeterms", "banktotal")
SEES = tuple(f"entrepreneurship.view_{model}" for model in (*MODELS, "referral"))
KEEPS = (
    *SEES,
    *(f"entrepreneurship.add_{model}" for model in MODELS),
    "entrepreneurship.change_financebank",
    "entrepreneurship.change_financeproduct",
    "entrepreneurship.change_financeterms",
    "entrepreneurship.change_banktotal",
    "entrepreneurship.correct_referral",
    "entrepreneurship.export_referral",
)

VERBS = {
    "entrepreneurship.add_bank": pgettext_lazy("audit", "登记合作银行"),
    "entrepreneurship.change_bank": pgettext_lazy("audit", "修改合作银行"),
    "entrepreneurship.note_paper": pgettext_lazy("audit", "登记银行的协议或评估"),
    "entrepreneurship.withdraw_paper": pgettext_lazy("audit", "作废银行的协议或评估"),
    "entrepreneurship.add_product": pgettext_lazy("audit", "新增金融产品"),
    "entrepreneurship.change_product": pgettext_lazy("audit", "修改金融产品"),
    "entrepreneurship.export_products": pgettext_lazy("audit", "导出金融产品"),
    "entrepreneurship.add_terms": pgettext_lazy("audit", "新增产品条件"),
    "entrepreneurship.change_terms": pgettext_lazy("audit", "更正产品条件"),
    "entrepreneurship.end_terms": pgettext_lazy("audit", "提前结束产品条件"),
    "entrepreneurship.verify_terms": pgettext_lazy("audit", "核实产品条件"),
    "entrepreneurship.introduce": pgettext_lazy("audit", "申请金融对接"),
    "entrepreneurship.withdraw_referral": pgettext_lazy("audit", "撤回金融对接"),
    "entrepreneurship.refuse_offer": pgettext_lazy("audit", "不接受银行的条件"),
    "entrepreneurship.mistype_referral": pgettext_lazy("audit", "输入无效的引见码"),
    "entrepreneurship.answer_referral": pgettext_lazy("audit", "答复金融对接"),
    "entrepreneurship.undo_answer": pgettext_lazy("audit", "撤回金融对接的答复"),
    "entrepreneurship.read_referral": pgettext_lazy("audit", "查看金融对接"),
    "entrepreneurship.read_referrals": pgettext_lazy("audit", "查看本行金融对接的列表"),
    "entrepreneurship.confirm_deletion": pgettext_lazy("audit", "确认删除对接信息"),
    "entrepreneurship.lapse_referral": pgettext_lazy("audit", "结束过期的金融对接"),
    "entrepreneurship.remind_bank": pgettext_lazy("audit", "提醒银行答复"),
    "entrepreneurship.escalate_referral": pgettext_lazy("audit", "将超期的对接转给金融专员"),
    "entrepreneurship.export_referrals": pgettext_lazy("audit", "导出金融对接"),
    "entrepreneurship.enter_total": pgettext_lazy("audit", "填报银行季度合计"),
}

# What leaves by SMS says nothing of banks or money, and to a bank nothing of her.
OUTSIDE = (_("您有一项办理有新进展"), _("请登录门户查看。"))
BANK_TITLE = _("有一项事务等贵方处理")
NOTICES = {
    "entrepreneurship.referral_moved": Kind(
        _("金融对接有新进展"),
        _("“%(product)s”现在是：%(state)s。请在“我的金融对接”看接下来怎么做。"),
        frozenset({"product", "state"}),
        essential=True,
        outside=OUTSIDE,
    ),
    "entrepreneurship.referral_waits": Kind(
        BANK_TITLE,
        _("引见码 %(code)s 等贵方答复，请登录门户处理。"),
        frozenset({"code"}),
        essential=True,
    ),
    "entrepreneurship.referral_delete": Kind(
        BANK_TITLE,
        _("引见码 %(code)s 已撤回或到期，请删除取得的信息，并登录门户确认。"),
        frozenset({"code"}),
        essential=True,
    ),
    "entrepreneurship.referral_overdue": Kind(
        _("银行超期未答复"),
        _("引见码 %(code)s 提醒后两个工作日仍未答复，请与银行窗口联系。"),
        frozenset({"code"}),
        essential=True,
    ),
}


def _answers_for_bank(user, found):
    """Return the hint for a bank's contact, None for everybody else."""
    if not user.unit_id or not user.has_perm("entrepreneurship.answer_referral"):
        return None
    return _("输入引见码，答复，季度合计")


declaration = Declaration(
    # The officer works for all departments: banks and introductions belong to none of them.
    roles=(
        Role("finance_officer", _("金融专员"), 45, scoped=False, also=("accounts.view_unit",)),
        Role("bank_contact", _("银行联系人"), 61, staff=False, scoped=False),
    ),
    permissions={
        "finance_officer": KEEPS,
        "bank_contact": ("entrepreneurship.answer_referral",),
        "auditor": SEES,
        "administrator": SEES,
    },
    verbs=VERBS,
    notices=NOTICES,
    purposes=(
        Purpose(
            PURPOSE,
            57,
            _("请一家银行联系我"),
            "2026-11",
            _("您逐项勾选的：姓名、手机号、项目名称、统一社会信用代码、行业"),
            _("只交给您选定的一家银行，就一个产品联系您；每家银行单独同意，三十天有效。"),
            _("撤回后银行立即不能再看到，已取得的会要求它删除并确认；这次对接随之结束。"),
            each="my_referrals",
        ),
    ),
    consent_sources={"referral": _("申请金融对接时")},
    consent_effects={PURPOSE: operations.follow_consent},
    departures=(Departure(36, personal_data.lost_by_leaving, personal_data.leave),),
    terms=(operations.move_terms,),
    scopes={
        "finance:read": _("读取引见到本行的金融对接"),
        "finance:answer": _("答复引见到本行的金融对接"),
    },
    api_sections={"finance": _("金融对接")},
    beat={"entrepreneurship.tasks.follow_referrals": 3600},
    links=(
        Link(
            "settings",
            17,
            _("我的金融对接"),
            "my_referrals",
            lambda user, found: _("银行产品、进展、撤回"),
        ),
        Link("work", 61, _("银行对接"), "bank", _answers_for_bank),
    ),
    navigation=(
        Item(
            2,
            61,
            pgettext_lazy("many", "金融产品"),
            "account_balance",
            "entrepreneurship_financeproduct",
        ),
        Item(2, 60, pgettext_lazy("many", "金融对接"), "handshake", "entrepreneurship_referral"),
        Item(2, 65, pgettext_lazy("many", "银行季度合计"), "table", "entrepreneurship_banktotal"),
        Item(2, 62, pgettext_lazy("many", "产品条件"), "percent", "entrepreneurship_financeterms"),
        Item(
            2,
            63,
            pgettext_lazy("many", "合作银行"),
            "assured_workload",
            "entrepreneurship_financebank",
        ),
        Item(
            2,
            64,
            pgettext_lazy("many", "银行的协议和评估"),
            "contract",
            "entrepreneurship_bankpaper",
        ),
    ),
    queue=(
        Entry(61, "entrepreneurship.change_financebank", products_queue.terms_going),
        Entry(62, "entrepreneurship.change_financebank", products_queue.papers_ending),
        Entry(57, "entrepreneurship.correct_referral", referrals_queue.overdue),
        Entry(58, "entrepreneurship.correct_referral", referrals_queue.to_delete),
        Entry(59, "entrepreneurship.correct_referral", referrals_queue.referrals_set_aside),
    ),
    public_models=(
        "entrepreneurship.FinanceBank",
        "entrepreneurship.BankPaper",
        "entrepreneurship.FinanceProduct",
        "entrepreneurship.FinanceTerms",
    ),
    bench=(Page(68, "finance products", "/innovation/finance/", "金融", "anybody", {"cpu": 5}),),
)
