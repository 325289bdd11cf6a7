"""What the theme adds for those who work in it: navigation, lines of the work queue."""

from django.utils.translation import pgettext_lazy

from advisory.suggestions import queue
from advisory.suggestions.rules import who
from kernel.portal import Declaration, Entry, Item

declaration = Declaration(
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
        Entry(76, who.RUN, queue.suggestions_set_aside),
        Entry(76, who.RUN, queue.effects_set_aside),
    ),
)
