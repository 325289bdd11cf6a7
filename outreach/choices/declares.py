"""What the theme adds to the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import UnitKind
from kernel.portal import Declaration, Item, Link
from outreach.choices.models import ASK

SEES = ("outreach.view_choicereport",)

VERBS = {
    "outreach.enter_choices": pgettext_lazy("audit", "填报选科统计"),
    "outreach.correct_choices": pgettext_lazy("audit", "更正选科统计"),
    "outreach.withdraw_choices": pgettext_lazy("audit", "撤回选科统计"),
    "outreach.export_choices": pgettext_lazy("audit", "导出选科统计"),
}


def _counts(user):
    """Tell whether she counts for a school; who is in no unit is asked nothing of the database."""
    if user.is_staff or not user.unit_id or not user.has_perm(ASK):
        return False
    return user.unit.kind == UnitKind.SCHOOL


declaration = Declaration(
    permissions={
        "department_clerk": SEES,
        "outreach_coordinator": SEES,
        "department_reviewer": SEES,
        "auditor": SEES,
        "administrator": SEES,
        "unit_contact": (ASK,),
    },
    verbs=VERBS,
    navigation=(
        Item(5, 23, pgettext_lazy("many", "选科统计"), "functions", "outreach_choicereport"),
    ),
    links=(
        Link(
            "work",
            66,
            _("本校的选科统计"),
            "my_choices",
            lambda user, found: _("填报人数，看本校和全区") if _counts(user) else None,
        ),
    ),
)
