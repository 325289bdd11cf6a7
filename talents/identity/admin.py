"""The clerks' side of identities: changes that women propose, and claims of reported records."""

from functools import partial

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold import widgets
from unfold.decorators import action

from kernel.admin.base import ReadOnly, has_perm
from kernel.admin.decision import decide
from kernel.admin.lists import DefaultFilter, column, state_column
from privacy import history
from privacy.admin_reveal import RevealAdmin
from talents import operations
from talents.identity.models import Proposal, ProposalState

HISTORY_TEMPLATE = "talents/admin/history.html"
WAITING = ProposalState.WAITING.value


class ReasonForm(forms.Form):
    """Why something was decided against her, in words she will read."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        required=False,
        max_length=200,
        widget=widgets.UnfoldAdminTextareaWidget({"rows": 3}),
        help_text=gettext_lazy("本人会读到这句话，请写明怎样办理。"),
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

    `decisions` maps each decision's action to the rule that says why not: rule(row, by).
    """

    list_filter = [WaitingFilter]
    sortable_by = ()
    actions = None
    warn_unsaved_form = False
    change_form_outer_after_template = HISTORY_TEMPLATE
    decisions = {}

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
            for name, why_not in self.decisions.items()
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

    def ask(self, request, object_id, title, operation, argument, **shown):
        """Ask for a decision on a row (kernel.admin.decision), then go on with the queue."""
        row = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=title,
            submit=title,
            facts=self.facts(row),
            operation=partial(operation, **{argument: row}),
            back=self.address("change", row.pk),
            go_on=self.address("changelist"),
            **shown,
        )


@admin.register(Proposal)
class ProposalAdmin(DecisionAdmin):
    """Changes of a verified identity, old beside new."""

    list_display = ["name_shown", "changes_shown", "state_shown", "proposed_at"]
    list_display_links = ["name_shown"]
    list_select_related = ["talent__unit"]
    actions_detail = ["accept", "refuse", "reveal"]
    revealed = ["old_id_number", "id_number"]
    decisions = {"accept": operations.why_not_accept, "refuse": operations.why_not_accept}
    readonly_fields = ["name_shown", "unit_shown", "name_row", "birth_row", "number_row"]
    fields = [
        "name_shown",
        "unit_shown",
        "name_row",
        "birth_row",
        "number_row",
        "state",
        "reason",
        "proposed_at",
        "decided_at",
        "decided_by",
    ]

    state_shown = state_column({"waiting": "warning", "accepted": "success", "refused": "danger"})
    name_shown = column(gettext_lazy("姓名"), lambda proposal: proposal.talent.full_name)
    unit_shown = column(gettext_lazy("单位"), lambda proposal: proposal.talent.unit_name)
    changes_shown = column(
        gettext_lazy("更正内容"), lambda proposal: "；".join(_change(row) for row in proposal.rows)
    )
    name_row = column(gettext_lazy("姓名（原 → 新）"), lambda proposal: _row(proposal, "full_name"))
    birth_row = column(
        gettext_lazy("出生年月（原 → 新）"), lambda proposal: _row(proposal, "birth_month")
    )
    number_row = column(
        gettext_lazy("身份证号（原 → 新）"), lambda proposal: _row(proposal, "id_number")
    )

    def get_ordering(self, request):
        """Show the longest waiting first."""
        return ["proposed_at", "pk"]

    def about(self, row):
        """Show the history of the record."""
        return row.talent

    def facts(self, proposal):
        """Say whose it is, and old beside new."""
        return [
            (_("姓名"), proposal.talent.full_name),
            (_("单位"), proposal.talent.unit_name),
            *((label, _arrow(old, new)) for label, old, new in proposal.rows),
        ]

    @action(description=gettext_lazy("核对通过"), url_path="accept", permissions=["verify"])
    def accept(self, request, object_id):
        """Ask once more, then write the new values into the record."""
        return self.ask(
            request,
            object_id,
            _("核对通过"),
            operations.accept_proposal,
            "proposal",
            outcome=_("请先核对证件。通过后档案和账号一起更新，本人会收到通知。"),
            done=lambda result: (
                _("%(name)s 的身份信息已更正，已通知本人。") % {"name": result.talent.full_name}
            ),
        )

    @action(description=gettext_lazy("不通过"), url_path="refuse", permissions=["verify"])
    def refuse(self, request, object_id):
        """Ask why, and leave the record as it is."""
        return self.ask(
            request,
            object_id,
            _("不通过"),
            operations.refuse_proposal,
            "proposal",
            form_class=ReasonForm,
            outcome=_("档案保持原样，本人会收到您写的原因，可以重新提出。"),
            done=_("已办理，已通知本人。"),
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
