"""Staff's pages of what follows an event; events.admin hangs them below the event."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from events import operations, rules
from events.after import results
from events.after.forms import HideForm
from events.models import Feedback
from kernel.admin.actions import attempt
from kernel.admin.decision import decide


class FeedbackPages:
    """Adds to the admin of events: what was said of it."""

    def get_urls(self):
        """Add the pages."""
        pages = [
            ("<int:pk>/feedback/", self.feedback, "feedback"),
            ("<int:pk>/feedback/<uuid:answer>/hide/", self.hide_feedback, "hide_feedback"),
            (
                "<int:pk>/feedback/<uuid:answer>/show/",
                require_POST(self.show_feedback),
                "show_feedback",
            ),
        ]
        urls = [
            path(where, self.admin_site.admin_view(view), name=f"events_event_{name}")
            for where, view, name in pages
        ]
        return urls + super().get_urls()

    def _asked(self, request, pk, rule):
        """Return the event if the rule lets her; 404 as for an event she does not run."""
        event = self.get_or_404(request, pk)
        if rule(event, request.user):
            raise Http404
        return event

    def feedback(self, request, pk):
        """Show what was said, as far as it may be read."""
        event = self._asked(request, pk, rules.why_not_read_feedback)
        return self.page(
            request,
            "events/admin/feedback.html",
            title=_("活动反馈"),
            event=event,
            results=results.of(event, timezone.now()),
            may_moderate=rules.why_not_moderate(event, request.user) is None,
            back=self.address("change", event.pk),
        )

    def _readable(self, request, pk, answer):
        event = self._asked(request, pk, rules.why_not_moderate)
        readable = Feedback.objects.readable(event, timezone.now()).select_related("event")
        return event, get_object_or_404(readable, pk=answer)

    def hide_feedback(self, request, pk, answer):
        """Ask why its words are to be taken out, then take them out."""
        event, feedback = self._readable(request, pk, answer)
        words = " / ".join(filter(None, [feedback.helped, feedback.change]))
        return decide(
            self,
            request,
            title=_("屏蔽这份反馈的文字"),
            facts=[(_("活动"), event.title), (_("内容"), words)],
            outcome=_("文字不再显示，也不进报告；分数照样计入。可以随时恢复。"),
            submit=_("屏蔽"),
            danger=True,
            form_class=HideForm,
            operation=partial(operations.hide_feedback, feedback=feedback),
            done=_("已屏蔽。"),
            back=self.address("feedback", event.pk),
        )

    def show_feedback(self, request, pk, answer):
        """Put the words back."""
        event, feedback = self._readable(request, pk, answer)
        attempt(request, operations.show_feedback, _("已恢复显示。"), feedback=feedback)
        return redirect(self.address("feedback", event.pk))
