"""Applications in the admin: read, accepted, returned, refused, a result noted."""

from functools import partial

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from calls import advantages, documents, nominating_rules, operations, rules
from calls.admin.forms import (
    MoveUpForm,
    NotEndorseForm,
    PaperForm,
    RefuseForm,
    ResultForm,
    ReturnForm,
)
from calls.models import Application, Call
from calls.operations.applying import words_of
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.lists import column, state_column
from kernel.admin.offered import OffersByRule
from kernel.downloads import download
from kernel.errors import Conflict, Refused
from kernel.words import moment_text

COLOURS = {
    "submitted": "info",
    "returned": "warning",
    "accepted": "success",
    "awarded": "success",
    "refused": "danger",
    "not_endorsed": "danger",
}


class CallFilter(admin.SimpleListFilter):
    """By call, those she may see, the newest first."""

    title = gettext_lazy("申报通知")
    parameter_name = "call"

    def lookups(self, request, model_admin):
        """Offer the newest fifty."""
        rows = Call.objects.visible_to(request.user).published().order_by("-pk")[:50]
        return [(str(call.pk), call.label) for call in rows]

    def queryset(self, request, queryset):
        """Keep those of the chosen one."""
        return queryset.filter(call=self.value()) if (self.value() or "").isdecimal() else queryset


def _may(permission, rule):
    return lambda row, by: rules.why_not_handle(row, by, permission) or rule(row)


ACCEPT, DECIDE = "calls.accept_application", "calls.decide_application"
CONCLUDE = "calls.conclude_call"


def _no_result_yet(application):
    return rules.why_not_decide(application, "")


def _has_opinion(application):
    """Say why nothing is said a second time: what was said is undone first."""
    if not hasattr(application, "opinion"):
        return None
    return Conflict("has_opinion", _("单位已经表态，请先撤销单位意见。"))


def _brought_by(application):
    """Return who brought her forward and why, as she agreed to it."""
    rows = application.nominations.agreed().select_related("unit", "nominator")
    lines = ((row.by_whom, row.reason or "—") for row in rows)
    return format_html_join(mark_safe("<br>"), "{}：{}", lines) or "—"


def _opinion(application):
    """Return what her unit says, since when, and by which paper."""
    opinion = getattr(application, "opinion", None)
    if opinion is None:
        return "—"
    said = [str(opinion), moment_text(opinion.at), opinion.reason, opinion.paper]
    return " · ".join(filter(None, said))


def _subject(application):
    facts = documents.subject_facts(application)
    return format_html_join(mark_safe("<br>"), "{}：{}", facts) or application.get_subject_display()


def _answers(application):
    """Return what she wrote, line by line."""
    answers, files = words_of(application), list(application.attachments.all())
    lines = [
        (field.name, _links(field, files) or answers.get(field.pk) or "—")
        for field in application.call.fields.all()
    ]
    return format_html(
        '<dl class="portal-facts">{}</dl>',
        format_html_join(
            "", '<div><dt>{}</dt><dd class="whitespace-pre-wrap">{}</dd></div>', lines
        ),
    )


def _advantages(application):
    return advantages.beside(application.call, [application]).get(application.pk)


def _dues(application):
    """Return what is due after the award, with where each stands."""
    lines = (
        (reverse("admin:calls_due_change", args=[due.pk]), due.step.name, due.state_words)
        for due in application.dues.select_related("step")
    )
    line = '<div><a class="portal-link" href="{}">{}</a> · {}</div>'
    return format_html_join("", line, lines)


def _links(field, files):
    """Return the files of a line, each to be fetched; "" for none."""
    found = [
        (
            reverse("admin:calls_application_file", args=[one.application_id, one.code]),
            one.file_name,
            filesizeformat(one.size),
        )
        for one in files
        if one.field_id == field.pk
    ]
    line = '<div><a class="portal-link" href="{}">{}</a>（{}）</div>'
    return format_html_join("", line, found)


