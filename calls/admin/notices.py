"""Public notices and objections in the admin."""

from django import forms
from django.contrib import admin
from django.db.models import Count
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from calls import noticing_rules, operations, rules
from calls.models import Call, FieldKind, Objection, PublicNotice, StageKind
from calls.operations.noticing import PERMISSION, WRITTEN
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.forms import OperationAdmin, OperationForm, reason_form
from kernel.admin.lists import column, state_column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from kernel.words import day_text, moment_text

COLOURS = {"running": "success", "suspended": "warning", "withdrawn": "danger"}
OUTCOMES = {"open": "warning", "upheld": "danger", "dismissed": "info"}
WhyForm = reason_form(gettext_lazy("公示页上会原文显示，4 到 200 字。"))


class AnswerForm(forms.Form):
    """Whether an objection holds, and why."""

    upheld = forms.TypedChoiceField(
        label=gettext_lazy("处理结果"),
        choices=[("1", gettext_lazy("成立")), ("0", gettext_lazy("不成立"))],
        coerce=lambda value: value == "1",
        widget=UnfoldAdminSelectWidget,
    )
    answer = forms.CharField(
        label=gettext_lazy("答复"),
        max_length=200,
        help_text=gettext_lazy("提出人凭编号会看到，不要写到别人的个人信息。"),
        widget=UnfoldAdminTextareaWidget({"rows": 3}),
        error_messages={"required": gettext_lazy("请写明处理结果和理由，提出人会看到。")},
    )


class NoticeForm(OperationForm):
    """A public notice as staff write it; which call it is about is chosen once."""

    class Meta:
        model = PublicNotice
        fields = ("call", *WRITTEN, "fields")
        widgets = {"fields": UnfoldAdminCheckboxSelectMultipleWidget}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = self._call()
        if "call" in self.fields:
            rows = Call.objects.visible_to(self.by).filter(
                stages__kind=StageKind.PUBLIC_NOTICE, state__in=("open", "closed")
            )
            self.fields["call"].queryset = rows
            self.fields["call"].empty_label = None if chosen else _("请选择")
            if chosen and not self.is_bound:
                self.initial.setdefault("authority", chosen.department.name)
        if "fields" in self.fields:
            lines = (
                chosen.fields.exclude(kind=FieldKind.FILE)
                if chosen
                else self.fields["fields"].queryset.none()
            )
            self.fields["fields"].queryset = lines

    def _call(self):
        """Return the Call it is about, as far as that is known."""
        if self.instance.pk:
            return self.instance.call
        pk = self.data.get("call") or self.initial.get("call")
        found = str(getattr(pk, "pk", pk) or "")
        rows = Call.objects.visible_to(self.by)
        return rows.filter(pk=found).first() if found.isdecimal() and len(found) < 19 else None

    def operate(self, stored, *, by, now, call=None, fields=None, **values):
        """Draft or edit the notice."""
        if stored is None:
            return operations.draft_notice(
                call=call, values=values, fields=fields or (), by=by, now=now
            )
        return operations.edit_notice(notice=stored, values=values, fields=fields, by=by, now=now)


def _managed(notice, by):
    return rules.why_not_manage(notice.call, by, PERMISSION)


def _entries(notice):
    """Return the lines of a notice in the admin, with who was struck out."""
    rows = [
        (entry.name, entry.unit, _("已撤出公示") if entry.struck_at else "")
        for entry in notice.entries.all()
    ]
    return (
        format_html(
            '<ol class="list-decimal ps-5">{}</ol>',
            format_html_join("", "<li>{} {} {}</li>", rows),
        )
        if rows
        else ""
    )


