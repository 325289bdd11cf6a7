"""The Cloud Home for staff: circles and who keeps order in them, reports, appeals, warnings and suspensions."""

from functools import partial

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from cloud_home import authors, operations, rules
from cloud_home.forms import CircleForm, CloseForm, DecisionForm, ModeratorForm
from cloud_home.models import Circle, CircleKind, Hiding, Report, Sanction
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.decision import decide
from kernel.admin.forms import OperationAdmin
from kernel.admin.lists import DefaultFilter, OneChoiceFilter, column, state_column


def _author(post):
    return authors.of(post.author, as_staff=post.as_staff).name


def _facts(post):
    """Return what says which post it is about, as (label, value) pairs."""
    return [
        (_("圈子"), post.topic.circle.name),
        (_("话题"), str(post.topic)),
        (_("作者"), _author(post)),
        (_("发言原文"), post.body or post.get_gone_display()),
    ]


def _original(case):
    """Lead to a post where it stands."""
    return format_html(
        '<a class="portal-link" href="{}">{}</a>', case.post.get_absolute_url(), _("看原文")
    )


CASES = (
    "post__topic__circle",
    "post__author__talent__unit",
    "post__author__talent__public_page",
    "post__author__department",
)
excerpt_shown = column(gettext_lazy("发言"), lambda case: case.post.excerpt)
circle_shown = column(gettext_lazy("圈子"), lambda case: case.post.topic.circle.name)
author_shown = column(gettext_lazy("作者"), lambda case: _author(case.post))
original_shown = column(gettext_lazy("发言原文"), _original)