@admin.register(Application)
class ApplicationAdmin(OffersByRule, ReadOnly, StaffAdmin):
    """What was handed in to the calls a department leads."""

    view_on_site = False  # her own page is hers alone
    list_display = (
        "number_shown",
        "name",
        "unit",
        "call",
        "state_shown",
        "submitted_at",
        "result",
        "preferred",
    )
    list_filter = (CallFilter, "state", "result", "source", "subject")
    list_select_related = ("call", "talent__unit", "opinion")
    search_fields = ("talent__full_name",)
    search_help_text = gettext_lazy("按姓名查找")
    ordering = ("-id",)
    readonly_fields = (
        "number_shown",
        "name",
        "unit",
        "answers",
        "brought_by",
        "opinion_shown",
        "unmet_shown",
        "subject_shown",
        "dues_shown",
        "advantages_shown",
    )
    empty_words = gettext_lazy("还没有人提交申报。发布申报通知后，提交的申报会在这里。")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("number_shown", "state"),
                    ("name", "unit"),
                    "advantages_shown",
                    ("call", "source"),
                    ("submitted_at", "deadline"),
                    "refuse_reason",
                    "unmet_shown",
                    "result",
                )
            },
        ),
        (gettext_lazy("推荐"), {"fields": ("brought_by", "opinion_shown")}),
        (gettext_lazy("申报内容"), {"fields": ("subject_shown", "answers")}),
        (gettext_lazy("入选以后"), {"fields": ("dues_shown",)}),
    )
    actions_detail = (
        "accept",
        "send_back",
        "refuse",
        "undo",
        "endorse",
        "not_endorse",
        "undo_opinion",
        "decide_result",
        "move_up",
    )
    argument = "application"
    rules_of_actions = {
        "accept": _may(ACCEPT, rules.why_not_accept),
        "send_back": _may(ACCEPT, rules.why_not_check),
        "refuse": _may(ACCEPT, rules.why_not_check),
        "undo": _may(ACCEPT, rules.why_not_undo_check),
        "endorse": _may(ACCEPT, lambda row: nominating_rules.why_not_endorse(row, timezone.now())),
        "not_endorse": _may(
            ACCEPT,
            lambda row: (
                nominating_rules.why_not_endorsing(row, timezone.now()) or _has_opinion(row)
            ),
        ),
        "undo_opinion": _may(
            ACCEPT, lambda row: nominating_rules.why_not_undo(row, timezone.now())
        ),
        "decide_result": _may(DECIDE, _no_result_yet),
        "move_up": _may(CONCLUDE, rules.why_not_move_up),
    }

    has_accept_permission = has_perm(ACCEPT)
    has_decide_permission = has_perm(DECIDE)
    has_conclude_permission = has_perm(CONCLUDE)

    number_shown = column(gettext_lazy("受理编号"), "number_text")
    name = column(gettext_lazy("申报人"), lambda row: row.talent.full_name)
    unit = column(gettext_lazy("单位"), lambda row: row.talent.unit_name)
    answers = column(gettext_lazy("申报内容"), _answers)
    brought_by = column(gettext_lazy("推荐人"), _brought_by)
    opinion_shown = column(gettext_lazy("单位意见"), _opinion)
    subject_shown = column(gettext_lazy("推荐对象"), _subject)
    advantages_shown = column(gettext_lazy("优先条件"), _advantages)
    unmet_shown = column(
        gettext_lazy("不符合的条件"),
        lambda row: (
            format_html_join(
                mark_safe("<br>"),
                "{}（{}）",
                ((one.words, one.document) for one in row.unmet.all()),
            )
            or "—"
        ),
    )
    dues_shown = column(gettext_lazy("入选后事项"), _dues)
    state_shown = state_column(COLOURS, ordering="state")

    @display(description=gettext_lazy("优先条件"))
    def preferred(self, row):
        """Tell that something stands beside it; what, its page says."""
        return _("有") if row.is_preferred else "—"

    def get_queryset(self, request):
        """Ask of each whether an advantage stands beside it."""
        return advantages.with_preferred(super().get_queryset(request))

    def get_urls(self):
        """Add the address of the files."""
        wrap = self.admin_site.admin_view
        where = "<int:pk>/files/<slug:code>/"
        return [path(where, wrap(self.file), name="calls_application_file"), *super().get_urls()]

    def file(self, request, pk, code):
        """Send a file of an application."""
        row = self.get_or_404(request, pk)
        found = get_object_or_404(row.attachments, code=code)
        try:
            name, data = operations.read_file(attachment=found, by=request.user)
        except Refused as error:
            raise PermissionDenied from error
        return download(data, name)

    def facts_of(self, row):
        """Say which it is."""
        return [
            (_("申报通知"), row.call.label),
            (_("编号"), row.number_text),
            (_("申报人"), row.talent.full_name),
            (_("单位"), row.talent.unit_name),
        ]

    @action(description=gettext_lazy("受理"), url_path="accept", permissions=["accept"])
    def accept(self, request, object_id):
        """Ask once more, then accept."""
        return self._page(
            request,
            object_id,
            "accept",
            title=_("受理申报"),
            submit=_("受理"),
            outcome=_("申报人会收到通知。拟定结果以前可以撤销。"),
            operation=operations.accept_application,
            done=_("已受理，已通知申报人。"),
        )

    @action(description=gettext_lazy("退回补充"), url_path="return", permissions=["accept"])
    def send_back(self, request, object_id):
        """Ask what is lacking and until when."""
        row = self.get_or_404(request, object_id)
        return self._page(
            request,
            object_id,
            "send_back",
            title=_("退回补充"),
            submit=_("退回"),
            form_class=partial(ReturnForm, call=row.call),
            outcome=_("申报人会看到这份清单，补好后重新提交，编号不变。截止时间不早于申报截止。"),
            operation=_send_back,
            done=_("已退回，已通知申报人。"),
        )

    @action(description=gettext_lazy("不予受理"), url_path="refuse", permissions=["accept"])
    def refuse(self, request, object_id):
        """Ask why."""
        return self._page(
            request,
            object_id,
            "refuse",
            title=_("不予受理"),
            submit=_("不予受理"),
            danger=True,
            form_class=partial(RefuseForm, call=self.get_or_404(request, object_id).call),
            outcome=_("申报人会收到原因。公布结果以前可以撤销。"),
            operation=operations.refuse_application,
            done=_("已告知申报人。"),
        )

    @action(description=gettext_lazy("撤销受理决定"), url_path="undo", permissions=["accept"])
    def undo(self, request, object_id):
        """Ask once more, then take the acceptance or refusal back."""
        return self._page(
            request,
            object_id,
            "undo",
            title=_("撤销受理决定"),
            submit=_("撤销"),
            outcome=_("申报回到“待受理”，申报人会收到通知。"),
            operation=operations.undo_check,
            done=_("已撤销。"),
        )

    @action(description=gettext_lazy("登记单位推荐"), url_path="endorse", permissions=["accept"])
    def endorse(self, request, object_id):
        """Ask by which paper her unit stands for her."""
        return self._page(
            request,
            object_id,
            "endorse",
            title=_("登记单位推荐"),
            submit=_("登记"),
            form_class=PaperForm,
            outcome=_("单位没有联系人、用纸质意见推荐的，由牵头部门登记；占用该单位的推荐名额。"),
            operation=operations.endorse_application,
            done=_("已登记，已通知申报人。"),
        )

    @action(
        description=gettext_lazy("登记单位不推荐"), url_path="not-endorse", permissions=["accept"]
    )
    def not_endorse(self, request, object_id):
        """Ask by which paper her unit does not stand for her, and why."""
        return self._page(
            request,
            object_id,
            "not_endorse",
            title=_("登记单位不推荐"),
            submit=_("登记"),
            danger=True,
            form_class=NotEndorseForm,
            outcome=_("申报人会收到原因。单位推荐截止以前可以撤销。"),
            operation=operations.decline_application,
            done=_("已登记，已通知申报人。"),
        )

    @action(
        description=gettext_lazy("撤销单位意见"), url_path="undo-opinion", permissions=["accept"]
    )
    def undo_opinion(self, request, object_id):
        """Ask once more, then take back what the unit said."""
        return self._page(
            request,
            object_id,
            "undo_opinion",
            title=_("撤销单位意见"),
            submit=_("撤销"),
            outcome=_("单位的名额空出，申报回到待单位审核，申报人会收到通知。"),
            operation=operations.undo_opinion,
            done=_("已撤销。"),
        )

    @action(description=gettext_lazy("拟定结果"), url_path="decide", permissions=["decide"])
    def decide_result(self, request, object_id):
        """Ask for the result that is to be told."""
        row = self.get_or_404(request, object_id)
        return self._page(
            request,
            object_id,
            "decide_result",
            title=_("拟定结果"),
            submit=_("保存"),
            form_class=partial(ResultForm, initial={"result": row.result}),
            outcome=_("公布结果以前只有工作人员看得到，可以更改。"),
            operation=operations.decide_application,
            done=_("已保存。"),
        )

    @action(description=gettext_lazy("递补"), url_path="move-up", permissions=["conclude"])
    def move_up(self, request, object_id):
        """Ask why somebody on reserve takes a place."""
        return self._page(
            request,
            object_id,
            "move_up",
            title=_("递补为入选"),
            submit=_("递补并通知"),
            danger=True,
            form_class=MoveUpForm,
            outcome=_("她会收到入选通知，入选后要办的事随即生成；荣誉由“荣誉”撤销，这里不能撤回。"),
            operation=operations.move_up,
            done=_("已递补，已通知本人。"),
        )


def _send_back(*, application, due_at, by, now, **notes):
    lines = {line.key: line for line in application.call.fields.all()}
    items = {lines[key]: note for key, note in notes.items() if key in lines}
    return operations.return_application(
        application=application, items=items, due_at=due_at, by=by, now=now
    )
