"""Requests for talks in the admin: put to women who are willing, refused with a reason, made an event."""

from functools import partial

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.models import Department
from events.models import EventKind
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.decision import decide
from kernel.admin.forms import reason_form
from kernel.admin.lists import column, state_column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter
from kernel.admin.widgets import HalfHourMoment
from kernel.words import day_text, moment_text
from role_models import operations, talk_rules
from role_models.models import (
    OPEN,
    RequestState,
    TalkInvitation,
    TalkOffer,
    TalkRequest,
)
from talents.asking import rules as asking
from talents.asking.models import LONGEST_FIRST
from talents.models import Talent

COLOURS = {"received": "warning", "asked": "info", "accepted": "success", "refused": "danger"}
RefusedForm = reason_form(gettext_lazy("申请单位会看到，4 到 200 字。"))
MOST_OFFERED = 200


class Willing(forms.ModelChoiceField):
    """A woman who is willing, with what she can talk about."""

    def label_from_instance(self, obj):
        """Name her, her unit, her topics."""
        return f"{obj.full_name}（{obj.unit_name}）：{obj.talk_offer.topics}"


def _willing(request):
    """Return the women who can be asked for a request, who has waited longest to be asked first."""
    way = Q(online=True) if request.online else Q(on_site=True)
    offers = TalkOffer.objects.filter(way).values("talent")
    asked = TalkInvitation.objects.filter(request=request).values("talent")
    rows = Talent.objects.filter(pk__in=offers).exclude(pk__in=asked)
    rows = asking.askable(rows, talk_rules.TALK, request.department, timezone.now())
    return rows.order_by(*LONGEST_FIRST).only("pk")[:MOST_OFFERED]


def _invite_form(request):
    rows = [row.pk for row in _willing(request)]

    class InviteForm(forms.Form):
        talent = Willing(
            label=_("请谁"),
            queryset=Talent.objects.filter(pk__in=rows)
            .select_related("unit", "talk_offer")
            .order_by(*LONGEST_FIRST),
            widget=UnfoldAdminRadioSelectWidget,
            empty_label=None,
            error_messages={"required": _("请选择一位。")},
        )

    return InviteForm


class DepartmentForm(forms.Form):
    """Who arranges it."""

    department = forms.ModelChoiceField(
        label=gettext_lazy("部门"),
        queryset=Department.objects.all(),
        widget=UnfoldAdminSelectWidget,
        empty_label=None,
    )


def _plan_form(request):
    """Return the class of the form that makes an event of a request, with what is known of it filled in."""

    class PlanForm(forms.Form):
        title = forms.CharField(
            label=_("活动名称"),
            max_length=60,
            initial=request.topic[:60],
            widget=UnfoldAdminTextInputWidget,
        )
        kind = forms.ChoiceField(
            label=_("类型"),
            choices=[
                (one.value, one.label)
                for one in (EventKind.TALK, EventKind.CAMPUS_VISIT, EventKind.SEMINAR)
            ],
            widget=UnfoldAdminSelectWidget,
        )
        summary = forms.CharField(
            label=_("简介"),
            max_length=120,
            initial=f"{request.unit.name}：{request.topic}"[:120],
            widget=UnfoldAdminTextareaWidget({"rows": 2}),
        )
        starts_at = forms.SplitDateTimeField(label=_("开始"), widget=HalfHourMoment)
        ends_at = forms.SplitDateTimeField(label=_("结束"), widget=HalfHourMoment)
        venue = forms.CharField(
            label=_("地点"),
            max_length=60,
            initial=request.place[:60],
            required=not request.online,
            widget=UnfoldAdminTextInputWidget,
        )
        capacity = forms.IntegerField(
            label=_("席位"),
            min_value=1,
            max_value=100_000,
            initial=request.people,
            widget=UnfoldAdminIntegerFieldWidget,
        )

    return PlanForm


def _plan(request):
    """Return plan_talk as the page calls it: with the fields of its form."""

    def plan(*, by, now, **fields):
        fields["mode"] = "online" if request.online else "on_site"
        return operations.plan_talk(request=request, fields=fields, by=by, now=now)

    return plan


