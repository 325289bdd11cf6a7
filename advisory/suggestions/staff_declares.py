"""What the theme adds for those who work in it: navigation, lines of the work queue, the log's words of undoing and exports."""

from django.utils.translation import pgettext_lazy

from advisory.suggestions import queue
from advisory.suggestions.rules import who
from kernel.portal import Declaration, Entry, Item

VERBS = {
    "advisory.part_suggestion": pgettext_lazy("audit", "撤销建言并案"),
    "advisory.remove_proof": pgettext_lazy("audit", "删除采纳证明"),
    "advisory.retry_suggestion": pgettext_lazy("audit", "重试建言的到期处理"),
    "advisory.retry_effect": pgettext_lazy("audit", "重试成效报告的到期处理"),
    "advisory.export_suggestions": pgettext_lazy("audit", "导出建言"),
    "advisory.export_assignments": pgettext_lazy("audit", "导出建言交办"),
    "advisory.export_adoptions": pgettext_lazy("audit", "导出建言采纳"),
}

declaration = Declaration(
    verbs=VERBS,
    navigation=(
        Item(1, 40, pgettext_lazy("many", "建言征集"), "campaign", "advisory_suggestioncampaign"),
        Item(1, 41, pgettext_lazy("many", "建言"), "lightbulb", "advisory_suggestion"),
        Item(1, 42, pgettext_lazy("many", "交办"), "assignment", "advisory_assignment"),
        Item(1, 43, pgettext_lazy("many", "建言答复"), "reply", "advisory_reply"),
        Item(1, 44, pgettext_lazy("many", "建言采纳"), "task_alt", "advisory_adoption"),
    ),
    queue=(
        Entry(65, who.RUN, queue.late),
        Entry(66, who.RUN, queue.due),
        Entry(67, who.RUN, queue.second),
        Entry(68, who.RUN, queue.to_tell),
        Entry(69, who.SIGN, queue.to_sign),
        Entry(70, who.RUN, queue.to_file),
        Entry(71, who.RUN, queue.to_assign),
        Entry(72, who.RUN, queue.handed_back),
        Entry(73, who.RUN, queue.extensions),
        Entry(74, who.RUN, queue.to_confirm),
        Entry(75, who.RUN, queue.contests),
        Entry(76, who.RUN, queue.could_not),
    ),
)
