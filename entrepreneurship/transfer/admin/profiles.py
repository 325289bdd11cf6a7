"""Profiles in the admin: checked by a second person, returned, taken off, listed, handed out."""

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget

from entrepreneurship.transfer import profiles, sheet
from entrepreneurship.transfer import profiles_rules as rules
from entrepreneurship.transfer.models import TransferProfile, VersionState
from entrepreneurship.transfer.models.profiles import SHOWN
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.export import ExportsList
from kernel.admin.forms import reason_form
from kernel.admin.lists import column, state_column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from kernel.words import day_text

STAGES = (
    ("checking", gettext_lazy("等审核")),
    ("endorsing", gettext_lazy("等单位同意")),
    ("draft", gettext_lazy("撰写中")),
    ("shown", gettext_lazy("公开中")),
    ("expired", gettext_lazy("已到期")),
    ("withdrawn", gettext_lazy("发布方已撤下")),
    ("hidden", gettext_lazy("工作人员已撤下")),
)
COLOURS = {"checking": "warning", "shown": "success", "hidden": "danger", "endorsing": "info"}
WORDS = dict(STAGES)


class StageFilter(admin.SimpleListFilter):
    """Where a profile stands."""

    title = gettext_lazy("状态")
    parameter_name = "stage"

    def lookups(self, request, model_admin):
        """Offer the stages."""
        return STAGES

    def queryset(self, request, queryset):
        """Keep what stands there."""
        stage, today = self.value(), timezone.localdate()
        if stage in ("checking", "endorsing", "draft"):
            return queryset.filter(versions__state=stage)
        kept = {
            "shown": SHOWN & Q(expires_on__gte=today),
            "expired": SHOWN & Q(expires_on__lt=today),
            "withdrawn": Q(withdrawn_at__isnull=False),
            "hidden": Q(hidden_at__isnull=False),
        }
        return queryset.filter(kept[stage]) if stage in kept else queryset


class WishForm(forms.Form):
    """What is to be changed."""

    wish = forms.CharField(
        label=gettext_lazy("要怎样修改"),
        max_length=200,
        help_text=gettext_lazy("发布方会看到。写清改哪里、为什么。"),
        widget=UnfoldAdminTextareaWidget({"rows": 3}),
        error_messages={"required": gettext_lazy("请写明要怎样修改，发布方会看到。")},
    )


HideForm = reason_form(gettext_lazy("发布方会看到，4 到 200 字。"))


def _stage(row):
    working = next((one for one in row.versions.all() if one.state in WORDS), None)
    stage = working.state if working else row.stage
    return stage, WORDS.get(stage, "—")


def _version(row):
    """Return the words a checker reads: of the version that waits, else of what is public."""
    version = row.working or row.newest
    if version is None:
        return ""
    lines = [
        (_("名称"), version.title),
        (_("解决什么问题"), version.problem),
        (_("优势，用数字说"), version.advantage),
        (_("关键词"), "、".join(version.keywords)),
        (_("领域"), version.get_field_display()),
        (_("技术就绪水平"), version.get_readiness_display()),
        (_("合作方式"), "、".join(map(str, version.form_words))),
        (_("权利"), f"{version.get_rights_kind_display()} {version.application_number}".strip()),
        (_("职务成果"), _endorsed(version)),
        (_("退回时的修改意见"), version.wish),
    ]
    shown = [(label, text) for label, text in lines if text]
    pairs = format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", shown)
    return format_html('<dl class="portal-pairs">{}</dl>', pairs)


def _endorsed(version):
    if not version.is_service:
        return ""
    if version.endorsed_at:
        return _("%(unit)s已同意") % {"unit": version.endorser}
    return _("等%(unit)s同意") % {"unit": version.endorser}


def _why_not_return(profile, by):
    return (
        rules.why_not_check(by)
        or rules.why_not_in(profile.working, VersionState.CHECKING)
        or rules.why_not_apart(profile, by)
    )


def _why_not_publish(profile, by):
    return _why_not_return(profile, by) or rules.why_not_second(profile, profile.working, by)


def _why_not_hide(profile, by):
    return (
        rules.why_not_check(by)
        or rules.why_not_public(profile)
        or (rules.why_not_in(None) if profile.hidden_at else None)
    )


def _why_not_unhide(profile, by):
    return (
        rules.why_not_check(by)
        or rules.why_not_apart(profile, by)
        or (None if profile.hidden_at else rules.why_not_in(None))
    )


