"""Interests in the admin: taken on by a mediator, accompanied, ended, undone with a reason."""

from django import forms
from django.contrib import admin
from django.http import Http404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
)

from accounts.models import User
from entrepreneurship.figures.admin import LeadsToFigures
from entrepreneurship.transfer import contracts, contracts_rules, interests, matching, sheet
from entrepreneurship.transfer import interests_rules as rules
from entrepreneurship.transfer.admin.contracts import ContractForm
from entrepreneurship.transfer.models import (
    FUNNEL,
    TOGETHER,
    EndReason,
    InterestState,
    TransferFile,
    TransferInterest,
    TransferMatch,
)
from entrepreneurship.transfer.queue import late_before
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.export import ExportsList
from kernel.admin.forms import reason_form
from kernel.admin.lists import OneChoiceFilter, column, state_column
from kernel.admin.offered import OffersByRule
from kernel.downloads import download
from kernel.words import moment_text

COLOURS = {
    "agreed": "warning",
    "mediated": "info",
    "confidential": "info",
    "contracted": "success",
    "ended": "",
}
UndoForm = reason_form(gettext_lazy("会留在记录里，4 到 200 字。"))


class EndForm(forms.Form):
    """Why it ends."""

    reason = forms.ChoiceField(
        label=gettext_lazy("原因"), choices=EndReason.choices, widget=UnfoldAdminSelectWidget
    )


class ConfidentialForm(forms.Form):
    """When both signed, and what they signed."""

    day = forms.DateField(label=gettext_lazy("签订日期"), widget=UnfoldAdminSingleDateWidget)
    sent = forms.FileField(
        label=gettext_lazy("保密协议"),
        help_text=gettext_lazy("双方签好的 PDF 或照片，不超过 10 MB。只有对接的技术经理人看得到。"),
        widget=UnfoldAdminFileFieldWidget,
    )

    def clean_sent(self):
        """Return [(file name, bytes)]."""
        file = self.cleaned_data["sent"]
        return [(file.name, file.read())]


def _hand_over_form(interest, by):
    people = User.objects.holding(rules.MEDIATE_RIGHT).filter(is_staff=True).exclude(pk=by.pk)

    class HandOverForm(forms.Form):
        mediator = forms.ModelChoiceField(
            label=_("交给谁"),
            queryset=people.order_by("full_name"),
            widget=UnfoldAdminSelectWidget,
            empty_label=None,
        )

    return HandOverForm


class OverdueFilter(OneChoiceFilter):
    """What both agreed to three days ago and nobody has taken on."""

    title = gettext_lazy("逾期")
    parameter_name = "overdue"
    choice = ("yes", gettext_lazy("双方同意三天没人对接"))

    def narrow(self, queryset):
        """Keep what waits too long."""
        return queryset.overdue(late_before(timezone.now()))


class ReachedFilter(admin.SimpleListFilter):
    """How far it came, what ended later included."""

    title = gettext_lazy("到过哪一步")
    parameter_name = "reached"

    def lookups(self, request, model_admin):
        """Offer the steps."""
        return [(state, InterestState(state).label) for state in FUNNEL]

    def queryset(self, request, queryset):
        """Keep what came so far."""
        if self.value() not in FUNNEL:
            return queryset
        return queryset.annotate(reached=queryset.reached_at(self.value())).exclude(reached=None)


def _steps(interest):
    lines = [
        (moment_text(step.at), step.get_after_display(), step.reason)
        for step in interest.steps.all()
    ]
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{} {} {}</li>", lines))


def _documents(interest):
    lines = [
        (
            reverse(
                "admin:entrepreneurship_transferinterest_document", args=[interest.pk, file.code]
            ),
            moment_text(file.added_at),
        )
        for file in interest.files.all()
    ]
    return format_html_join(" ", '<a class="portal-link" href="{}">{}</a>', lines)


def _hers(interest, text):
    """Return what only the mediator herself reads, once it is hers."""
    return text or "" if interest.mediator_id else _("对接以后可以看到")


def _rule(*states, then=lambda interest: None):
    def rule(interest, by):
        return (
            rules.why_not_mediator(interest, by)
            or rules.why_not_in(interest, *states)
            or then(interest)
        )

    return rule


def _why_not_take_on(interest, by):
    return rules.why_not_mediate(interest, by) or rules.why_not_in(interest, InterestState.AGREED)


