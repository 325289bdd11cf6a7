"""Deliveries for staff: what did not arrive, and sending it again."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from kernel.admin.base import StaffAdmin, operation_action
from notices import operations
from notices.models import Delivery


class TroubleFilter(admin.SimpleListFilter):
    """What needs somebody: failed, or nobody knows whether it arrived."""

    title = _("需要处理")
    parameter_name = "trouble"

    def lookups(self, request, model_admin):
        """One choice."""
        return [("1", _("未送达或结果不明"))]

    def queryset(self, request, queryset):
        """Apply it."""
        return queryset.in_trouble() if self.value() else queryset


@admin.register(Delivery)
class DeliveryAdmin(StaffAdmin):
    """Read-only but for sending again; neither numbers nor addresses are shown."""

    list_display = (
        "subject",
        "who",
        "channel",
        "shown_state",
        "attempts",
        "due_at",
        "sent_at",
        "error_code",
    )
    list_filter = (TroubleFilter, "state", "channel")
    list_select_related = ("notice__recipient",)
    ordering = ("-id",)
    actions = ("send_again",)

    @admin.display(description=_("内容"))
    def subject(self, delivery):
        """The notice's title."""
        return delivery.notice.title

    @admin.display(description=_("收件人"))
    def who(self, delivery):
        """Her masked name."""
        return delivery.notice.recipient.masked_name

    @display(
        description=_("状态"),
        label={"pending": "info", "sent": "success", "failed": "danger", "unsure": "warning"},
    )
    def shown_state(self, delivery):
        """The state as a label."""
        return delivery.state, delivery.get_state_display()

    @action(description=_("重新发送"), permissions=["change"])
    @operation_action
    def send_again(self, request, queryset):
        """Send the chosen deliveries again, those that failed or are unsure."""
        chosen = list(queryset.in_trouble())
        for delivery in chosen:
            operations.send_again(delivery=delivery, by=request.user, now=timezone.now())
        self.message_user(request, _("已重新排队 %(count)s 条。") % {"count": len(chosen)})

    def has_add_permission(self, request):
        """Deliveries come from operations."""
        return False