def _asked(talk):
    """Return whom staff asked and what each said."""
    rows = talk.invitations.select_related("talent").order_by("-asked_at")
    lines = [
        (
            row.talent.full_name,
            row.get_state_display(),
            moment_text(row.answered_at or row.asked_at),
        )
        for row in rows
    ]
    return (
        format_html("<ul>{}</ul>", format_html_join("", "<li>{}：{}（{}）</li>", lines))
        if lines
        else ""
    )


def _people(talk):
    return ngettext("%(n)s 人", "%(n)s 人", talk.people) % {"n": talk.people}


def _contact(talk):
    return " ".join(filter(None, (talk.contact_name, talk.contact_phone)))


def _wished(talk):
    version = talk.story and talk.story.published
    return version.who if version else ""


def _event(talk):
    if talk.event is None:
        return ""
    where = reverse("admin:events_event_change", args=[talk.event_id])
    return format_html('<a class="portal-link" href="{}">{}</a>', where, talk.event.title)


def _rule(*states, then=lambda talk, by: None):
    """Return the rule of a button: who arranges it, where it stands, and what else is asked."""

    def rule(talk, by):
        return (
            talk_rules.why_not_route(talk, by)
            or talk_rules.why_not_state(talk, *states)
            or then(talk, by)
        )

    return rule


