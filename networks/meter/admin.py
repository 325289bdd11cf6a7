"""Women's share, targets, meetings and events of associations in the admin."""

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from events.models import Event
from kernel.admin.base import ReadOnly, has_perm
from kernel.admin.fields import line_field
from kernel.admin.forms import OperationAdmin, reason_form
from kernel.admin.lists import column, state_column
from kernel.admin.offered import OffersByRule
from kernel.words import record_day_text
from networks import rights
from networks.admin_parts import AssociationRowForm
from networks.meter import operations, rules
from networks.meter.models import AssociationEvent, CouncilMeeting, ShareCount, ShareTarget


class ShareCountForm(AssociationRowForm):
    """A count as it is entered."""

    class Meta:
        model = ShareCount
        fields = ("association", "rung", "total", "women", "as_of", "source")

    def operate(self, stored, *, by, now, **values):
        """Enter it."""
        return operations.enter_count(by=by, now=now, **values)


def _decides(rule):
    return lambda row, by: rules.why_not_decide(row, by) or rule(row)


@admin.register(ShareCount)
class ShareCountAdmin(OffersByRule, ReadOnly, OperationAdmin):
    """Counts of women's share: entered by one, confirmed by another."""

    form = ShareCountForm
    list_display = ("association", "rung", "share", "state_shown", "as_of", "entered_by")
    more_columns = ("total", "women", "source", "entered_at", "decided_by", "decided_at")
    list_filter = ("state", "rung", "association")
    list_select_related = ("association", "entered_by", "decided_by")
    search_fields = ("association__name", "source")
    search_help_text = gettext_lazy("按协会名称或来源查找")
    ordering = ("-id",)
    add_words = gettext_lazy("填报女性比例")
    empty_words = gettext_lazy("还没有数据。填报后由另一位同事确认，确认后公布。")
    add_fieldsets = (
        (
            None,
            {"fields": (("association", "rung"), ("total", "women"), ("as_of", "source"))},
        ),
    )
    actions_detail = ("confirm", "refuse", "withdraw")
    argument = "count"
    rules_of_actions = {
        "confirm": _decides(rules.why_not_waiting),
        "refuse": _decides(rules.why_not_waiting),
        "withdraw": lambda row, by: (
            rights.why_not_staff(row.association, by, rules.CONFIRM) or rules.why_not_withdraw(row)
        ),
    }
    has_add_permission = has_perm(rules.ENTER)
    has_work_permission = has_perm(rules.CONFIRM)
    share = column(
        gettext_lazy("女性比例"), lambda row: f"{row.women} / {row.total}（{row.percent}%）"
    )
    state_shown = state_column({"entered": "warning", "confirmed": "success", "refused": "danger"})

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def facts_of(self, row):
        """Say which it is."""
        return [
            (_("协会"), row.association.name),
            (_("层级"), row.get_rung_display()),
            (_("女性比例"), f"{row.women} / {row.total}（{row.percent}%）"),
            (_("截至日期"), record_day_text(row.as_of)),
            (_("来源"), row.source),
            (_("填报人"), str(row.entered_by or "—")),
        ]

    @action(description=gettext_lazy("确认"), url_path="confirm", permissions=["work"])
    def confirm(self, request, object_id):
        """Ask once more, then confirm it."""
        return self._page(
            request,
            object_id,
            "confirm",
            title=_("确认女性比例"),
            submit=_("核对无误，确认"),
            outcome=_("请对照来源核对人数和日期。确认后在公开页面上显示。"),
            operation=operations.confirm_count,
            done=_("已确认。"),
        )

    @action(description=gettext_lazy("退回"), url_path="refuse", permissions=["work"])
    def refuse(self, request, object_id):
        """Ask why, then send it back."""
        return self._page(
            request,
            object_id,
            "refuse",
            title=_("退回女性比例"),
            submit=_("退回"),
            form_class=reason_form(gettext_lazy("至少四个字，填报的人会看到")),
            operation=operations.refuse_count,
            done=_("已退回。"),
        )

    @action(description=gettext_lazy("撤销"), url_path="withdraw", permissions=["work"])
    def withdraw(self, request, object_id):
        """Ask why, then take it out."""
        return self._page(
            request,
            object_id,
            "withdraw",
            title=_("撤销已确认的数据"),
            submit=_("撤销"),
            danger=True,
            form_class=reason_form(gettext_lazy("至少四个字")),
            outcome=_("公开页面不再显示这一条，回到更早的一条；正确的请重新填报。"),
            operation=operations.withdraw_count,
            done=_("已撤销。"),
        )


class ShareTargetForm(AssociationRowForm):
    """A target as staff write it."""

    class Meta:
        model = ShareTarget
        fields = ("association", "rung", "percent", "source")

    def operate(self, stored, *, by, now, association=None, rung=None, **values):
        """Save it."""
        return operations.set_target(
            association=stored.association if stored else association,
            rung=stored.rung if stored else rung,
            by=by,
            now=now,
            **values,
        )


