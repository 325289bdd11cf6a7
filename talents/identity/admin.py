"""The clerks' side of identities: changes that women propose, and claims of reported records."""

from functools import partial

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from unfold import widgets
from unfold.decorators import action

from kernel import masking
from kernel.admin.base import ReadOnly, has_perm
from kernel.admin.decision import decide, says_the_same
from kernel.admin.forms import reason_form
from kernel.admin.lists import DefaultFilter, column, state_column
from kernel.words import clauses, month_text
from privacy import audit, history
from privacy.admin_reveal import RevealAdmin
from talents import operations
from talents.admin_forms import HandOverWithReasonForm
from talents.identity.models import WORK_FIELDS, Claim, Proposal, ProposalState
from talents.models import Talent

HISTORY_TEMPLATE = "talents/admin/history.html"
WAITING = ProposalState.WAITING.value


# Why what a unit said is not taken up: she is not told of it.
NotedForm = reason_form(gettext_lazy("写入办理记录。"), label=gettext_lazy("原因"))
# Why something was decided against her.
ReasonForm = reason_form(
    gettext_lazy("本人会读到这句话，请写明怎样办理。"),
    label=gettext_lazy("原因"),
    missing=gettext_lazy("请写明原因，至少四个字，她会读到。"),
)


class WaitingFilter(DefaultFilter):
    """What waits, unless another state is chosen."""

    title = gettext_lazy("状态")
    parameter_name = "state__exact"
    default = WAITING

    def lookups(self, request, model_admin):
        """Offer the states, and all."""
        states = model_admin.model._meta.get_field("state").choices
        return [*states, (self.everything, _("全部"))]

    def queryset(self, request, queryset):
        """Keep the chosen state."""
        everything = self.value() == self.everything
        return queryset if everything else queryset.filter(state=self.value())