def _last(interest):
    return interest.steps.filter(undoes=None, undone=None).order_by("-pk").first()


def _why_not_undo(interest, by):
    return rules.why_not_mediator(interest, by) or rules.why_not_undo(interest, _last(interest))


def _why_not_contract(interest, by):
    states = (InterestState.CONFIDENTIAL, InterestState.CONTRACTED)
    return contracts_rules.why_not_keep_of(interest, by) or rules.why_not_in(interest, *states)


@admin.register(TransferInterest)
class TransferInterestAdmin(LeadsToFigures, ExportsList, OffersByRule, ReadOnly, StaffAdmin):
    """What both agreed to, for mediators: free ones and their own."""

    argument = "interest"
    view_on_site = False
    list_display = ("profile", "seeker_shown", "state_shown", "mediator", "agreed_at")
    list_filter = ("state", OverdueFilter, ReachedFilter)
    list_select_related = (
        "profile__talent",
        "profile__unit",
        "seeker__unit",
        "seeker_unit",
        "mediator",
    )
    search_fields = ("code", "profile__title", "profile__code")
    search_help_text = gettext_lazy("按名称或编号查找")
    ordering = ("-id",)
    readonly_fields = (
        "seeker_shown",
        "owner_shown",
        "words_shown",
        "contacts",
        "passed",
        "documents",
    )
    empty_words = gettext_lazy("还没有双方都同意的意向。双方同意以后会出现在这里。")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("code", "state"),
                    ("profile", "form"),
                    ("owner_shown", "seeker_shown"),
                    "words_shown",
                    "contacts",
                )
            },
        ),
        (
            gettext_lazy("进展"),
            {
                "fields": (
                    ("mediator", "agreed_at"),
                    ("confidential_on", "documents"),
                    ("end_reason", "ended_at"),
                    "passed",
                )
            },
        ),
    )
    actions_detail = (
        "take_on",
        "confidential",
        "contract",
        "hand_over",
        "end",
        "undo",
    )
    rules_of_actions = {
        "take_on": _why_not_take_on,
        "confidential": _rule(InterestState.MEDIATED),
        "contract": _why_not_contract,
        "hand_over": _rule(
            InterestState.MEDIATED, InterestState.CONFIDENTIAL, InterestState.CONTRACTED
        ),
        "end": _rule(*TOGETHER),
        "undo": _why_not_undo,
    }
    has_mediate_permission = has_perm(rules.MEDIATE_RIGHT)
    has_export_permission = has_perm("entrepreneurship.export_transferinterest")
    export_operation = staticmethod(interests.export_interests)
    export_sheet, export_name = staticmethod(sheet.interests), "interests.xlsx"

    state_shown = state_column(COLOURS, ordering="state")
    seeker_shown = column(gettext_lazy("发起方"), "seeker_name")
    owner_shown = column(gettext_lazy("发布方"), "owner_name")
    words_shown = column(gettext_lazy("想怎样合作"), lambda row: _hers(row, row.words))
    contacts = column(
        gettext_lazy("双方联系方式"),
        lambda row: _hers(
            row,
            " / ".join(filter(None, (row.owner_contact, row.seeker_contact)))
            if row.shows_contacts
            else "",
        ),
    )
    passed = column(gettext_lazy("经过"), _steps)
    documents = column(gettext_lazy("保密协议"), _documents)

    def get_urls(self):
        """Add the documents."""
        view = self.admin_site.admin_view(self.document)
        name = f"{self.opts.app_label}_{self.opts.model_name}_document"
        return [path("<int:pk>/document/<slug:code>/", view, name=name), *super().get_urls()]

    def document(self, request, pk, code):
        """Hand a document to the mediator; each reading is on record."""
        interest = self.get_or_404(request, pk)
        file = TransferFile.objects.filter(interest=interest, code=code).first()
        if file is None or rules.why_not_mediator(interest, request.user):
            raise Http404
        name, data = interests.read_document(file=file, by=request.user, now=timezone.now())
        return download(data, name)

    def facts_of(self, row):
        """Say which interest it is."""
        return [
            (_("成果或需求"), row.profile.title),
            (_("发布方"), row.owner_name),
            (_("发起方"), row.seeker_name),
            (_("合作方式"), row.get_form_display()),
        ]

    @action(description=gettext_lazy("由我对接"), url_path="take-on", permissions=["mediate"])
    def take_on(self, request, object_id):
        """Become its mediator."""
        return self._page(
            request,
            object_id,
            "take_on",
            title=_("由我对接"),
            submit=_("由我对接"),
            outcome=_("双方会收到您的姓名；意向内容和联系方式只有您看得到。"),
            operation=interests.take_on_interest,
            done=_("由您对接，已通知双方。"),
        )

    @action(
        description=gettext_lazy("登记保密协议"), url_path="confidential", permissions=["mediate"]
    )
    def confidential(self, request, object_id):
        """Ask when and what both signed."""
        return self._page(
            request,
            object_id,
            "confidential",
            title=_("登记保密协议"),
            submit=_("登记"),
            form_class=ConfidentialForm,
            with_files=True,
            outcome=_("双方会收到通知，可以交换资料。"),
            operation=interests.note_confidentiality,
            done=_("已登记，已通知双方。"),
        )

    @action(description=gettext_lazy("登记合同"), url_path="contract", permissions=["mediate"])
    def contract(self, request, object_id):
        """Enter a contract of it."""

        def operation(*, interest, by, now, **values):
            return contracts.enter_contract(interest=interest, values=values, by=by, now=now)

        return self._page(
            request,
            object_id,
            "contract",
            title=_("登记合同"),
            submit=_("登记"),
            form_class=ContractForm,
            outcome=_("同一份合同只登记一次。签订、认定登记和到账在合同页上办。"),
            operation=operation,
            done=_("已登记合同。"),
        )

    @action(description=gettext_lazy("转给别人对接"), url_path="hand-over", permissions=["mediate"])
    def hand_over(self, request, object_id):
        """Ask who goes on with it."""
        row = self.get_or_404(request, object_id)
        return self._page(
            request,
            object_id,
            "hand_over",
            title=_("转给别人对接"),
            submit=_("转给"),
            form_class=_hand_over_form(row, request.user),
            outcome=_("双方会收到新的技术经理人的姓名。转出以后，您不再看到这个意向。"),
            operation=interests.hand_over_interest,
            done=_("已转出，已通知双方。"),
            go_on=self.address("changelist"),
        )

    @action(description=gettext_lazy("结束"), url_path="end", permissions=["mediate"])
    def end(self, request, object_id):
        """Ask why, then end it."""
        return self._page(
            request,
            object_id,
            "end",
            title=_("结束这个意向"),
            submit=_("结束"),
            danger=True,
            form_class=EndForm,
            outcome=_("双方会看到原因，不再互相看到联系方式。可以撤销。"),
            operation=interests.end_interest,
            done=_("已结束，已通知双方。"),
        )

    @action(description=gettext_lazy("撤销上一步"), url_path="undo", permissions=["mediate"])
    def undo(self, request, object_id):
        """Ask why, then undo the last step."""
        return self._page(
            request,
            object_id,
            "undo",
            title=_("撤销上一步"),
            submit=_("撤销"),
            form_class=UndoForm,
            outcome=_("只能撤销对接、保密协议和结束这几步。原来的一步和理由都留在记录里。"),
            operation=interests.undo_step,
            done=_("已撤销。"),
        )


@admin.register(TransferMatch)
class TransferMatchAdmin(ExportsList, ReadOnly, StaffAdmin):
    """What was matched, and what its sides say of it."""

    has_history = False
    list_display = ("offer", "need", "why_shown", "score", "found_at")
    more_columns = ("told_at", "offer_no_at", "need_no_at")
    list_select_related = ("offer", "need")
    list_filter = (
        ("offer_no_at", admin.EmptyFieldListFilter),
        ("need_no_at", admin.EmptyFieldListFilter),
    )
    ordering = ("-id",)
    readonly_fields = ("why_shown",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("offer", "need"),
                    "why_shown",
                    ("score", "found_at"),
                    ("offer_no_at", "need_no_at"),
                )
            },
        ),
    )
    empty_words = gettext_lazy("还没有匹配。每周比对公开的成果和需求，吻合的列在这里。")
    has_export_permission = has_perm("entrepreneurship.export_transfermatch")
    export_operation = staticmethod(matching.export_matches)
    export_sheet, export_name = staticmethod(sheet.matches), "matches.xlsx"

    why_shown = column(gettext_lazy("为什么匹配"), matching.why)
