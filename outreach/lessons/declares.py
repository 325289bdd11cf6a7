"""What the theme adds to the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.portal import Declaration, Entry, Item, Place
from outreach.lessons import queue

SEES = ("outreach.view_lesson",)
WRITES = (*SEES, "outreach.change_lesson", "outreach.review_lesson")

VERBS = {
    "outreach.write_lesson": pgettext_lazy("audit", "撰写课或实验"),
    "outreach.rewrite_lesson": pgettext_lazy("audit", "写课或实验的新版本"),
    "outreach.agree_lesson": pgettext_lazy("audit", "同意公布课或实验"),
    "outreach.send_back_lesson": pgettext_lazy("audit", "退回课或实验"),
    "outreach.show_lesson": pgettext_lazy("audit", "公布课或实验"),
    "outreach.take_back_review": pgettext_lazy("audit", "收回对课或实验的审核"),
    "outreach.withdraw_lesson": pgettext_lazy("audit", "撤下课或实验"),
    "outreach.restore_lesson": pgettext_lazy("audit", "恢复课或实验"),
}

declaration = Declaration(
    permissions={
        "department_clerk": WRITES,
        "outreach_coordinator": WRITES,
        "department_reviewer": (*SEES, "outreach.review_lesson"),
        "auditor": SEES,
        "administrator": SEES,
    },
    verbs=VERBS,
    navigation=(Item(5, 22, pgettext_lazy("many", "课和实验"), "science", "outreach_lesson"),),
    queue=(Entry(69, "outreach.review_lesson", queue.to_review),),
    public_models=("outreach.Lesson",),
    places=(Place(36, "outreach/lessons/", _("课和实验"), footer=True),),
)