@admin.register(TransferProfile)
class TransferProfileAdmin(SweptAdmin, ExportsList, OffersByRule, ReadOnly, StaffAdmin):
    """All profiles, for those who check them."""

    argument = "profile"
    view_on_site = False
    list_display = ("name", "kind", "owner", "state_shown", "field", "readiness", "expires_on")
    more_columns = ("code", "created_at", "published_at")
    list_filter = (StageFilter, "kind", "field", "readiness", SetAsideFilter)
    list_select_related = ("talent__unit", "unit")
    search_fields = ("code", "title", "unit__name")
    search_help_text = gettext_lazy("按名称、单位或编号查找")
    ordering = ("-id",)
    readonly_fields = ("owner", "state_shown", "words", "public")
    empty_words = gettext_lazy(
        "还没有成果和需求。女性科技人才和单位联系人在“科技成果转化”页面发布。"
    )
    fieldsets = (
        (None, {"fields": (("code", "kind"), ("owner", "state_shown"), "words")}),
        (
            gettext_lazy("公开"),
            {"fields": ("public", ("published_at", "expires_on"), "withdrawn_at", "hidden_reason")},
        ),
    )
    actions = ("try_again",)
    actions_detail = ("publish", "send_back", "hide", "unhide")
    again = staticmethod(profiles.retry_profile)
    rules_of_actions = {
        "publish": _why_not_publish,
        "send_back": _why_not_return,
        "hide": _why_not_hide,
        "unhide": _why_not_unhide,
    }
    has_check_permission = has_again_permission = has_perm(rules.CHECK_RIGHT)
    has_export_permission = has_perm("entrepreneurship.export_transferprofile")
    export_operation = staticmethod(profiles.export_profiles)
    export_sheet, export_name = staticmethod(sheet.profiles), "transfer.xlsx"

    name = column(gettext_lazy("名称"), lambda row: row.title or _last_title(row))
    owner = column(gettext_lazy("发布方"), "who")
    state_shown = state_column(COLOURS, words=_stage)
    words = column(gettext_lazy("内容"), _version)
    public = column(
        gettext_lazy("公开页面"),
        lambda row: (
            format_html(
                '<a class="portal-link" href="{}">{}</a>', row.get_absolute_url(), row.title
            )
            if row.is_shown(timezone.localdate())
            else ""
        ),
    )

    def get_queryset(self, request):
        """Bring the versions along."""
        return super().get_queryset(request).prefetch_related("versions")

    def facts_of(self, row):
        """Say which profile it is, and what a checker decides about."""
        version = row.working or row.newest
        facts = [(_("名称"), version.title if version else row.title), (_("发布方"), row.who)]
        if version:
            facts.append((_("内容"), _version(row)))
        if row.expires_on:
            facts.append((_("公开到"), day_text(row.expires_on)))
        return facts

    @action(description=gettext_lazy("审核通过"), url_path="publish", permissions=["check"])
    def publish(self, request, object_id):
        """Publish what somebody else wrote."""
        row = self.get_or_404(request, object_id)
        mark = (
            profiles.version_mark(row.working) if row.working and row.working.submitted_at else ""
        )
        seen = request.POST.get("seen", mark)

        def operation(*, profile, by, now):
            return profiles.publish_profile(profile=profile, by=by, now=now, seen=seen)

        return self._page(
            request,
            object_id,
            "publish",
            title=_("审核通过并公开"),
            submit=_("通过并公开"),
            outcome=_("公开十二个月，会通知发布方。请确认内容没有不能公开的，权利情况写得清楚。"),
            carried=[("seen", mark)],
            operation=operation,
            done=_("已公开，已通知发布方。"),
        )

    @action(description=gettext_lazy("退回修改"), url_path="send-back", permissions=["check"])
    def send_back(self, request, object_id):
        """Ask what is to be changed, then return it."""
        return self._page(
            request,
            object_id,
            "send_back",
            title=_("退回修改"),
            submit=_("退回"),
            form_class=WishForm,
            outcome=_("发布方会收到通知，改好后重新提交。已公开的旧版不受影响。"),
            operation=profiles.return_profile,
            done=_("已退回，已通知发布方。"),
        )

    @action(description=gettext_lazy("撤下"), url_path="hide", permissions=["check"])
    def hide(self, request, object_id):
        """Ask why, then take it off."""
        return self._page(
            request,
            object_id,
            "hide",
            title=_("撤下"),
            submit=_("撤下"),
            danger=True,
            form_class=HideForm,
            outcome=_("公开页面上马上看不到，发布方会看到理由。可以恢复。"),
            operation=profiles.hide_profile,
            done=_("已撤下，已通知发布方。"),
        )

    @action(description=gettext_lazy("恢复公开"), url_path="unhide", permissions=["check"])
    def unhide(self, request, object_id):
        """Have it public again."""
        return self._page(
            request,
            object_id,
            "unhide",
            title=_("恢复公开"),
            submit=_("恢复公开"),
            outcome=_("恢复以后所有人都能看到，会通知发布方。"),
            operation=profiles.unhide_profile,
            done=_("已恢复公开。"),
        )


def _last_title(row):
    return next((version.title for version in row.versions.all()), "")