class DecisionAdmin(ReadOnly, RevealAdmin):
    """Something a clerk of the department decides; shows what happened to it, offers decisions that are due.

    `decisions` maps each decision's action to the rule that says why not, rule(row, by), and to the verbs it
    may leave in the audit log. `argument` is what operations call the row; `refusal` is the one that refuses it,
    `refused` what follows from that.
    """

    list_filter = [WaitingFilter]
    sortable_by = ()
    actions = None
    warn_unsaved_form = False
    change_form_outer_after_template = HISTORY_TEMPLATE
    decisions = {}
    argument = refused = ""
    refusal = None

    has_verify_permission = has_perm("talents.verify_talent")

    def about(self, row):
        """Return the instance whose audit entries are its history, or None."""
        return row

    def get_actions_detail(self, request, object_id):
        """Offer a decision only where one is due, and to whom may decide."""
        offered = super().get_actions_detail(request, object_id)
        row = self.get_object(request, object_id)
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        withheld = {
            f"{prefix}{name}"
            for name, (why_not, *_verbs) in self.decisions.items()
            if row and why_not(row, request.user)
        }
        return [entry for entry in offered if entry.action_name not in withheld]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Add what has happened to it."""
        extra_context = (extra_context or {}) | {"title": self.opts.verbose_name}
        row = object_id and self.get_object(request, object_id)
        if row and (about := self.about(row)):
            extra_context["lines"] = history.of(about, reader=request.user)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_ordering(self, request):
        """Show the longest waiting first."""
        return [self.model.asked, "pk"]

    @action(description=gettext_lazy("不通过"), url_path="refuse", permissions=["verify"])
    def refuse(self, request, object_id):
        """Ask why, and leave the record as it is."""
        row = self.get_or_404(request, object_id)
        shown = self.refused_words(row)
        return self.ask(request, object_id, "refuse", _("不通过"), type(self).refusal, **shown)

    def refused_words(self, row):
        """Return what the page that refuses a row says (arguments of `decide`): here, that she reads the reason."""
        done = _("已办理，已通知本人。")
        return {"form_class": ReasonForm, "outcome": self.refused, "done": done}

    def ask(self, request, object_id, name, title, operation, **shown):
        """Ask for the decision `name` on a row (kernel.admin.decision), then go on with the queue."""
        row = self.get_or_404(request, object_id)
        why_not, *verbs = self.decisions[name]
        return decide(
            self,
            request,
            title=title,
            submit=title,
            why_not=why_not(row, request.user),
            facts=self.facts(row),
            operation=partial(operation, **{self.argument: row}),
            back=self.address("change", row.pk),
            go_on=self.address("changelist"),
            again=partial(self._decided, request, object_id, verbs),
            **shown,
        )

    def _decided(self, request, object_id, verbs):
        """Return the row where its newest decision is this one of hers, in the same words; else None."""
        row = self.get_or_404(request, object_id)
        is_hers = any(audit.is_newest(v, self.about(row), by=request.user) for v in verbs)
        chosen = getattr(row, "talent_id", "")
        same = says_the_same(request.POST, reason=row.reason, talent=chosen)
        return row if is_hers and same else None


@admin.register(Proposal)
class ProposalAdmin(DecisionAdmin):
    """Changes of a verified identity, and of work a unit reports, old beside new."""

    list_display = ["name_shown", "changes_shown", "by_shown", "state_shown", "proposed_at"]
    list_display_links = ["name_shown"]
    list_select_related = ["talent__unit", "unit"]
    actions_detail = ["accept", "refuse", "reveal"]
    revealed = ["old_id_number", "id_number"]
    decisions = {
        "accept": (
            operations.why_not_accept,
            "talents.accept_change",
            "talents.accept_unit_change",
        ),
        "refuse": (operations.why_not_accept, "talents.refuse_change"),
    }
    argument, refusal = "proposal", operations.refuse_proposal
    refused = gettext_lazy("档案保持原样。本人会收到您写的原因，可以重新提出。")
    readonly_fields = [
        "name_shown",
        "unit_shown",
        "by_shown",
        "name_row",
        "birth_row",
        "number_row",
        "work_row",
    ]
    fields = [
        *readonly_fields,
        "state",
        "reason",
        "proposed_at",
        "decided_at",
        "decided_by",
    ]

    def refused_words(self, row):
        """Say of what a unit reported that nobody is told."""
        if not row.unit_id:
            return super().refused_words(row)
        outcome = _("档案保持原样。这是单位报来的，本人不会收到通知。")
        return {"form_class": NotedForm, "outcome": outcome, "done": _("已办理，档案保持原样。")}

    state_shown = state_column({"waiting": "warning", "accepted": "success", "refused": "danger"})
    name_shown = column(gettext_lazy("姓名"), lambda proposal: proposal.talent.full_name)
    unit_shown = column(gettext_lazy("单位"), lambda proposal: proposal.talent.unit_name)
    changes_shown = column(
        gettext_lazy("更正内容"), lambda proposal: clauses(map(_change, proposal.rows))
    )
    by_shown = column(
        gettext_lazy("由谁提出"),
        lambda proposal: (
            proposal.unit.name if proposal.unit else pgettext("seen by others", "本人")
        ),
    )
    work_row = column(
        gettext_lazy("单位、职务和职称（原 → 新）"),
        lambda proposal: clauses(
            _change(row)
            for name, row in zip(proposal.changed, proposal.rows, strict=True)
            if name in WORK_FIELDS
        ),
    )
    name_row = column(gettext_lazy("姓名（原 → 新）"), lambda proposal: _row(proposal, "full_name"))
    birth_row = column(
        gettext_lazy("出生年月（原 → 新）"), lambda proposal: _row(proposal, "birth_month")
    )
    number_row = column(
        gettext_lazy("身份证号（原 → 新）"), lambda proposal: _row(proposal, "id_number")
    )

    def about(self, row):
        """Show the history of the record."""
        return row.talent

    def _decided(self, request, object_id, verbs):
        # Several may wait about one record: what is newest there may have been another of them.
        row = super()._decided(request, object_id, verbs)
        return row if row and row.decided_by_id == request.user.pk else None

    def facts(self, proposal):
        """Say whose it is, and old beside new."""
        return [
            (_("姓名"), proposal.talent.full_name),
            (_("单位"), proposal.talent.unit_name),
            (
                _("由谁提出"),
                proposal.unit.name if proposal.unit else pgettext("seen by others", "本人"),
            ),
            *((label, _arrow(old, new)) for label, old, new in proposal.rows),
        ]

    @action(description=gettext_lazy("核对通过"), url_path="accept", permissions=["verify"])
    def accept(self, request, object_id):
        """Ask once more, then write the new values into the record."""
        return self.ask(
            request,
            object_id,
            "accept",
            _("核对通过"),
            operations.accept_proposal,
            outcome=_("请先核对证件或单位材料。通过后档案和账号一起更新，本人会收到通知。"),
            done=lambda result: (
                _("%(name)s 的档案已更正，已通知本人。") % {"name": result.talent.full_name}
            ),
        )


def _arrow(old, new):
    return f"{old or _('未填写')} → {new or _('未填写')}"


def _change(row):
    label, old, new = row
    return f"{label} {_arrow(old, new)}"


def _row(proposal, name):
    """Return old and new of a field, "" where the proposal leaves it alone."""
    labels = dict(zip(proposal.changed, proposal.rows, strict=True))
    return _arrow(*labels[name][1:]) if name in labels else ""


class RecordField(forms.ModelChoiceField):
    """One of some reported records, each with what speaks for it."""

    def __init__(self, records, about):
        """`about` is a Claim, or a record handed in, that the records are compared with."""
        self.about = about
        super().__init__(
            Talent.objects.filter(pk__in=[talent.pk for talent in records]),
            label=_("单位报送的档案"),
            empty_label=None,
            initial=records[0].pk if len(records) == 1 else None,
            widget=widgets.UnfoldAdminRadioSelectWidget,
            error_messages={"required": _("请选择一份档案；没有合适的，请不通过并写明原因。")},
        )

    def label_from_instance(self, talent):
        """Return name, unit, and how numbers and phones compare."""
        parts = [talent.full_name, talent.unit_name, _birth(talent)]
        text = " · ".join(filter(None, [*parts, *_agreement(self.about, talent)]))
        return format_html('<span class="whitespace-normal">{}</span>', text)  # a phone is narrower


def _birth(talent):
    return talent.birth_month and month_text(talent.birth_month)


def _agreement(about, talent):
    """Say for number and phone whether both sides have the same."""
    same, other = _("%(label)s一致"), _("%(label)s不一致")
    for label, name in ((_("身份证号"), "id_number"), (_("手机号"), "phone")):
        mine, theirs = getattr(about, name), getattr(talent, name)
        if mine and theirs:
            yield (same if mine == theirs else other) % {"label": label}


def record_form(records, about, argument):
    """Return a form class that asks which of the records it is, under the name `argument`."""
    return type("RecordForm", (forms.Form,), {argument: RecordField(records, about)})


def _fit(claim):
    """Name the record that fits; of one that another department keeps, no more than that."""
    if claim.talent.department_id != claim.department_id:
        return _("在其他部门，请转交")
    return f"{claim.talent.full_name} · {claim.talent.unit_name}"


def _record(claim):
    """Lead to the record that fits, where it is the clerk's."""
    if claim.talent.department_id != claim.department_id:
        return _fit(claim)
    address = reverse("admin:talents_talent_change", args=[claim.talent_id])
    return format_html(
        '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>', address, _fit(claim)
    )


