"""Deliveries for staff: what did not arrive, and sending it again."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from unfold.decorators import action

from kernel.admin.actions import for_each
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.lists import OneChoiceFilter, column, state_column
from notices import operations
from notices.models import TROUBLE, Delivery


class TroubleFilter(OneChoiceFilter):
    """What needs somebody: failed, or nobody knows whether it arrived."""

    title = _("需要处理")
    parameter_name = "trouble"
    choice = ("1", _("未送达或结果不明"))

    def narrow(self, queryset):
        """Keep what needs somebody."""
        return queryset.in_trouble()


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, StaffAdmin):
    """Read-only but for sending again; neither numbers nor addresses are shown."""

    empty_words = _("发出的短信和邮件会列在这里；没有送达的可以重新发送。")
    list_display = (
        "subject",
        "who",
        "channel",
        "state_shown",
        "attempts",
        "due_at",
        "sent_at",
        "error_code",
    )
    list_filter = (TroubleFilter, "state", "channel")
    list_select_related = ("notice__recipient",)
    fields = ("subject", "who", "channel", "state", "attempts", "due_at", "sent_at", "error_code")
    readonly_fields = ("subject", "who")
    ordering = ("-id",)
    actions = ("send_again",)
    row_actions = {"send_again": (_("重新发送"), lambda row, by: row.state in TROUBLE)}

    has_send_permission = has_perm("notices.change_delivery")
    subject = column(_("内容"), lambda delivery: delivery.notice.outside_title)
    who = column(_("收件人"), lambda delivery: delivery.notice.recipient.masked_name)
    state_shown = state_column(
        {"pending": "info", "sent": "success", "failed": "danger", "unsure": "warning"}
    )

    @action(description=_("重新发送"), permissions=["send"])
    def send_again(self, request, queryset):
        """Send the chosen deliveries again, those that failed or are unsure."""
        for_each(
            request,
            queryset,
            operations.send_again,
            "delivery",
            done=ngettext_lazy("已重新排队 %(count)s 条。", "已重新排队 %(count)s 条。", "count"),
        )
