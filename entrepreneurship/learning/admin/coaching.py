"""Coaches and their hours in the admin: taken up, declined, ended; that an hour took place, and nothing of it."""

from functools import partial

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from entrepreneurship.learning import operations
from entrepreneurship.learning.models import Coach, CoachingHour, CoachingTalk
from entrepreneurship.learning.rules import coaching as rules
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.forms import reason_form
from kernel.admin.lists import OneChoiceFilter, column, state_column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from kernel.words import listed, span_text

CHANGE = rules.CHANGE
HERS = gettext_lazy("本人会看到这句话，至少四个字。")


def _may(rule):
    return lambda row, by: rules.why_not_manage_coach(row, by) or rule(row)


@admin.register(Coach)
class CoachAdmin(SweptAdmin, OffersByRule, ReadOnly, StaffAdmin):
    """Who agreed to coach."""

    view_on_site = False
    list_display = ("user", "topics_shown", "mode", "hours_per_month", "state_shown", "department")
    list_filter = ("state", "mode", SetAsideFilter)
    list_select_related = ("user", "department")
    search_fields = ("user__full_name__startswith",)
    search_help_text = gettext_lazy("按姓名查找")
    ordering = ("-id",)
    empty_words = gettext_lazy(
        "还没有辅导人。女性科技人才和专家登录后在“创业辅导”里点“我愿意担任辅导人”，在这里确认。"
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("user", "sex"),
                    "topics_shown",
                    "introduction",
                    ("mode", "place"),
                    ("hours_per_month", "agreed_at"),
                    ("state", "department"),
                    ("decided_by", "decided_at"),
                    ("reason", "ended_at"),
                )
            },
        ),
    )
    readonly_fields = ("topics_shown",)
    argument = "coach"
    actions = ("try_again",)
    again = staticmethod(operations.retry_coach)
    actions_detail = ("accept", "decline", "end")
    rules_of_actions = {
        "accept": _may(rules.why_not_decide_coach),
        "decline": _may(rules.why_not_decide_coach),
        "end": lambda row, by: rules.why_not_manage_coach(row, by) or _why_not_end(row),
    }
    has_decide_permission = has_again_permission = has_perm(CHANGE)

    topics_shown = column(gettext_lazy("辅导方向"), lambda row: listed(row.topic_names))
    state_shown = state_column(
        {"offered": "warning", "active": "success", "declined": "", "ended": ""}
    )

    def facts_of(self, row):
        """Say who, and in what."""
        return [
            (_("姓名"), row.user.full_name),
            (_("辅导方向"), listed(row.topic_names)),
            (_("简介"), row.introduction),
        ]

    @action(description=gettext_lazy("确认"), url_path="accept", permissions=["decide"])
    def accept(self, request, object_id):
        """Ask, then let the coach publish hours."""
        return self._page(
            request,
            object_id,
            "accept",
            title=_("确认辅导人"),
            submit=_("确认"),
            outcome=_("本人会收到通知，可以发布时段。时段是本部门的活动，由您负责联系。"),
            operation=operations.accept_coach,
            done=_("已确认，已通知本人。"),
        )

    @action(description=gettext_lazy("不采用"), url_path="decline", permissions=["decide"])
    def decline(self, request, object_id):
        """Ask why, then say no."""
        return self._page(
            request,
            object_id,
            "decline",
            title=_("不采用这份申请"),
            submit=_("不采用"),
            form_class=reason_form(HERS),
            outcome=_("本人会收到通知，可以修改后重新提交。"),
            operation=operations.decline_coach,
            done=_("已办理，已通知本人。"),
        )

    @action(description=gettext_lazy("停止辅导"), url_path="end", permissions=["decide"])
    def end(self, request, object_id):
        """Ask why, then end it."""
        return self._page(
            request,
            object_id,
            "end",
            title=_("停止辅导"),
            submit=_("停止辅导"),
            danger=True,
            form_class=reason_form(HERS),
            outcome=_("还没有开始的时段取消，预约和候补的人会收到通知。"),
            operation=operations.end_coaching,
            done=_("已停止。"),
        )


def _why_not_end(row):
    """Say why there is nothing to end here: an offer that waits is taken up or not."""
    return rules.why_not_publish(row, timezone.now())


def _outcome(hour):
    """Say of an hour whether it is free, booked, confirmed by both."""
    event = hour.event
    if event.is_cancelled:
        return "cancelled", _("已取消")
    if hour.confirmed:
        return "confirmed", _("双方确认已进行")
    if event.is_over(timezone.now()):
        return ("open", _("未经双方确认")) if event.seats_taken else ("unused", _("没有人预约"))
    return ("booked", _("已预约")) if event.seats_taken else ("free", _("空闲"))


class HeldFilter(OneChoiceFilter):
    """What both of the two say took place."""

    title = gettext_lazy("结果")
    parameter_name = "held"
    choice = ("yes", gettext_lazy("双方确认已进行"))

    def narrow(self, queryset):
        """Keep it."""
        return queryset.confirmed()


@admin.register(CoachingHour)
class CoachingHourAdmin(OffersByRule, ReadOnly, StaffAdmin):
    """Published hours, and whether they took place; what was talked about is for the two alone."""

    view_on_site = False  # the page is for the two
    list_display = ("when", "coach", "topic", "outcome")
    list_filter = (HeldFilter, "topic")
    list_select_related = ("event", "coach__user")
    search_fields = ("coach__user__full_name__startswith",)
    search_help_text = gettext_lazy("按辅导人姓名查找")
    ordering = ("-id",)
    empty_words = gettext_lazy("还没有辅导时段，由辅导人自己发布。")
    fields = (("coach", "topic"), ("when", "event"), "outcome")
    readonly_fields = ("when", "outcome")
    argument = "hour"
    actions_detail = ("cancel",)
    rules_of_actions = {
        "cancel": lambda row, by: (
            rules.why_not_manage_coach(row.coach, by) or rules.why_not_call_off(row, timezone.now())
        ),
    }
    has_cancel_permission = has_perm(CHANGE)

    when = column(
        gettext_lazy("时间"), lambda row: span_text(row.event.starts_at, row.event.ends_at)
    )
    outcome = state_column(
        {"confirmed": "success", "booked": "info", "open": "warning", "free": ""}, words=_outcome
    )

    def get_queryset(self, request):
        """Say of each whether both have confirmed it."""
        both = CoachingTalk.objects.filter(hour=OuterRef("pk"), confirmed_at__isnull=False)
        return super().get_queryset(request).annotate(confirmed=Exists(both))

    def facts_of(self, row):
        """Say which."""
        return [(_("辅导人"), row.coach.user.full_name), (_("时间"), self.when(row))]

    @action(description=gettext_lazy("取消时段"), url_path="cancel", permissions=["cancel"])
    def cancel(self, request, object_id):
        """Ask why, then call it off."""
        return self._page(
            request,
            object_id,
            "cancel",
            title=_("取消辅导时段"),
            submit=_("取消时段"),
            danger=True,
            form_class=partial(reason_form(gettext_lazy("会告知预约和候补的人。"))),
            outcome=_("预约和候补的人会收到通知。"),
            operation=operations.cancel_hour,
            done=_("已取消。"),
        )
