"""Elections in the admin: prepared, with a call for each post, called off."""

from datetime import timedelta
from functools import partial

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from kernel.admin.base import ReadOnly, has_perm
from kernel.admin.fields import day_field, number_field, row_field
from kernel.admin.forms import OperationAdmin, reason_form
from kernel.admin.lists import column, state_column
from kernel.admin.offered import OffersByRule
from kernel.admin.widgets import HalfHourMoment
from kernel.days import DAY, midnight
from kernel.words import record_day_text
from networks import rights
from networks.admin_parts import AssociationRowForm
from networks.elections import operations, rules
from networks.elections.models import Election

CHANGE = operations.CHANGE


class ElectionForm(AssociationRowForm):
    """An election that begins to be prepared."""

    class Meta:
        model = Election
        fields = ("association", "number", "starts_on")

    def operate(self, stored, *, by, now, **values):
        """Begin it."""
        return operations.open_election(by=by, now=now, **values)


class MoveForm(forms.Form):
    """Another first day of the new term."""

    starts_on = day_field(gettext_lazy("新一届从哪天起"))


class CallForm(forms.Form):
    """For which post a call is prepared, from when to when, and how many more candidates than seats."""

    opens_at = forms.SplitDateTimeField(label=gettext_lazy("开始申报"), widget=HalfHourMoment)
    closes_at = forms.SplitDateTimeField(label=gettext_lazy("申报截止"), widget=HalfHourMoment)
    surplus_percent = number_field(
        gettext_lazy("差额比例（%）"),
        initial=20,
        max_value=100,
        help_text=gettext_lazy("候选人须多于席位；入选和备选合计最多多出这个比例"),
    )

    def __init__(self, *args, association, **kwargs):
        super().__init__(*args, **kwargs)
        rows = association.posts.standing().order_by("order", "pk")
        self.fields["post"] = row_field(gettext_lazy("职务"), rows)
        self.fields["post"].label_from_instance = lambda post: post.title
        self.order_fields(["post", "opens_at", "closes_at", "surplus_percent"])


def _words(row):
    if row.cancelled_at:
        return "cancelled", row.state_words
    return ("elected" if row.term_id else "open"), row.state_words


def _calls(row):
    """Return its calls, each with a link to where staff go on with it."""
    lines = [
        (
            reverse("admin:calls_call_change", args=[seat.call_id]),
            seat.post.title,
            seat.call.get_state_display(),
        )
        for seat in row.calls.select_related("post", "call")
    ]
    return format_html_join("", '<div><a class="portal-link" href="{}">{}</a>（{}）</div>', lines)


def _may(rule):
    return lambda row, by: rights.why_not_staff(row.association, by, CHANGE) or rule(row)


@admin.register(Election)
class ElectionAdmin(OffersByRule, ReadOnly, OperationAdmin):
    """Elections of the associations a department looks after."""

    form = ElectionForm
    list_display = ("association", "number", "progress_shown", "starts_on", "opened_at")
    list_filter = ("association",)
    list_select_related = ("association", "term")
    search_fields = ("association__name", "code")
    search_help_text = gettext_lazy("按协会名称或编号查找")
    ordering = ("-id",)
    add_words = gettext_lazy("筹备换届")
    empty_words = gettext_lazy("还没有换届。届满前六个月和三个月会提醒；在这里开始筹备。")
    add_fieldsets = ((None, {"fields": ElectionForm.Meta.fields}),)
    readonly_fields = ("calls_shown",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("association", "number"),
                    ("code", "starts_on"),
                    ("term", "opened_at"),
                    "calls_shown",
                    ("cancelled_at", "cancel_reason"),
                )
            },
        ),
    )
    actions_detail = ("prepare", "move", "cancel", "restore")
    argument = "election"
    rules_of_actions = {
        "prepare": _may(rules.why_not_cancelled),
        "move": _may(rules.why_not_under_way),
        "cancel": _may(rules.why_not_cancel),
        "restore": _may(rules.why_not_restore),
    }
    has_add_permission = has_work_permission = has_perm(CHANGE)
    progress_shown = state_column({"open": "warning", "elected": "success"}, words=_words)
    calls_shown = column(gettext_lazy("各职务的申报通知"), _calls)

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def facts_of(self, row):
        """Say which it is."""
        return [
            (_("协会"), row.association.name),
            (_("选举第几届"), row.number),
            (_("新一届从哪天起"), record_day_text(row.starts_on)),
        ]

    @action(description=gettext_lazy("准备申报通知"), url_path="prepare", permissions=["work"])
    def prepare(self, request, object_id):
        """Ask for which post and until when, then write the draft and lead there."""
        row = self.get_or_404(request, object_id)
        tomorrow = midnight(timezone.now()) + DAY
        times = {
            "opens_at": tomorrow + timedelta(hours=9),
            "closes_at": tomorrow + timedelta(days=13, hours=18),
        }
        return self._page(
            request,
            object_id,
            "prepare",
            title=_("准备申报通知"),
            submit=_("生成草稿"),
            form_class=partial(CallForm, association=row.association, initial=times),
            outcome=_(
                "生成一份草稿，带公示环节和席位数；到“申报通知”里补全后发布。结果一公布，任职自动写入。"
            ),
            operation=operations.prepare_call,
            go_on=lambda seat: reverse("admin:calls_call_change", args=[seat.call_id]),
            done=_("草稿已生成，请补全后发布。"),
        )

    @action(description=gettext_lazy("改日期"), url_path="move", permissions=["work"])
    def move(self, request, object_id):
        """Ask for the day, then move it."""
        row = self.get_or_404(request, object_id)
        return self._page(
            request,
            object_id,
            "move",
            title=_("改新一届的开始日期"),
            submit=_("保存"),
            form_class=partial(MoveForm, initial={"starts_on": row.starts_on}),
            operation=operations.move_election,
            done=_("已保存。"),
        )

    @action(description=gettext_lazy("取消换届"), url_path="cancel", permissions=["work"])
    def cancel(self, request, object_id):
        """Ask why, then call it off."""
        return self._page(
            request,
            object_id,
            "cancel",
            title=_("取消这次换届"),
            submit=_("取消换届"),
            danger=True,
            form_class=reason_form(gettext_lazy("至少四个字；可以恢复")),
            operation=operations.cancel_election,
            done=_("已取消。"),
        )

    @action(description=gettext_lazy("恢复换届"), url_path="restore", permissions=["work"])
    def restore(self, request, object_id):
        """Ask once more, then take it up again."""
        return self._page(
            request,
            object_id,
            "restore",
            title=_("恢复这次换届"),
            submit=_("恢复"),
            operation=operations.restore_election,
            done=_("已恢复。"),
        )