@admin.register(PublicNotice)
class PublicNoticeAdmin(SweptAdmin, OffersByRule, OperationAdmin):
    """Public notices of the calls a department leads."""

    form = NoticeForm
    editable = NoticeForm.Meta.fields
    list_display = ("label_shown", "state_shown", "ends_on", "objections_shown", "authority")
    list_filter = ("state", SetAsideFilter)
    list_select_related = ("call",)
    search_fields = ("call__title", "code")
    search_help_text = gettext_lazy("按申报通知的标题或编号查找")
    ordering = ("-id",)
    empty_words = gettext_lazy("还没有公示。申报截止、拟定结果以后，在申报通知里点“公示”。")
    readonly_fields = ("state", "started_at", "ends_on", "ended_at", "reason", "entries_shown")
    fieldsets = (
        (None, {"fields": ("call", "authority", "text", "contact", "days")}),
        (gettext_lazy("公示什么"), {"fields": (("shows_unit", "masked"), "fields")}),
        (
            gettext_lazy("进展"),
            {
                "fields": (
                    ("state", "started_at"),
                    ("ends_on", "ended_at"),
                    "reason",
                    "entries_shown",
                )
            },
        ),
    )
    actions_detail = ("start", "suspend", "resume", "withdraw", "discard")
    argument = "notice"
    rules_of_actions = {
        "start": lambda row, by: _managed(row, by) or noticing_rules.why_not_edit(row),
        "suspend": lambda row, by: _managed(row, by) or noticing_rules.why_not_suspend(row),
        "resume": lambda row, by: _managed(row, by) or noticing_rules.why_not_resume(row),
        "withdraw": lambda row, by: (
            _managed(row, by) or noticing_rules.why_not_withdraw_notice(row)
        ),
        "discard": lambda row, by: _managed(row, by) or noticing_rules.why_not_edit(row),
    }

    actions = ("try_again",)
    again = staticmethod(operations.end_again)
    has_run_permission = has_again_permission = has_perm("calls.run_publicnotice")
    label_shown = column(gettext_lazy("公示"), "label")
    state_shown = state_column(COLOURS, ordering="state")
    entries_shown = column(gettext_lazy("名单"), _entries)
    objections_shown = column(gettext_lazy("异议"), lambda row: row.objections_count)

    def get_queryset(self, request):
        """Count the objections to each."""
        rows = super().get_queryset(request)
        return rows.annotate(objections_count=Count("objections"))

    def has_change_permission(self, request, obj=None):
        """Those who lead the call change it until it begins."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or (obj.is_draft and _managed(obj, request.user) is None)

    def get_readonly_fields(self, request, obj=None):
        """Which call it is about does not change."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "call"] if obj is not None else fields

    def get_fieldsets(self, request, obj=None):
        """A new one has come to nothing yet."""
        return (
            self.fieldsets[:2] if obj is None else self.told_fieldsets(request, obj, self.fieldsets)
        )

    def get_view_on_site_url(self, obj=None):
        """A draft has no public page."""
        return obj.get_absolute_url() if obj and not obj.is_draft else None

    def facts_of(self, row):
        """Say which it is."""
        facts = [(_("申报通知"), row.call.label), (_("公示单位"), row.authority)]
        if row.ends_on:
            facts.append((_("公示到哪天"), day_text(row.ends_on)))
        return facts

    @action(description=gettext_lazy("开始公示"), url_path="start", permissions=["run"])
    def start(self, request, object_id):
        """Say what will be seen, then begin."""
        return self._page(
            request,
            object_id,
            "start",
            title=_("开始公示"),
            submit=_("开始公示"),
            outcome=_(
                "拟定为“入选”的人会出现在公示页上，并收到通知。开始后内容不再改动；公示期满自动结束。"
            ),
            operation=operations.start_notice,
            done=lambda row: _("已开始公示，到%(day)s结束。") % {"day": day_text(row.ends_on)},
        )

    @action(description=gettext_lazy("暂停"), url_path="suspend", permissions=["run"])
    def suspend(self, request, object_id):
        """Ask why, then let the days stand still."""
        return self._page(
            request,
            object_id,
            "suspend",
            title=_("暂停公示"),
            submit=_("暂停"),
            form_class=WhyForm,
            outcome=_("剩下的工作日保留，恢复后接着计算；暂停期间仍受理异议。"),
            operation=operations.suspend_notice,
            done=_("已暂停。"),
        )

    @action(description=gettext_lazy("恢复"), url_path="resume", permissions=["run"])
    def resume(self, request, object_id):
        """Let it go on."""
        return self._page(
            request,
            object_id,
            "resume",
            title=_("恢复公示"),
            submit=_("恢复"),
            outcome=_("从明天起接着计算剩下的工作日。"),
            operation=operations.resume_notice,
            done=lambda row: _("已恢复，到%(day)s结束。") % {"day": day_text(row.ends_on)},
        )

    @action(description=gettext_lazy("撤销公示"), url_path="withdraw", permissions=["run"])
    def withdraw(self, request, object_id):
        """Ask why, then take it back."""
        return self._page(
            request,
            object_id,
            "withdraw",
            title=_("撤销公示"),
            submit=_("撤销"),
            danger=True,
            form_class=WhyForm,
            outcome=_("名单马上从网页上撤下，名单上的人会收到原因。改好后可以重新公示。"),
            operation=operations.withdraw_notice,
            done=_("已撤销，已通知名单上的人。"),
        )

    @action(description=gettext_lazy("删除草稿"), url_path="discard", permissions=["run"])
    def discard(self, request, object_id):
        """Ask, then throw the draft away."""
        return self._page(
            request,
            object_id,
            "discard",
            title=_("删除公示草稿"),
            submit=_("删除"),
            danger=True,
            operation=operations.discard_notice,
            done=_("已删除。"),
            back=self.address("changelist"),
        )