@admin.register(Circle)
class CircleAdmin(OperationAdmin):
    """A department's circles: make, change, close; name who keeps order."""

    form = CircleForm
    editable = operations.EDITABLE
    list_display = ("name", "kind", "state_shown", "discreet_shown", "department", "created_at")
    list_filter = ("kind", "discreet", ("closed_at", admin.EmptyFieldListFilter))
    list_select_related = ("department",)
    search_fields = ("name", "about")
    search_help_text = gettext_lazy("按名称或简介查找")
    readonly_fields = ("moderators_shown",)
    fields = (
        "name",
        "kind",
        "about",
        "discipline",
        "discreet",
        "department",
        "event",
        "moderators_shown",
        "created_at",
        "closed_at",
        "close_reason",
    )
    add_fieldsets = (
        (None, {"fields": ("name", "kind", "about", "discipline", "discreet", "department")}),
    )
    actions_detail = ("name_moderator", "remove_moderator", "close", "reopen")
    add_words = gettext_lazy("新建圈子")
    empty_words = gettext_lazy("还没有圈子。按学科、协会或议题建一个，请几位热心的人先发起话题。")

    has_manage_permission = has_perm("cloud_home.change_circle")

    state_shown = state_column(
        {"open": "success", "closed": "danger"},
        words=lambda circle: ("closed", _("已关闭")) if circle.is_closed else ("open", _("开放")),
    )

    discreet_shown = column(
        gettext_lazy("敏感主题"), lambda circle: _("是") if circle.discreet else ""
    )

    def get_queryset(self, request):
        """Show the circles she looks after."""
        return Circle.objects.managed_by(request.user).order_by("-pk")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Threads of events are opened on the event's page, not here."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "kind" and request.resolver_match.url_name.endswith("_add"):
            field.choices = [(c, w) for c, w in field.choices if c != CircleKind.EVENT]
        return field

    def get_changeform_initial_data(self, request):
        """Suggest her own department."""
        return {"department": request.user.department_id}

    def get_view_on_site_url(self, obj=None):
        """Lead to the circle's page."""
        return obj.get_absolute_url() if obj else None

    moderators_shown = column(
        gettext_lazy("圈主"),
        lambda circle: "、".join(
            m.user.full_name
            for m in circle.memberships.filter(is_moderator=True).select_related("user")
        ),
    )

    def get_actions_detail(self, request, object_id):
        """Offer what is due."""
        offered = super().get_actions_detail(request, object_id)
        circle = self.get_object(request, object_id)
        withheld = "close" if circle is None or circle.is_closed else "reopen"
        return [entry for entry in offered if not entry.action_name.endswith(f"_{withheld}")]

    @action(description=gettext_lazy("关闭"), url_path="close", permissions=["manage"])
    def close(self, request, object_id):
        """Ask why, then close."""
        circle = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("关闭圈子"),
            submit=_("关闭圈子"),
            why_not=rules.why_not_manage(circle, request.user),
            form_class=CloseForm,
            facts=[(_("圈子"), circle.name)],
            outcome=_("内容仍可阅读，不能再发言；随时可以重新打开。"),
            danger=True,
            operation=partial(operations.close_circle, circle=circle),
            back=self.address("change", circle.pk),
            done=_("圈子已关闭。"),
        )

    @action(description=gettext_lazy("重新打开"), url_path="reopen", permissions=["manage"])
    def reopen(self, request, object_id):
        """Ask, then open again."""
        circle = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("重新打开圈子"),
            submit=_("重新打开"),
            why_not=rules.why_not_manage(circle, request.user),
            facts=[(_("圈子"), circle.name), (_("关闭原因"), circle.close_reason)],
            outcome=_("成员又可以发言。"),
            operation=partial(operations.reopen_circle, circle=circle),
            back=self.address("change", circle.pk),
            done=_("圈子已重新打开。"),
        )

    @action(description=gettext_lazy("指定圈主"), url_path="moderator", permissions=["manage"])
    def name_moderator(self, request, object_id):
        """Ask who keeps order."""
        circle = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("指定圈主"),
            submit=_("指定圈主"),
            why_not=rules.why_not_manage(circle, request.user),
            form_class=ModeratorForm,
            facts=[(_("圈子"), circle.name)],
            outcome=_("圈主可以隐藏发言、关闭话题；举报和申诉由工作人员处理。"),
            operation=partial(operations.name_moderator, circle=circle),
            back=self.address("change", circle.pk),
            done=_("已指定圈主。"),
        )

    @action(description=gettext_lazy("取消圈主"), url_path="no-moderator", permissions=["manage"])
    def remove_moderator(self, request, object_id):
        """Ask who keeps order no more."""
        circle = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("取消圈主"),
            submit=_("取消圈主"),
            why_not=rules.why_not_manage(circle, request.user),
            form_class=ModeratorForm,
            facts=[(_("圈子"), circle.name), (_("圈主"), self.moderators_shown(circle))],
            outcome=_("她仍是圈子成员。"),
            operation=partial(_remove_moderator, circle),
            back=self.address("change", circle.pk),
            done=_("已取消圈主。"),
        )


def _remove_moderator(circle, *, code, by, now):
    membership = operations.moderator_called(circle, code)
    return operations.remove_moderator(membership=membership, by=by, now=now)


class WaitingFilter(DefaultFilter):
    """Reports that wait, unless asked otherwise."""

    title = gettext_lazy("处理")
    parameter_name = "decided"
    default = "no"

    def lookups(self, request, model_admin):
        """Return the choices."""
        return [("no", _("待处理")), ("yes", _("已处理")), (self.everything, _("全部"))]

    def queryset(self, request, queryset):
        """Keep what was chosen."""
        if self.value() == self.everything:
            return queryset
        return queryset.filter(decided_at__isnull=self.value() != "yes")


