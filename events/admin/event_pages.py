"""The buttons and pages of one event: publish, clone, cancel, take over, write to those who booked."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import letters, operations, rules
from events.exports import attendance
from events.forms import CancelEventForm, MessageForm, TakeOverForm
from kernel.admin.actions import attempt
from kernel.admin.decision import TEMPLATE, decide, form_page
from kernel.downloads import download
from kernel.words import moment_text


def facts(event):
    """Return what says which event is meant, as (label, value) pairs."""
    return [(_("活动"), event.title), (_("时间"), moment_text(event.starts_at))]


def _outcome_of_cancelling(event):
    """Say before an event is cancelled whom that reaches: nobody is counted who is not there."""
    people = event.bookings.active().count()
    if not people:
        return _("取消后不能恢复。还没有人报名；活动页面会保留并写明取消原因。")
    words = ngettext(
        "取消后不能恢复：%(n)s 位已报名、候补或待审核的人会马上收到通知，报名随之结束，席位全部释放。活动页面会保留并写明取消原因。",
        "取消后不能恢复：%(n)s 位已报名、候补或待审核的人会马上收到通知，报名随之结束，席位全部释放。活动页面会保留并写明取消原因。",
        people,
    )
    return words % {"n": people}


def _called_off(event):
    """Say how many were told."""
    words = ngettext("活动已取消，已通知 %(n)s 人。", "活动已取消，已通知 %(n)s 人。", event.told)
    return words % {"n": event.told}


def _message_preview(page, event, form):
    """Return the page that shows what the text will read like and how many it reaches, and still takes changes."""
    inside, outside = letters.shown_message(event, form.cleaned_data["text"])
    readers = operations.message_readers(event)
    sends = ngettext("将发给 %(n)s 位已报名的人。", "将发给 %(n)s 位已报名的人。", readers)
    shown = [(_("站内通知"), inside), (_("短信或邮件"), outside), (_("收到的人数"), readers)]
    after = _("发出后不能撤回；同样的内容每人只会收到一次。要改的，直接改上面的内容，会再次预览。")
    return page(
        TEMPLATE,
        form=form.again(),
        facts=facts(event) + shown,
        outcome=sends % {"n": readers} + after,
        submit_label=_("发送通知"),
    )


def _message(event, *, text, shown, by, now):
    return operations.message_booked(event=event, text=text, by=by, now=now)


def _messaged(readers):
    words = ngettext("已通知 %(n)s 人。", "已通知 %(n)s 人。", readers)
    return words % {"n": readers}


class EventPages:
    """What is done with one event."""

    def publish(self, request, pk):
        """Let people see and book the draft; a refusal is said on the event's page."""
        event = self.get_or_404(request, pk)
        attempt(request, operations.publish_event, _("已发布，现在可以报名。"), event=event)
        return self._back(event)

    def clone(self, request, pk):
        """Make a draft like this event and show it."""
        event = self.get_or_404(request, pk)
        done = _("已复制为草稿，请核对时间后发布。")
        told = {"event": event, "with_materials": "with_materials" in request.POST}
        return self._back(attempt(request, operations.clone_event, done, **told) or event)

    def cancel(self, request, pk):
        """Ask for the reason, say who will be told, cancel."""
        if not self.has_publish_permission(request):
            raise PermissionDenied
        event = self.get_or_404(request, pk)
        return decide(
            self,
            request,
            title=_("取消活动"),
            why_not=rules.why_not_call_off(event, timezone.now()),
            form_class=CancelEventForm,
            facts=facts(event),
            outcome=_outcome_of_cancelling(event),
            submit=_("取消活动并通知所有人"),
            danger=True,
            operation=partial(operations.cancel_event, event=event),
            done=_called_off,
            back=self.address("change", event.pk),
        )

    def take_over(self, request, pk):
        """Ask that somebody take over a sensitive event nobody is in charge of any more."""
        event = self.get_or_404(request, pk)
        return decide(
            self,
            request,
            title=_("申请接手"),
            why_not=rules.why_not_take_over(event, request.user),
            form_class=partial(TakeOverForm, department=event.department),
            facts=[(_("活动"), event.title), (_("现任负责人"), event.organiser)],
            outcome=_(
                "接手后可以查看报名名单，所以须由一位管理员（没有时由审计员）确认后才生效；原负责人会收到通知，申请七天内有效。"
            ),
            submit=_("提交申请"),
            operation=partial(operations.ask_take_over, event=event),
            done=_("申请已提交，待第二人确认；进展见“双人确认”。"),
            back=self.address("change", event.pk),
        )

    def message(self, request, pk):
        """Write to everybody who booked: the text, then what it reads like and for how many, then out."""
        event = self.get_or_404(request, pk)
        refused = rules.why_not_manage(event, request.user, "events.change_event")
        refused = refused or rules.why_not_message(event, timezone.now())
        title, back = _("给已报名的人发通知"), self.address("change", event.pk)
        form = MessageForm(request.POST or None)
        if not refused and form.is_valid() and not form.was_shown:
            page = partial(form_page, self, request, title=title, back=back)
            return _message_preview(page, event, form)
        return decide(
            self,
            request,
            title=title,
            why_not=refused,
            facts=facts(event),
            submit=_("预览"),
            form_class=MessageForm,
            operation=partial(_message, event),
            done=_messaged,
            back=back,
        )

    def attendance(self, request, pk):
        """Hand out the attendance list (each export is written to the audit log)."""
        event = self.get_or_404(request, pk)
        bookings = attempt(request, operations.export_attendance, event=event)
        if bookings is None:
            return self._back(event)
        return download(attendance(event, bookings), f"attendance-{event.code}.xlsx")