@admin.register(ShareTarget)
class ShareTargetAdmin(OperationAdmin):
    """Targets of women's share."""

    form = ShareTargetForm
    list_display = ("association", "rung", "percent", "source")
    list_filter = ("rung", "association")
    list_select_related = ("association",)
    search_fields = ("association__name",)
    search_help_text = gettext_lazy("按协会名称查找")
    ordering = ("-id",)
    editable = ("percent", "source")
    add_words = gettext_lazy("定女性比例目标")
    empty_words = gettext_lazy("还没有目标。写明依据的章程或文件。")
    add_fieldsets = ((None, {"fields": ShareTargetForm.Meta.fields}),)
    has_add_permission = has_perm(rules.FACTS)

    def has_change_permission(self, request, obj=None):
        """Its own department's alone."""
        return request.user.has_perm(rules.FACTS) and (
            obj is None or rights.why_not_staff(obj.association, request.user, rules.FACTS) is None
        )

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)


# --- what it did -----------------------------------------------------------------------------------
class CouncilMeetingForm(AssociationRowForm):
    """A meeting as staff note it."""

    class Meta:
        model = CouncilMeeting
        fields = ("association", "rung", "held_on", "present", "women", "source")

    def operate(self, stored, *, by, now, **values):
        """Note it."""
        return operations.note_meeting(by=by, now=now, **values)


def _why_not_drop(row, by):
    return rules.why_not_note(row.association, by, timezone.localdate())


@admin.register(CouncilMeeting)
class CouncilMeetingAdmin(OffersByRule, ReadOnly, OperationAdmin):
    """Meetings of associations' bodies."""

    form = CouncilMeetingForm
    list_display = ("association", "rung", "held_on", "present", "women", "source")
    list_filter = ("rung", "association")
    list_select_related = ("association",)
    search_fields = ("association__name", "source")
    search_help_text = gettext_lazy("按协会名称或依据查找")
    ordering = ("-held_on", "-id")
    add_words = gettext_lazy("登记会议")
    empty_words = gettext_lazy("还没有会议。理事会、会员大会开过的，在这里登记。")
    add_fieldsets = (
        (
            None,
            {"fields": (("association", "rung"), ("held_on", "source"), ("present", "women"))},
        ),
    )
    actions_detail = ("drop",)
    argument = "meeting"
    rules_of_actions = {"drop": _why_not_drop}
    has_add_permission = has_work_permission = has_perm(rules.FACTS)

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def facts_of(self, row):
        """Say which it is."""
        return [
            (_("协会"), row.association.name),
            (_("什么会议"), row.get_rung_display()),
            (_("开会日期"), record_day_text(row.held_on)),
        ]

    @action(description=gettext_lazy("删除"), url_path="drop", permissions=["work"])
    def drop(self, request, object_id):
        """Ask once more, then take it out."""
        return self._page(
            request,
            object_id,
            "drop",
            title=_("删除登记错的会议"),
            submit=_("删除"),
            danger=True,
            operation=operations.drop_meeting,
            back=self.address("changelist"),
            done=_("已删除。"),
        )


class AssociationEventForm(AssociationRowForm):
    """Which event was an association's."""

    event_code = line_field(
        gettext_lazy("活动编号"), 20, help_text=gettext_lazy("在活动页上，或在“交流活动”里查")
    )

    class Meta:
        model = AssociationEvent
        fields = ("association",)

    def clean_event_code(self):
        """Return the published event of the number."""
        code = self.cleaned_data["event_code"].strip().upper()
        if (event := Event.objects.published().filter(code=code).first()) is None:
            raise forms.ValidationError(_("没有这个活动编号，请在活动页核对。"))
        return event

    def operate(self, stored, *, by, now, association, event_code):
        """Note it."""
        return operations.link_event(association=association, event=event_code, by=by, now=now)


@admin.register(AssociationEvent)
class AssociationEventAdmin(OffersByRule, ReadOnly, OperationAdmin):
    """Events that were associations'."""

    form = AssociationEventForm
    list_display = ("event", "association", "held_on")
    list_filter = ("association",)
    list_select_related = ("association", "event")
    search_fields = ("association__name", "event__title", "event__code")
    search_help_text = gettext_lazy("按协会、活动名称或活动编号查找")
    ordering = ("-id",)
    add_words = gettext_lazy("登记协会的活动")
    empty_words = gettext_lazy("还没有活动。协会主办的活动，在这里按活动编号登记。")
    add_fieldsets = ((None, {"fields": ("association", "event_code")}),)
    actions_detail = ("unlink",)
    argument = "link"
    rules_of_actions = {"unlink": _why_not_drop}
    has_add_permission = has_work_permission = has_perm(rules.FACTS)
    held_on = column(
        gettext_lazy("举办日期"),
        lambda row: record_day_text(timezone.localdate(row.event.starts_at)),
    )

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def facts_of(self, row):
        """Say which it is."""
        return [(_("协会"), row.association.name), (_("活动"), row.event.title)]

    @action(description=gettext_lazy("撤回"), url_path="unlink", permissions=["work"])
    def unlink(self, request, object_id):
        """Ask once more, then take it back."""
        return self._page(
            request,
            object_id,
            "unlink",
            title=_("这个活动不是协会主办的"),
            submit=_("撤回登记"),
            outcome=_("活动本身不受影响。"),
            operation=operations.unlink_event,
            back=self.address("changelist"),
            done=_("已撤回。"),
        )
