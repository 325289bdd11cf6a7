"""What the theme adds to the portal."""

from django.utils.translation import pgettext_lazy

from kernel.portal import Declaration

SEES = ("entrepreneurship.view_venture",)
WORKS = (*SEES, "entrepreneurship.correct_venture", "entrepreneurship.export_venture")


VERBS = {
    "entrepreneurship.create_venture": pgettext_lazy("audit", "登记创业项目"),
    "entrepreneurship.save_venture": pgettext_lazy("audit", "修改创业项目"),
    "entrepreneurship.export_ventures": pgettext_lazy("audit", "导出创业项目"),
}

declaration = Declaration(
    permissions={"department_clerk": WORKS, "auditor": SEES, "administrator": SEES},
    verbs=VERBS,
)