class CaseAdmin(ReadOnly, StaffAdmin):
    """Cases about posts: looked at, decided by operations."""

    list_select_related = CASES
    offered = {}  # {name of an action: rule(case, user)}: what is offered now
    has_moderate_permission = has_perm("cloud_home.moderate_circle")
    excerpt_shown = excerpt_shown
    circle_shown = circle_shown
    author_shown = author_shown
    original_shown = original_shown

    def get_queryset(self, request):
        """Read along what every row shows."""
        return super().get_queryset(request).select_related(*self.list_select_related)

    def get_actions_detail(self, request, object_id):
        """Offer what she may do with this one."""
        case = self.get_object(request, object_id)
        if case is None:
            return []
        return [
            entry
            for entry in super().get_actions_detail(request, object_id)
            if self._rule_of(entry)(case, request.user) is None
        ]

    def _rule_of(self, entry):
        return next(rule for name, rule in self.offered.items() if entry.action_name.endswith(name))


def _outcome(report):
    if not report.is_decided:
        return "waiting", _("待处理")
    return ("upheld", _("成立")) if report.upheld else ("dismissed", _("不成立"))


@admin.register(Report)
class ReportAdmin(CaseAdmin):
    """What somebody reported: hide the post, or let it stand and say why."""

    list_display = ("excerpt_shown", "reason", "circle_shown", "author_shown", "at", "state_shown")
    offered = dict.fromkeys(("_uphold", "_dismiss"), rules.why_not_decide_report)
    state_shown = state_column(
        {"waiting": "warning", "upheld": "danger", "dismissed": "success"}, words=_outcome
    )
    list_filter = (WaitingFilter, "reason")
    readonly_fields = ("excerpt_shown", "circle_shown", "author_shown", "original_shown")
    fields = (
        "circle_shown",
        "author_shown",
        "excerpt_shown",
        "original_shown",
        "reason",
        "note",
        "reporter",
        "at",
        "upheld",
        "answer",
        "decided_at",
        "decided_by",
    )
    actions_detail = ("uphold", "dismiss")

    def _decide(self, request, object_id, operation, **page):
        report = self.get_or_404(request, object_id)
        said = [(_("举报原因"), report.get_reason_display()), (_("补充说明"), report.note or "—")]
        return decide(
            self,
            request,
            why_not=rules.why_not_decide_report(report, request.user),
            form_class=DecisionForm,
            facts=_facts(report.post) + said,
            operation=partial(operation, report=report),
            back=self.address("change", report.pk),
            go_on=self.address("changelist"),
            **page,
        )

    @action(description=gettext_lazy("隐藏发言"), url_path="uphold", permissions=["moderate"])
    def uphold(self, request, object_id):
        """Ask why the post is hidden."""
        return self._decide(
            request,
            object_id,
            operations.uphold_report,
            title=_("举报成立，隐藏发言"),
            submit=_("隐藏发言"),
            danger=True,
            outcome=_("发言隐藏，作者收到原因，可以申诉一次；举报人收到结果。"),
            done=_("已隐藏，双方都已告知。"),
        )

    @action(description=gettext_lazy("举报不成立"), url_path="dismiss", permissions=["moderate"])
    def dismiss(self, request, object_id):
        """Ask why the post stands."""
        return self._decide(
            request,
            object_id,
            operations.dismiss_report,
            title=_("举报不成立"),
            submit=_("予以保留"),
            outcome=_("发言保留，举报人收到理由，作者不会知道。"),
            done=_("已处理，已告知举报人。"),
        )


class AppealFilter(OneChoiceFilter):
    """Hidden posts whose author waits for an answer: where the work queue leads."""

    title = gettext_lazy("申诉")
    parameter_name = "appeal"
    choice = ("waiting", gettext_lazy("待答复的申诉"))

    def narrow(self, queryset):
        """Keep appeals that wait."""
        return queryset.appealed()


