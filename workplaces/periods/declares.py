"""What the theme adds to the portal."""

from django.utils.translation import pgettext_lazy

from kernel.portal import Declaration, Entry, Item
from workplaces.periods import queue

SEES = ("workplaces.view_periodrule",)
KEEPS = (*SEES, "workplaces.add_periodrule", "workplaces.change_periodrule")

declaration = Declaration(
    permissions={
        "department_clerk": KEEPS,
        "auditor": SEES,
        "administrator": SEES,
    },
    verbs={
        "workplaces.add_periodrule": pgettext_lazy("audit", "登记四期保护规定"),
        "workplaces.change_periodrule": pgettext_lazy("audit", "修改四期保护规定"),
        "workplaces.check_periodrule": pgettext_lazy("audit", "核对四期保护规定"),
    },
    navigation=(
        Item(
            4, 60, pgettext_lazy("many", "四期保护规定"), "pregnant_woman", "workplaces_periodrule"
        ),
    ),
    queue=(Entry(39, "workplaces.change_periodrule", queue.to_check),),
    public_models=("workplaces.PeriodRule",),
)
