"""Volunteer hours in the admin: recorded, confirmed, put right, written out; certificates of them, revoked."""

from functools import partial
from operator import attrgetter

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy
from unfold.decorators import action

from care_points import operations
from care_points.exports import hours_list
from care_points.forms import ReasonForm, RecordHoursForm
from care_points.hours_forms import CorrectHoursForm, RevokeForm
from care_points.models import STANDING, HoursCertificate, HoursState, ServiceHours
from kernel.admin.actions import for_each
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.decision import decide
from kernel.admin.lists import PeriodFilter, column, state_column
from kernel.downloads import download
from kernel.errors import DomainError
from kernel.words import moment_text


@admin.register(ServiceHours)
class ServiceHoursAdmin(ReadOnly, StaffAdmin):
    """Volunteer hours: recorded for one or many women, confirmed by a colleague."""

    empty_words = gettext_lazy("还没有志愿时长。部门经办人登记后列在这里，由另一位同事确认。")
    list_display = [
        "talent",
        "activity",
        "starts_at",
        "length",
        "state_shown",
        "recorded_by",
        "decided_by",
    ]
    list_filter = ["state", "source", "talent__department", ("starts_at", PeriodFilter)]
    list_select_related = ["talent", "recorded_by", "decided_by", "replaces"]
    more_columns = ["source", "before"]
    search_fields = ["activity", "talent__code", "talent__full_name__startswith"]
    search_help_text = gettext_lazy("服务内容、姓名或人才编号")
    add_words = gettext_lazy("登记志愿服务时长")
    fields = [
        "talent",
        "activity",
        "starts_at",
        "ends_at",
        "length",
        "state",
        "source",
        "replaces",
        "change_reason",
        "reason",
        "recorded_by",
        "recorded_at",
        "decided_by",
        "decided_at",
    ]
    readonly_fields = ["length"]
    actions = ["confirm_selected", "refuse_selected", "withdraw_selected", "write_out"]
    actions_detail = ["correct"]
    row_actions = {
        "confirm_selected": (
            gettext_lazy("确认时长，发放积分"),
            lambda row, by: (
                row.state == HoursState.RECORDED and not operations.why_not_confirm(row, by)
            ),
        ),
        "refuse_selected": (
            gettext_lazy("不通过或撤销"),
            lambda row, by: row.state in STANDING and not operations.why_not_decide(row, by),
        ),
        "withdraw_selected": (
            gettext_lazy("撤回"),
            lambda row, by: (
                row.state == HoursState.RECORDED and not operations.why_not_withdraw(row, by)
            ),
        ),
    }

    has_add_permission = has_perm("care_points.add_servicehours")
    has_confirm_permission = has_perm("care_points.confirm_servicehours")
    length = column(gettext_lazy("时长"), "hours_text")
    state_shown = state_column(
        {
            "recorded": "warning",
            "confirmed": "success",
            "refused": "danger",
            "revoked": "danger",
            "withdrawn": "info",
            "corrected": "info",
        }
    )
    before = column(
        gettext_lazy("更正前"), lambda row: row.replaces.hours_text if row.replaces else ""
    )
    has_record_permission = has_perm("care_points.add_servicehours")
    has_view_hours_permission = has_perm("care_points.view_servicehours")

    def has_correct_permission(self, request, object_id=None):
        """Let whoever records hours or confirms them say that some are wrong."""
        return self.has_record_permission(request) or self.has_confirm_permission(request)

    def get_actions_detail(self, request, object_id):
        """Offer a correction where the rule allows one."""
        row = self.get_object(request, object_id)
        offered = super().get_actions_detail(request, object_id)
        if row is None or operations.why_not_correct_hours(row, request.user):
            return [one for one in offered if not one.action_name.endswith("correct")]
        return offered

    @action(description=gettext_lazy("更正时长"), url_path="correct", permissions=["correct"])
    def correct(self, request, object_id):
        """Ask what the hours should have been, and why; a colleague confirms it."""
        row = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("更正时长"),
            why_not=operations.why_not_correct_hours(row, request.user),
            form_class=partial(CorrectHoursForm, row=row),
            facts=[(row.talent, _line(row))],
            outcome=_(
                "登记后请另一位同事确认。确认以前原来的时长照常计；确认后收回原来的积分，按新的时长发放。"
            ),
            submit=_("登记更正"),
            operation=partial(operations.correct_hours, hours=row),
            done=_("已登记更正，请同事确认。"),
            go_on=lambda made: self.address("change", made.pk),
            back=self.address("change", row.pk),
        )

    @action(description=gettext_lazy("撤回所选时长"), permissions=["record"])
    def withdraw_selected(self, request, queryset):
        """Take back what she recorded herself and nobody has confirmed."""
        for_each(
            request,
            queryset,
            operations.withdraw_hours,
            "hours",
            done=ngettext_lazy("已撤回 %(count)s 条。", "已撤回 %(count)s 条。", "count"),
            name=_title,
        )

    @action(description=gettext_lazy("导出所选时长"), permissions=["view_hours"])
    def write_out(self, request, queryset):
        """Write the ticked hours to a workbook: who served how long, who recorded and who confirmed."""
        rows = operations.export_hours(rows=queryset, by=request.user, now=timezone.now())
        return download(hours_list(rows), f"{_('志愿时长')}.xlsx")

    def add_view(self, request, form_url="", extra_context=None):
        """Record hours of one activity for the people named; all of them or none."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return decide(
            self,
            request,
            title=_("登记志愿服务时长"),
            form_class=partial(RecordHoursForm, user=request.user),
            outcome=_("登记后请另一位同事确认；确认时按当时的积分规则发放积分并通知本人。"),
            submit=_("登记"),
            operation=_record_hours,
            done=lambda people: (
                ngettext(
                    "已登记 %(count)s 人，请同事确认后积分到账。",
                    "已登记 %(count)s 人，请同事确认后积分到账。",
                    len(people),
                )
                % {"count": len(people)}
            ),
            back=self.address("changelist"),
        )

    @action(description=gettext_lazy("确认所选时长，发放积分"), permissions=["confirm"])
    def confirm_selected(self, request, queryset):
        """Confirm each; say how many gave points and why others did not."""
        transfers = for_each(request, queryset, operations.confirm_hours, "hours", name=_title)
        if transfers:
            paid = sum(transfer is not None for transfer in transfers)
            text = ngettext(
                "已确认 %(confirmed)s 条，其中 %(points)s 条积分已到账。",
                "已确认 %(confirmed)s 条，其中 %(points)s 条积分已到账。",
                len(transfers),
            )
            counts = {"confirmed": len(transfers), "points": paid}
            self.message_user(request, text % counts, messages.SUCCESS)

    @action(description=gettext_lazy("不通过或撤销所选时长"), permissions=["confirm"])
    def refuse_selected(self, request, queryset):
        """Ask for the reason, then refuse each; confirmed ones are revoked and their points taken back."""
        rows = queryset.select_related("talent")
        return decide(
            self,
            request,
            title=_("不通过或撤销志愿服务时长"),
            form_class=ReasonForm,
            facts=[(hours.talent, _line(hours)) for hours in rows],
            outcome=_outcome(rows),
            submit=_("确认处理"),
            danger=True,
            operation=partial(_refuse, request, rows),
            back=request.get_full_path(),
            carried=[
                ("action", "refuse_selected"),
                *(("_selected_action", hours.pk) for hours in rows),
            ],
        )


# Where the form of many people shows a refusal of one of them.
FORM_FIELDS = {
    "record_own_hours": "people",
    "hours_overlap": "people",
    "not_verified": "people",
    "not_in_scope": "people",
    "hours_out_of_range": "hours",
}


@transaction.atomic
def _record_hours(*, people, activity, starts_at, hours, by, now, **_parts):
    """Record the same hours for each of the people; a refusal is shown at the form's own field."""
    try:
        for talent in sorted(people, key=attrgetter("pk")):  # two clerks lock accounts in one order
            operations.record_hours(
                talent=talent,
                activity=activity,
                starts_at=starts_at,
                half_hours=hours,
                by=by,
                now=now,
            )
    except DomainError as error:
        error.field = FORM_FIELDS.get(error.code, "day")
        raise
    return people