@admin.register(Claim)
class ClaimAdmin(DecisionAdmin):
    """Women who say that a unit has reported their record."""

    list_display = ["full_name", "unit_text", "fit_shown", "state_shown", "asked_at"]
    list_display_links = ["full_name"]
    list_select_related = ["talent__unit"]
    actions_detail = ["grant", "refuse", "hand_over", "undo", "reveal"]
    revealed = ["id_number", "phone"]
    decisions = {
        "grant": (operations.why_not_grant, "talents.claim"),
        "refuse": (operations.why_not_decide_claim, "talents.refuse_claim"),
        "hand_over": (operations.why_not_decide_claim, "talents.hand_over_claim"),
        "undo": (operations.why_not_undo_claim, "talents.undo_claim"),
    }
    argument, refusal = "claim", operations.refuse_claim
    refused = gettext_lazy("档案不变，本人会收到您写的原因，可以自己填写或重新申请。")
    readonly_fields = [
        "masked_id_number_shown",
        "masked_phone_shown",
        "record_shown",
        "account_shown",
        "proof_shown",
    ]
    fields = [
        "full_name",
        "unit_text",
        "masked_id_number_shown",
        "masked_phone_shown",
        "account_shown",
        "record_shown",
        "state",
        "proof_shown",
        "reason",
        "asked_at",
        "decided_at",
        "decided_by",
    ]

    state_shown = state_column({"waiting": "warning", "granted": "success", "refused": "danger"})
    masked_id_number_shown = column(gettext_lazy("身份证号"), "masked_id_number")
    masked_phone_shown = column(gettext_lazy("报送时的手机号"), "masked_phone")
    account_shown = column(
        gettext_lazy("申请人账号"),
        lambda claim: f"{claim.user} · {masking.phone(claim.user.phone)}",
    )
    fit_shown = column(
        gettext_lazy("相符的档案"),
        lambda claim: claim.talent and _fit(claim),
        empty=gettext_lazy("没有完全相符的"),
    )

    record_shown = column(
        gettext_lazy("相符的档案"),
        lambda claim: claim.talent and _record(claim),
        empty=gettext_lazy("没有完全相符的"),
    )
    proof_shown = column(
        gettext_lazy("证明方式"),
        lambda claim: _("报送的手机号收到的验证码") if claim.by_phone else "",
    )

    def facts(self, claim):
        """Say who asks, and what she gave."""
        return [
            (_("姓名"), claim.full_name),
            (_("单位"), claim.unit_text or "—"),
            (_("身份证号"), claim.masked_id_number or "—"),
            (_("报送手机号"), claim.masked_phone or "—"),
            (
                _("相符的档案"),
                _fit(claim) if claim.talent else _("没有完全相符的，请看有没有同名的"),
            ),
            (_("账号手机号"), masking.phone(claim.user.phone) or "—"),
        ]

    @action(description=gettext_lazy("通过认领"), url_path="grant", permissions=["verify"])
    def grant(self, request, object_id):
        """Ask which record it is, and make it hers."""
        claim = self.get_or_404(request, object_id)
        records = operations.candidates(claim, request.user)
        return self.ask(
            request,
            object_id,
            "grant",
            _("通过认领"),
            operations.grant_claim,
            form_class=record_form(records, claim, "talent"),
            outcome=_(
                "请先核对证件。通过后档案归到她的账号，她自己填过的单位、职称等会保留，身份信息不变；认领有误可以撤销。"
            ),
            done=_("已归到她的账号，已通知本人。"),
        )

    @action(description=gettext_lazy("转交部门"), url_path="hand-over", permissions=["verify"])
    def hand_over(self, request, object_id):
        """Ask which department decides on it from then on, and why."""
        return self.ask(
            request,
            object_id,
            "hand_over",
            _("转交部门"),
            operations.hand_over_claim,
            form_class=HandOverWithReasonForm,
            outcome=_("转交后由对方部门核对和办理，本部门不再显示这项申请。"),
            done=_("认领申请已转交。"),
        )

    @action(description=gettext_lazy("撤销认领"), url_path="undo", permissions=["verify"])
    def undo(self, request, object_id):
        """Ask why, and take the record back from the account."""
        return self.ask(
            request,
            object_id,
            "undo",
            _("撤销认领"),
            operations.undo_claim,
            form_class=ReasonForm,
            danger=True,
            outcome=_(
                "档案恢复到认领之前，可以由本人重新认领；对方认领前自己填写的内容回到草稿，以后的报名会取消，对方会收到您写的原因。"
            ),
            done=_("认领已撤销，档案已恢复，已通知对方。"),
        )