@admin.register(Hiding)
class HidingAdmin(CaseAdmin):
    """Hidden posts: answer appeals, show again what was hidden by mistake."""

    list_display = (
        "excerpt_shown",
        "reason",
        "circle_shown",
        "author_shown",
        "hidden_at",
        "appealed_at",
    )
    offered = dict.fromkeys(("_grant", "_refuse"), rules.why_not_decide_appeal) | {
        "_unhide": rules.why_not_unhide
    }
    list_filter = (AppealFilter, ("ended_at", admin.EmptyFieldListFilter))
    readonly_fields = ("excerpt_shown", "circle_shown", "author_shown", "original_shown")
    fields = (
        "circle_shown",
        "author_shown",
        "excerpt_shown",
        "original_shown",
        "reason",
        "hidden_at",
        "hidden_by",
        "appeal",
        "appealed_at",
        "answer",
        "decided_at",
        "decided_by",
        "ended_at",
    )
    actions_detail = ("grant", "refuse", "unhide")

    def _decide(self, request, object_id, rule, operation, **page):
        hiding = self.get_or_404(request, object_id)
        said = [(_("隐藏原因"), hiding.reason), (_("申诉"), hiding.appeal or "—")]
        return decide(
            self,
            request,
            why_not=rule(hiding, request.user),
            form_class=DecisionForm,
            facts=_facts(hiding.post) + said,
            operation=partial(operation, hiding=hiding),
            back=self.address("change", hiding.pk),
            **page,
        )

    @action(description=gettext_lazy("同意申诉"), url_path="grant", permissions=["moderate"])
    def grant(self, request, object_id):
        """Ask what the author is answered; the post is shown again."""
        return self._decide(
            request,
            object_id,
            rules.why_not_decide_appeal,
            operations.grant_appeal,
            title=_("同意申诉"),
            submit=_("恢复显示"),
            outcome=_("发言恢复显示，已告知作者。"),
            done=_("已恢复显示。"),
        )

    @action(description=gettext_lazy("维持隐藏"), url_path="refuse", permissions=["moderate"])
    def refuse(self, request, object_id):
        """Ask what the author is answered; the post stays hidden."""
        return self._decide(
            request,
            object_id,
            rules.why_not_decide_appeal,
            operations.refuse_appeal,
            title=_("维持隐藏"),
            submit=_("维持隐藏"),
            outcome=_("发言继续隐藏，作者收到答复，不能再次申诉。"),
            done=_("已答复。"),
        )

    @action(description=gettext_lazy("恢复显示"), url_path="unhide", permissions=["moderate"])
    def unhide(self, request, object_id):
        """Ask why it is shown again."""
        return self._decide(
            request,
            object_id,
            rules.why_not_unhide,
            operations.unhide_post,
            title=_("恢复显示"),
            submit=_("恢复显示"),
            outcome=_("隐藏有误时使用；作者会收到通知。"),
            done=_("已恢复显示。"),
        )


@admin.register(Sanction)
class SanctionAdmin(CaseAdmin):
    """Warnings and suspensions: end one early."""

    list_display = ("user", "reason", "at", "until", "lifted_at", "by")
    list_select_related = (*CASES, "user", "by")
    offered = {"_lift": lambda case, user: rules.why_not_lift(case, user, timezone.now())}
    list_filter = (("until", admin.EmptyFieldListFilter),)
    readonly_fields = ("excerpt_shown", "circle_shown", "original_shown")
    fields = (
        "user",
        "circle_shown",
        "excerpt_shown",
        "original_shown",
        "reason",
        "at",
        "by",
        "until",
        "lifted_at",
    )
    actions_detail = ("lift",)

    @action(description=gettext_lazy("提前解除"), url_path="lift", permissions=["moderate"])
    def lift(self, request, object_id):
        """Ask why she may write again."""
        sanction = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("提前解除停止发言"),
            submit=_("提前解除"),
            why_not=rules.why_not_lift(sanction, request.user, timezone.now()),
            form_class=DecisionForm,
            facts=[*_facts(sanction.post), (_("原因"), sanction.reason)],
            outcome=_("她马上可以继续发言，会收到通知。"),
            operation=partial(operations.lift_suspension, sanction=sanction),
            back=self.address("change", sanction.pk),
            done=_("已解除，已告知她本人。"),
        )