def _who(objection):
    if objection.anonymous:
        return _("匿名")
    return f"{objection.name or '—'} {objection.contact or ''}"


@admin.register(Objection)
class ObjectionAdmin(OffersByRule, ReadOnly, StaffAdmin):
    """What was objected to, for staff of the department that leads the call."""

    view_on_site = False  # the page under its number is for whoever brought it
    list_display = ("code", "notice", "about", "state_shown", "received_at")
    list_filter = ("state", "anonymous")
    list_select_related = ("notice__call", "entry")
    search_fields = ("code",)
    search_help_text = gettext_lazy("按编号查找")
    ordering = ("-id",)
    readonly_fields = ("about", "who", "words")
    empty_words = gettext_lazy("还没有人提出异议。")
    fieldsets = (
        (None, {"fields": (("code", "received_at"), ("notice", "about"), "who", "words")}),
        (
            gettext_lazy("处理"),
            {"fields": ("state", "answer", ("decided_by", "decided_at"))},
        ),
    )
    actions_detail = ("settle", "reopen")
    argument = "objection"
    rules_of_actions = {
        "settle": lambda row, by: (
            noticing_rules.why_not_decide_objection(row, by) or noticing_rules.why_not_settle(row)
        ),
        "reopen": lambda row, by: (
            noticing_rules.why_not_decide_objection(row, by) or noticing_rules.why_not_reopen(row)
        ),
    }

    has_decide_permission = has_perm("calls.decide_objection")
    about = column(
        gettext_lazy("针对谁"), lambda row: row.entry.name if row.entry else _("公示整体")
    )
    who = column(gettext_lazy("谁提出的"), _who)
    words = column(gettext_lazy("异议内容"), lambda row: row.text or "—")
    state_shown = state_column(OUTCOMES, ordering="state")

    def facts_of(self, row):
        """Say which it is."""
        return [
            (_("公示"), row.notice.label),
            (_("针对谁"), row.entry.name if row.entry else _("公示整体")),
            (_("异议内容"), row.text or "—"),
            (_("收到时间"), moment_text(row.received_at)),
        ]

    @action(description=gettext_lazy("处理异议"), url_path="settle", permissions=["decide"])
    def settle(self, request, object_id):
        """Ask whether it holds, and why."""
        return self._page(
            request,
            object_id,
            "settle",
            title=_("处理异议"),
            submit=_("保存"),
            form_class=AnswerForm,
            outcome=_("针对个人的异议成立时，她撤出公示，拟定结果改为“未入选”。"),
            operation=operations.decide_objection,
            done=_("已处理，提出人凭编号可以看到答复。"),
        )

    @action(description=gettext_lazy("重新处理"), url_path="reopen", permissions=["decide"])
    def reopen(self, request, object_id):
        """Ask once more, then let it wait again."""
        return self._page(
            request,
            object_id,
            "reopen",
            title=_("重新处理异议"),
            submit=_("重新处理"),
            outcome=_("回到“待处理”；因此撤出公示的人恢复在名单里。公布结果以前可以这样做。"),
            operation=operations.reopen_objection,
            done=_("已恢复为待处理。"),
        )
