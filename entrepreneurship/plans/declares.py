"""What the theme adds to the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from entrepreneurship.plans import operations
from kernel.portal import Declaration, Item

declaration = Declaration(
    permissions={
        "department_clerk": (
            "entrepreneurship.view_planmember",
            "entrepreneurship.link_planmember",
            "entrepreneurship.export_planmember",
        ),
        "auditor": ("entrepreneurship.view_planmember",),
        "administrator": ("entrepreneurship.view_planmember",),
    },
    verbs={
        "entrepreneurship.link_venture": pgettext_lazy("audit", "登记入选计划的创业项目"),
        "entrepreneurship.export_plan_members": pgettext_lazy("audit", "导出计划入选人"),
    },
    results=(operations.join_cohort,),
    navigation=(Item(2, 41, _("计划入选人"), "groups", "entrepreneurship_planmember"),),
)
