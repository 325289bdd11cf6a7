"""Campaigns in the admin: written, published, closed."""

from django.contrib import admin
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action

from advisory.figures import LeadsToFigures
from advisory.suggestions import operations
from advisory.suggestions.admin.forms import LIMITS, WRITTEN, CampaignForm, CancelForm, ReopenForm
from advisory.suggestions.models import CampaignState as State
from advisory.suggestions.models import SuggestionCampaign, SuggestionState
from advisory.suggestions.operations.campaigns import BEFORE
from advisory.suggestions.rules import who, writing
from kernel.admin.base import has_perm
from kernel.admin.forms import OperationAdmin
from kernel.admin.lists import column, state_column
from kernel.admin.offered import OffersByRule
from kernel.words import span_text

COLOURS = {"draft": "warning", "open": "info", "closed": "success"}


def _coordinates(rule):
    return lambda row, by: who.why_not_coordinate(row, by) or rule(row)


def _suggestions(row):
    where = reverse("admin:advisory_suggestion_changelist")
    words = ngettext("%(n)s 件", "%(n)s 件", row.sent) % {"n": row.sent}
    return format_html(
        '<a class="portal-link" href="{}?campaign__id__exact={}">{}</a>', where, row.pk, words
    )


@admin.register(SuggestionCampaign)
class CampaignAdmin(LeadsToFigures, OffersByRule, OperationAdmin):
    """What a department asks women to make suggestions on."""

    form = CampaignForm
    list_display = ("title", "state_shown", "hours", "sent_shown", "department")
    more_columns = ("writers", "created_at")
    list_filter = ("state", "department")
    list_select_related = ("department",)
    search_fields = ("code", "title")
    search_help_text = gettext_lazy("按题目或编号查找")
    ordering = ("-id",)
    editable = WRITTEN
    readonly_fields = ("sent_shown",)
    add_words = gettext_lazy("新建征集")
    empty_words = gettext_lazy("还没有征集。写一个具体的问题，定好时间，发布后请大家建言。")
    written = (
        (
            None,
            {
                "fields": (
                    "title",
                    "question",
                    "opens_at",
                    "closes_at",
                    ("writers", "cosigning"),
                )
            },
        ),
        (
            gettext_lazy("办理期限"),
            {
                "fields": (LIMITS[:2], LIMITS[2:4], LIMITS[4]),
                "description": gettext_lazy("发布以后不能改。"),
            },
        ),
    )
    fieldsets = (
        *written,
        (
            gettext_lazy("进展"),
            {"fields": (("code", "state"), "sent_shown", "ended_at", "cancel_reason")},
        ),
    )
    actions_detail = ("open", "close", "reopen", "cancel")
    argument = "campaign"
    rules_of_actions = {
        "open": _coordinates(lambda row: writing.why_not_campaign_state(row, State.DRAFT)),
        "close": _coordinates(lambda row: writing.why_not_campaign_state(row, State.OPEN)),
        "reopen": _coordinates(lambda row: writing.why_not_campaign_state(row, State.CLOSED)),
        "cancel": _coordinates(writing.why_not_cancel_campaign),
    }
    has_run_permission = has_perm(who.RUN)

    state_shown = state_column(COLOURS, ordering="state")
    hours = column(gettext_lazy("征集时间"), lambda row: span_text(row.opens_at, row.closes_at))
    sent_shown = column(gettext_lazy("收到的建言"), _suggestions)

    def get_queryset(self, request):
        """Count what was sent to each."""
        sent = Count("suggestions", filter=~Q(suggestions__state=SuggestionState.DRAFT))
        return super().get_queryset(request).annotate(sent=sent)

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later."""
        return self.written if obj is None else super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request, obj=None):
        """Ask for everything when adding; keep the limits once it is published."""
        if obj is None:
            return []
        fixed = () if obj.state == State.DRAFT else BEFORE
        return [*super().get_readonly_fields(request, obj), *fixed]

    def view_on_site(self, row):
        """Lead to its public page, once it has one."""
        is_public = row.state in (State.OPEN, State.CLOSED)
        return row.get_absolute_url() if is_public else None

    def has_add_permission(self, request):
        """Who may run one begins one, for her department."""
        return request.user.has_perm(who.RUN) and request.user.department_id is not None

    def has_change_permission(self, request, obj=None):
        """Its own department's, while it is not over."""
        if not request.user.has_perm(who.RUN):
            return False
        if obj is None:
            return True
        live = (State.DRAFT, State.OPEN)
        return (
            _coordinates(lambda row: writing.why_not_campaign_state(row, *live))(obj, request.user)
            is None
        )

    def facts_of(self, row):
        """Say which it is."""
        return [(_("题目"), row.title), (_("征集时间"), span_text(row.opens_at, row.closes_at))]

    @action(description=gettext_lazy("发布"), url_path="open", permissions=["run"])
    def open(self, request, object_id):
        """Publish it."""
        return self._page(
            request,
            object_id,
            "open",
            title=_("发布征集"),
            submit=_("发布"),
            outcome=_("马上出现在公开页，到开始时间可以写；办理期限从此不能改。"),
            operation=operations.open_campaign,
            done=_("已发布。"),
        )

    @action(description=gettext_lazy("结束征集"), url_path="close", permissions=["run"])
    def close(self, request, object_id):
        """Close it."""
        return self._page(
            request,
            object_id,
            "close",
            title=_("结束征集"),
            submit=_("结束征集"),
            outcome=_("不能再写新的；已提交的照常办理。到截止时间会自动结束。"),
            operation=operations.close_campaign,
            done=_("征集已结束。"),
        )

    @action(description=gettext_lazy("重新开放"), url_path="reopen", permissions=["run"])
    def reopen(self, request, object_id):
        """Undo closing."""
        return self._page(
            request,
            object_id,
            "reopen",
            title=_("重新开放"),
            submit=_("重新开放"),
            form_class=ReopenForm,
            outcome=_("到新的截止时间以前可以写。"),
            operation=operations.reopen_campaign,
            done=_("已重新开放。"),
        )

    @action(description=gettext_lazy("取消征集"), url_path="cancel", permissions=["run"])
    def cancel(self, request, object_id):
        """Call it off."""
        return self._page(
            request,
            object_id,
            "cancel",
            title=_("取消征集"),
            submit=_("取消征集"),
            danger=True,
            form_class=CancelForm,
            outcome=_("收到建言以后不能取消，只能结束。不能恢复。"),
            operation=operations.cancel_campaign,
            done=_("已取消。"),
        )
