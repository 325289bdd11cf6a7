"""What the theme adds to the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from entrepreneurship.finance import products_queue
from kernel.portal import Declaration, Entry, Item, Page, Role

MODELS = ("financebank", "bankpaper", "financeproduct", "financeterms")
SEES = tuple(f"entrepreneurship.view_{model}" for model in MODELS)
KEEPS = (
    *SEES,
    *(f"entrepreneurship.add_{model}" for model in MODELS),
    "entrepreneurship.change_financebank",
    "entrepreneurship.change_financeproduct",
    "entrepreneurship.change_financeterms",
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
}

declaration = Declaration(
    # The officer works for all departments: banks and introductions belong to none of them.
    roles=(Role("finance_officer", _("金融专员"), 45, scoped=False, also=("accounts.view_unit",)),),
    permissions={"finance_officer": KEEPS, "auditor": SEES, "administrator": SEES},
    verbs=VERBS,
    navigation=(
        Item(
            2,
            61,
            pgettext_lazy("many", "金融产品"),
            "account_balance",
            "entrepreneurship_financeproduct",
        ),
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
    ),
    public_models=(
        "entrepreneurship.FinanceBank",
        "entrepreneurship.BankPaper",
        "entrepreneurship.FinanceProduct",
        "entrepreneurship.FinanceTerms",
    ),
    bench=(Page(68, "finance products", "/innovation/finance/", "金融", "anybody", {"cpu": 5}),),
)
