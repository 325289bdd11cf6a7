"""What the theme adds to the portal."""

from django.utils.translation import pgettext_lazy

from kernel.portal import Declaration

declaration = Declaration(
    verbs={
        "outreach.open_survey": pgettext_lazy("audit", "开放班级码"),
        "outreach.close_survey": pgettext_lazy("audit", "关闭班级码"),
        "outreach.enter_survey": pgettext_lazy("audit", "填写举牌人数"),
        "outreach.empty_survey": pgettext_lazy("audit", "清空一次小调查"),
    },
)
