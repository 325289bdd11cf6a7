"""The page on which an event is planned again on several days: the rule, then the days, then the drafts."""

from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import operations, rules
from events.forms import DaysForm, RepeatForm
from kernel.admin.decision import TEMPLATE, decide, form_page
from kernel.words import moment_text

CHOSEN = "chosen"


class RepeatPage:
    """An event held again and again."""

    def repeat(self, request, pk):
        """Ask for the rule, show the days with public holidays named, make a draft for each that stays."""
        event = self.get_or_404(request, pk)
        refused, form = rules.why_not_clone(event, request.user), RepeatForm(request.POST or None)
        page = {
            "title": _("定期举办"),
            "facts": [(_("活动"), event.title), (_("时间"), moment_text(event.starts_at))],
            "back": self.address("change", event.pk),
        }
        if refused or not form.is_valid():
            submit = _("看日期")
            return decide(
                self,
                request,
                why_not=refused,
                form_class=RepeatForm,
                submit=submit,
                operation=None,
                **page,
            )
        days_form = partial(DaysForm, event=event, **form.cleaned_data)
        page["carried"] = [*form.cleaned_data.items(), (CHOSEN, "1")]
        page["outcome"] = _(
            "每个日期生成一份草稿，带上文字、席位和议程；主讲人、线上链接和名单不带过去。"
        )
        if CHOSEN in request.POST:
            return decide(
                self,
                request,
                form_class=days_form,
                submit=_("生成草稿"),
                operation=partial(operations.repeat_event, event=event),
                done=_made,
                go_on=self.address("changelist"),
                **page,
            )
        return form_page(
            self, request, TEMPLATE, form=days_form(), submit_label=_("生成草稿"), **page
        )


def _made(copies):
    words = ngettext(
        "已生成 %(n)s 份草稿，请逐一核对后发布。",
        "已生成 %(n)s 份草稿，请逐一核对后发布。",
        len(copies),
    )
    return words % {"n": len(copies)}
