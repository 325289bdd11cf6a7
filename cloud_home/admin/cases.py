"""Cases about posts: what was reported, hidden posts and suspensions with their appeals; decided by operations."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from cloud_home import authors, operations, rules
from cloud_home.forms import DecisionForm
from cloud_home.models import Hiding, Report, Sanction
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.decision import decide
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
    argument = ""  # what the operations call a case
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

    def said(self, case):
        """Return what was said of the case so far, as (label, value) pairs."""
        raise NotImplementedError

    def _decide(self, request, object_id, operation, rule, **page):
        """Ask for what is answered, then decide; `rule(case, user)` says why she may not."""
        case = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            why_not=rule(case, request.user),
            form_class=DecisionForm,
            facts=[*_facts(case.post), *self.said(case)],
            operation=partial(operation, **{self.argument: case}),
            back=self.address("change", case.pk),
            **page,
        )


def _upheld(report):
    """Say who was told: the author only where her post was hidden by this."""
    if report.post.gone:
        return _("举报成立；作者已自行删除这条发言，已告知举报人。")
    if report.post.hidden_at != report.decided_at:
        return _("举报成立；发言此前已经隐藏，已告知举报人。")
    return _("已隐藏，双方都已告知。")


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

    argument = "report"

    def said(self, report):
        """Return what the reporter said."""
        return [
            (_("举报原因"), report.get_reason_display()),
            (_("补充说明"), report.note or "—"),
        ]

    def _judge(self, request, object_id, operation, **page):
        go_on, rule = self.address("changelist"), rules.why_not_decide_report
        return self._decide(request, object_id, operation, rule, go_on=go_on, **page)

    @action(description=gettext_lazy("隐藏发言"), url_path="uphold", permissions=["moderate"])
    def uphold(self, request, object_id):
        """Ask why the post is hidden."""
        return self._judge(
            request,
            object_id,
            operations.uphold_report,
            title=_("举报成立，隐藏发言"),
            submit=_("举报成立"),
            danger=True,
            outcome=_(
                "发言隐藏，作者收到原因，可以申诉一次；举报人收到结果。发言已经删除或隐藏的，只告知举报人。"
            ),
            done=_upheld,
        )

    @action(description=gettext_lazy("举报不成立"), url_path="dismiss", permissions=["moderate"])
    def dismiss(self, request, object_id):
        """Ask why the post stands."""
        return self._judge(
            request,
            object_id,
            operations.dismiss_report,
            title=_("举报不成立"),
            submit=_("予以保留"),
            outcome=_("发言保留，举报人收到理由，作者不会知道。"),
            done=_("已处理，已告知举报人。"),
        )


class AppealFilter(OneChoiceFilter):
    """Hidden posts and suspensions whose author waits for an answer: where the work queue leads."""

    title = gettext_lazy("申诉")
    parameter_name = "appeal"
    choice = ("waiting", gettext_lazy("待答复的申诉"))

    def narrow(self, queryset):
        """Keep appeals that wait."""
        return queryset.appealed()


@dataclass(frozen=True)
class Answer:
    """One answer to an appeal: what is done, and the words of the page that asks for it."""

    operation: Callable
    title: str
    submit: str
    outcome: str
    done: str


class AppealedAdmin(CaseAdmin):
    """Cases whose author may appeal once; who decided the case does not answer."""

    granting = refusing = None  # the Answers
    why_not_answer = None  # rule(case, user)

    def _answer(self, request, object_id, answer):
        words = {name: getattr(answer, name) for name in ("title", "submit", "outcome", "done")}
        return self._decide(request, object_id, answer.operation, self.why_not_answer, **words)

    @action(description=gettext_lazy("同意申诉"), url_path="grant", permissions=["moderate"])
    def grant(self, request, object_id):
        """Ask what the author is answered; what was decided ends."""
        return self._answer(request, object_id, self.granting)

    @action(description=gettext_lazy("不同意申诉"), url_path="refuse", permissions=["moderate"])
    def refuse(self, request, object_id):
        """Ask what the author is answered; what was decided stands."""
        return self._answer(request, object_id, self.refusing)


@admin.register(Hiding)
class HidingAdmin(AppealedAdmin):
    """Hidden posts: answer appeals, show again what was hidden by mistake."""

    empty_words = gettext_lazy("没有隐藏的发言。处理举报时隐藏的发言和本人的申诉会列在这里。")
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

    argument = "hiding"
    why_not_answer = staticmethod(rules.why_not_decide_appeal)
    granting = Answer(
        operations.grant_appeal,
        gettext_lazy("同意申诉"),
        gettext_lazy("恢复显示"),
        gettext_lazy("发言恢复显示，作者会收到答复。"),
        gettext_lazy("已恢复显示。"),
    )
    refusing = Answer(
        operations.refuse_appeal,
        gettext_lazy("维持隐藏"),
        gettext_lazy("维持隐藏"),
        gettext_lazy("发言继续隐藏，作者收到答复，不能再次申诉。"),
        gettext_lazy("已答复。"),
    )

    def said(self, hiding):
        """Return why it was hidden and what its author says."""
        return [(_("隐藏原因"), hiding.reason), (_("申诉"), hiding.appeal or "—")]

    @action(description=gettext_lazy("恢复显示"), url_path="unhide", permissions=["moderate"])
    def unhide(self, request, object_id):
        """Ask why it is shown again."""
        return self._decide(
            request,
            object_id,
            operations.unhide_post,
            rules.why_not_unhide,
            title=_("恢复显示"),
            submit=_("恢复显示"),
            outcome=_("隐藏有误时使用；作者会收到通知。"),
            done=_("已恢复显示。"),
        )


def _why_not_lift(sanction, user):
    return rules.why_not_lift(sanction, user, timezone.now())


@admin.register(Sanction)
class SanctionAdmin(AppealedAdmin):
    """Warnings and suspensions: end one early, answer appeals."""

    empty_words = gettext_lazy("没有提醒或停止发言。办理以后列在这里，本人可以申诉。")
    argument = "sanction"
    list_display = ("user", "reason", "at", "until", "appealed_at", "lifted_at", "by")
    list_select_related = (*CASES, "user", "by")
    offered = dict.fromkeys(("_grant", "_refuse"), rules.why_not_decide_suspension) | {
        "_lift": _why_not_lift
    }
    list_filter = (AppealFilter, ("until", admin.EmptyFieldListFilter))
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
        "appeal",
        "appealed_at",
        "answer",
        "decided_at",
        "decided_by",
        "lifted_at",
    )
    actions_detail = ("grant", "refuse", "lift")

    why_not_answer = staticmethod(rules.why_not_decide_suspension)
    granting = Answer(
        operations.grant_suspension_appeal,
        gettext_lazy("同意申诉"),
        gettext_lazy("恢复发言"),
        gettext_lazy("她马上可以继续发言，会收到答复。"),
        gettext_lazy("已解除，已告知她本人。"),
    )
    refusing = Answer(
        operations.refuse_suspension_appeal,
        gettext_lazy("维持停止发言"),
        gettext_lazy("维持停止发言"),
        gettext_lazy("停止发言到期前继续有效，她收到答复，不能再次申诉。"),
        gettext_lazy("已答复。"),
    )

    def said(self, sanction):
        """Return why she was warned or suspended, and what she says."""
        return [(_("原因"), sanction.reason), (_("申诉"), sanction.appeal or "—")]

    @action(description=gettext_lazy("提前解除"), url_path="lift", permissions=["moderate"])
    def lift(self, request, object_id):
        """Ask why she may write again."""
        return self._decide(
            request,
            object_id,
            operations.lift_suspension,
            _why_not_lift,
            title=_("提前解除停止发言"),
            submit=_("提前解除"),
            outcome=_("她马上可以继续发言，会收到通知和原因。"),
            done=_("已解除，已告知她本人。"),
        )