@admin.register(TalkRequest)
class TalkRequestAdmin(OffersByRule, ReadOnly, StaffAdmin):
    """What units ask for, for the department that arranges it."""

    view_on_site = False  # the page under its code is the unit's
    list_display = ("topic", "unit", "state_shown", "days", "people", "asked_at")
    list_filter = ("state", SetAsideFilter)
    list_select_related = ("unit", "story", "event")
    search_fields = ("code", "topic", "unit__name")
    search_help_text = gettext_lazy("按主题、单位或编号查找")
    ordering = ("-id",)
    readonly_fields = ("days", "contact", "wished", "asked", "event_shown")
    empty_words = gettext_lazy(
        "还没有单位申请宣讲。单位联系人可以在“申请宣讲”页面提交，也可以用接口。"
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("code", "unit"),
                    "topic",
                    ("audience", "people"),
                    ("days", "online", "place"),
                    "wished",
                    "contact",
                )
            },
        ),
        (
            gettext_lazy("进展"),
            {"fields": (("state", "asked_at"), "refuse_reason", "asked", "event_shown")},
        ),
    )
    actions_detail = (
        "invite",
        "again",
        "let_off",
        "plan",
        "unplan",
        "hand_over",
        "refuse",
        "reopen",
    )
    rules_of_actions = {
        "invite": _rule(RequestState.RECEIVED),
        "again": _rule(
            RequestState.RECEIVED,
            then=lambda talk, by: talk_rules.why_not_ask_again(
                talk, operations.last_declined(talk), timezone.now()
            ),
        ),
        "let_off": _rule(RequestState.ASKED, RequestState.ACCEPTED),
        "plan": _rule(RequestState.ACCEPTED),
        "unplan": _rule(RequestState.PLANNED),
        "hand_over": _rule(RequestState.RECEIVED),
        "refuse": _rule(*OPEN),
        "reopen": _rule(RequestState.REFUSED),
    }
    has_route_permission = has_perm("role_models.route_talkrequest")

    state_shown = state_column(COLOURS, ordering="state")
    days = column(
        gettext_lazy("日期"),
        lambda talk: f"{day_text(talk.first_day)} – {day_text(talk.last_day)}",
        ordering="first_day",
    )
    contact = column(gettext_lazy("联系人"), _contact)
    wished = column(gettext_lazy("希望请谁"), _wished)
    asked = column(gettext_lazy("问过谁"), _asked)
    event_shown = column(gettext_lazy("活动"), _event)

    def _page(self, request, object_id, rule, **page):
        talk = self.get_or_404(request, object_id)
        operation, form = page.pop("operation"), page.pop("form", None)
        if form:
            page["form_class"] = form(talk)
        return decide(
            self,
            request,
            why_not=self.rules_of_actions[rule](talk, request.user),
            facts=[
                (_("单位"), talk.unit.name),
                (_("想听什么"), talk.topic),
                (_("听众"), f"{talk.audience}，{_people(talk)}"),
                (_("日期"), f"{day_text(talk.first_day)} – {day_text(talk.last_day)}"),
            ],
            operation=operation(talk),
            back=self.address("change", talk.pk),
            **page,
        )

    @action(description=gettext_lazy("邀请主讲人"), url_path="invite", permissions=["route"])
    def invite(self, request, object_id):
        """Choose among those who are willing."""
        return self._page(
            request,
            object_id,
            "invite",
            title=_("邀请主讲人"),
            submit=_("邀请"),
            form=_invite_form,
            outcome=_(
                "只列出愿意宣讲、现在可以邀请的人，最久没有被邀请的在前；其他部门负责的，本人同意了才列出。"
                "她五天内答复，不便不用说明原因；答应以前单位不知道问了谁。"
            ),
            operation=lambda talk: partial(operations.invite_speaker, request=talk),
            done=_("已邀请，等她答复。"),
        )

    @action(description=gettext_lazy("再问一次"), url_path="again", permissions=["route"])
    def again(self, request, object_id):
        """Ask her once more who declined last."""
        return self._page(
            request,
            object_id,
            "again",
            title=_("再问一次"),
            submit=_("再问一次"),
            outcome=_("重新邀请上一位：她误点了“不便”，或改变了主意。"),
            operation=lambda talk: partial(operations.ask_again, request=talk),
            done=_("已重新邀请，等她答复。"),
        )

    @action(description=gettext_lazy("取消邀请"), url_path="let-off", permissions=["route"])
    def let_off(self, request, object_id):
        """Let her off who was asked."""
        return self._page(
            request,
            object_id,
            "let_off",
            title=_("取消邀请"),
            submit=_("取消邀请"),
            outcome=_("会告诉她不用答复或不用来了，申请回到待安排。"),
            operation=lambda talk: partial(operations.take_back_invitation, request=talk),
            done=_("已取消邀请。"),
        )

    @action(description=gettext_lazy("安排活动"), url_path="plan", permissions=["route"])
    def plan(self, request, object_id):
        """Make a draft of an event of it."""
        return self._page(
            request,
            object_id,
            "plan",
            title=_("安排活动"),
            submit=_("生成活动草稿"),
            form=_plan_form,
            outcome=_("生成活动草稿，议程里写好主讲人；核对后在活动页发布，发布时通知她。"),
            operation=_plan,
            done=_("已生成活动草稿，已通知单位。"),
            go_on=lambda event: reverse("admin:events_event_change", args=[event.pk]),
        )

    @action(description=gettext_lazy("重新安排"), url_path="unplan", permissions=["route"])
    def unplan(self, request, object_id):
        """Part it from its event."""
        return self._page(
            request,
            object_id,
            "unplan",
            title=_("重新安排"),
            submit=_("重新安排"),
            outcome=_("申请与活动脱开，可以另建活动；原来的活动不变，不办了请在活动页取消。"),
            operation=lambda talk: partial(operations.unplan_talk, request=talk),
            done=_("可以重新安排。"),
        )

    @action(description=gettext_lazy("转给其他部门"), url_path="hand-over", permissions=["route"])
    def hand_over(self, request, object_id):
        """Have another department arrange it."""
        return self._page(
            request,
            object_id,
            "hand_over",
            title=_("转给其他部门"),
            submit=_("转给"),
            form=lambda talk: DepartmentForm,
            outcome=_("由愿意宣讲的人所在的部门安排。转出以后，本部门不再看到这个申请。"),
            operation=lambda talk: partial(operations.hand_over_request, request=talk),
            done=_("已转出。"),
            go_on=self.address("changelist"),
        )

    @action(description=gettext_lazy("没能安排"), url_path="refuse", permissions=["route"])
    def refuse(self, request, object_id):
        """Ask why, then tell the unit."""
        return self._page(
            request,
            object_id,
            "refuse",
            title=_("没能安排"),
            submit=_("告知单位"),
            danger=True,
            form=lambda talk: RefusedForm,
            outcome=_("单位会看到原因；正在问的人会收到“不用答复”。可以撤销。"),
            operation=lambda talk: partial(operations.refuse_request, request=talk),
            done=_("已告知单位。"),
        )

    @action(description=gettext_lazy("继续安排"), url_path="reopen", permissions=["route"])
    def reopen(self, request, object_id):
        """Arrange it all the same."""
        return self._page(
            request,
            object_id,
            "reopen",
            title=_("继续安排"),
            submit=_("继续安排"),
            outcome=_("申请回到待安排，会告知单位。"),
            operation=lambda talk: partial(operations.reopen_request, request=talk),
            done=_("已继续安排，已告知单位。"),
        )