def _title(hours):
    return f"{hours.talent} · {hours}"


def _line(hours):
    return f"{moment_text(hours.starts_at)} · {hours} · {hours.get_state_display()}"


def _outcome(rows):
    """Say what becomes of the points of hours that were confirmed."""
    confirmed = sum(hours.state == HoursState.CONFIRMED for hours in rows)
    if not confirmed:
        return ""
    sentence = _("其中 %(confirmed)s 条已发放积分，撤销后收回；余额不足时扣到 0 为止，不会欠分。")
    return sentence % {"confirmed": confirmed}


def _refuse(request, rows, *, reason, **_unused):
    for_each(
        request,
        rows,
        partial(operations.refuse_hours, reason=reason),
        "hours",
        done=ngettext_lazy(
            "已处理 %(count)s 条；已发放的积分已按规则收回。",
            "已处理 %(count)s 条；已发放的积分已按规则收回。",
            "count",
        ),
        name=_title,
    )


@admin.register(HoursCertificate)
class HoursCertificateAdmin(ReadOnly, StaffAdmin):
    """Certificates of hours: she has them issued herself, staff only take one's validity."""

    empty_words = gettext_lazy("还没有志愿服务证书。本人在“我的志愿时长”里开具，列在这里。")
    list_display = ["number", "talent", "from_on", "until_on", "length", "issued_at", "valid"]
    list_filter = [("issued_at", PeriodFilter), "revoke_cause"]
    list_select_related = ["talent"]
    search_fields = ["name__startswith", "talent__code__exact"]
    search_help_text = gettext_lazy("姓名或人才编号")
    fields = [
        "number",
        "talent",
        "name",
        "from_on",
        "until_on",
        "length",
        "issued_at",
        "revoked_at",
        "revoked_by",
        "revoke_cause",
        "revoke_reason",
    ]
    readonly_fields = ["number", "length"]
    actions_detail = ["revoke"]

    has_revoke_permission = has_perm("care_points.change_hourscertificate")
    number = column(gettext_lazy("编号"), str)
    length = column(gettext_lazy("小时"), attrgetter("hours"))
    valid = state_column(
        {"yes": "success", "no": "danger"},
        words=lambda one: ("yes", _("有效")) if one.is_valid else ("no", _("已失效")),
    )

    def get_actions_detail(self, request, object_id):
        """Offer to revoke one that stands."""
        one = self.get_object(request, object_id)
        if one is None or operations.why_not_revoke_certificate(one, request.user):
            return []
        return super().get_actions_detail(request, object_id)

    @action(description=gettext_lazy("撤销证书"), url_path="revoke", permissions=["revoke"])
    def revoke(self, request, object_id):
        """Ask why, then take its validity."""
        one = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("撤销志愿服务证书"),
            why_not=operations.why_not_revoke_certificate(one, request.user),
            form_class=RevokeForm,
            facts=[(_("编号"), one.number), (_("姓名"), one.name), (_("小时"), one.hours)],
            outcome=_(
                "扫码核验时会显示已失效。时长和积分不变，时长有误请更正时长；本人可以重新开具。"
            ),
            submit=_("撤销证书"),
            danger=True,
            operation=partial(operations.revoke_hours_certificate, certificate=one),
            done=_("证书已撤销。"),
            back=self.address("change", one.pk),
        )
