"""Members of the associations a department looks after, in the admin."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from unfold.decorators import action

from kernel.admin.actions import for_each
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.forms import reason_form
from kernel.admin.lists import OneChoiceFilter, column, state_column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from kernel.words import date_text
from networks.members import operations, rules
from networks.members.models import Membership

REASON = gettext_lazy("至少四个字，本人会看到")


class InForceFilter(OneChoiceFilter):
    """Who is a member today."""

    title = gettext_lazy("会籍")
    parameter_name = "force"
    choice = ("today", gettext_lazy("今天有效"))

    def narrow(self, queryset):
        """Keep whose membership is in force."""
        return queryset.in_force(timezone.localdate())


def _words(row):
    return row.state, row.state_on(timezone.localdate())


def _may(rule):
    def why_not(row, by):
        today = timezone.localdate()
        return rules.why_not_manage(row, by, today) or rule(row)

    return why_not


def _why_not_renew(row):
    return rules.why_not_renew(row, timezone.localdate())


@admin.register(Membership)
class MembershipAdmin(SweptAdmin, OffersByRule, ReadOnly, StaffAdmin):
    """Applications and members; who is in office decides too, on a page of her own."""

    list_display = (
        "talent",
        "association",
        "state_shown",
        "joined_on",
        "valid_until",
        "applied_at",
    )
    more_columns = ("code", "decided_at", "left_on", "paused_until")
    list_filter = ("state", InForceFilter, "association", SetAsideFilter)
    list_select_related = ("association", "talent__user")
    search_fields = ("talent__full_name", "talent__code", "code", "association__name")
    search_help_text = gettext_lazy("按姓名、人才编号或协会查找")
    ordering = ("-id",)
    view_on_site = False
    empty_words = gettext_lazy("还没有会员。她们在协会的页面上申请，或在协会里导入名单。")
    actions = ("approve_these", "try_again")
    row_actions = SweptAdmin.row_actions
    actions_detail = ("approve", "decline", "renew", "end", "take_back", "restore")
    argument = "membership"
    again = staticmethod(operations.retry_membership)
    rules_of_actions = {
        "approve": _may(rules.why_not_approve),
        "decline": _may(rules.why_not_decide),
        "renew": _may(_why_not_renew),
        "end": _may(rules.why_not_active),
        "take_back": _may(lambda row: rules.why_not_take_back_decision(row, timezone.now())),
        "restore": _may(lambda row: rules.why_not_come_back(row, None, timezone.now())),
    }
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("talent", "association"),
                    ("code", "state_shown"),
                    ("applied_at", "decided_at"),
                    ("joined_on", "valid_until"),
                    ("paused_from", "paused_until"),
                    ("left_on", "seniority"),
                    "reason",
                )
            },
        ),
    )
    readonly_fields = ("state_shown", "seniority")
    has_work_permission = has_again_permission = has_perm(rules.CHANGE)
    state_shown = state_column(
        {"applied": "warning", "active": "success", "declined": "danger"}, words=_words
    )
    seniority = column(gettext_lazy("会龄（整年）"), lambda row: row.years_on(timezone.localdate()))

    def facts_of(self, row):
        """Say which it is."""
        until = date_text(row.valid_until, "day") if row.valid_until else "—"
        return [
            (_("协会"), row.association.name),
            (_("会员"), row.talent.full_name),
            (_("会籍到期日"), until),
        ]

    @action(description=gettext_lazy("通过所选"), permissions=["work"])
    def approve_these(self, request, queryset):
        """Take in the ticked ones."""
        for_each(
            request,
            queryset.select_related("association", "talent__user"),
            operations.approve_membership,
            "membership",
            done=ngettext_lazy("已通过 %(count)s 人。", "已通过 %(count)s 人。", "count"),
        )

    @action(description=gettext_lazy("通过入会"), url_path="approve", permissions=["work"])
    def approve(self, request, object_id):
        """Ask once more, then take her in."""
        return self._page(
            request,
            object_id,
            "approve",
            title=_("通过入会申请"),
            submit=_("通过"),
            outcome=_("从今天起是会员，本人会收到通知。30 天内可以撤回。"),
            operation=operations.approve_membership,
            done=_("已通过，已通知本人。"),
        )

    @action(description=gettext_lazy("不通过"), url_path="decline", permissions=["work"])
    def decline(self, request, object_id):
        """Ask why, then decline."""
        return self._page(
            request,
            object_id,
            "decline",
            title=_("不通过入会申请"),
            submit=_("不通过"),
            form_class=reason_form(REASON),
            outcome=_("本人会收到通知并看到原因，可以再申请。30 天内可以撤回。"),
            operation=operations.decline_membership,
            done=_("已办理，已通知本人。"),
        )

    @action(description=gettext_lazy("续期"), url_path="renew", permissions=["work"])
    def renew(self, request, object_id):
        """Ask once more, then renew it."""
        return self._page(
            request,
            object_id,
            "renew",
            title=_("会籍续期"),
            submit=_("续期"),
            outcome=_("从到期的第二天起续一期，会龄不断；本人会收到通知。"),
            operation=operations.renew_membership,
            done=_("已续期，已通知本人。"),
        )

    @action(description=gettext_lazy("结束会籍"), url_path="end", permissions=["work"])
    def end(self, request, object_id):
        """Ask why, then end it."""
        return self._page(
            request,
            object_id,
            "end",
            title=_("结束会籍"),
            submit=_("结束会籍"),
            danger=True,
            form_class=reason_form(REASON),
            outcome=_(
                "从今天起不再是会员，在这个协会的任职和权限一并结束；本人会收到通知。30 天内可以恢复。"
            ),
            operation=operations.end_membership,
            done=_("已结束，已通知本人。"),
        )

    @action(description=gettext_lazy("撤回审核"), url_path="take-back", permissions=["work"])
    def take_back(self, request, object_id):
        """Ask once more, then have the application wait again."""
        return self._page(
            request,
            object_id,
            "take_back",
            title=_("撤回审核"),
            submit=_("撤回"),
            outcome=_("申请重新等待审核，本人会收到通知。"),
            operation=operations.take_back_decision,
            done=_("已撤回，已通知本人。"),
        )

    @action(description=gettext_lazy("恢复会籍"), url_path="restore", permissions=["work"])
    def restore(self, request, object_id):
        """Ask once more, then bring her back."""
        return self._page(
            request,
            object_id,
            "restore",
            title=_("恢复会籍"),
            submit=_("恢复"),
            outcome=_("会籍和会龄与退会以前一样，本人会收到通知。"),
            operation=operations.restore_membership,
            done=_("已恢复，已通知本人。"),
        )
