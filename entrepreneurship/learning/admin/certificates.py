"""Certificates of training in the admin: revoked, issued anew, fetched."""

from functools import partial

from django import forms
from django.contrib import admin
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from entrepreneurship.learning import operations, rules
from entrepreneurship.learning.models import TrainingCertificate
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.forms import reason_form
from kernel.admin.lists import PeriodFilter, column, state_column
from kernel.admin.offered import OffersByRule

CHANGE = "entrepreneurship.change_trainingcertificate"
HERS = gettext_lazy("本人会看到这句话，至少四个字。")


class ReissueForm(reason_form(HERS)):
    """Her name as it is right, and why."""

    field_order = ("name", "name_en", "reason")
    name = forms.CharField(
        label=gettext_lazy("姓名"), max_length=60, widget=UnfoldAdminTextInputWidget
    )
    name_en = forms.CharField(
        label=gettext_lazy("英文姓名"),
        max_length=120,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )


def _may(rule):
    return lambda row, by: rules.why_not_handle_certificate(row, by) or rule(row)


@admin.register(TrainingCertificate)
class TrainingCertificateAdmin(OffersByRule, ReadOnly, StaffAdmin):
    """Certificates: they come with the conclusion of a programme and follow attendance."""

    list_display = ("number", "name", "title", "kind", "minutes", "issued_at", "valid")
    list_filter = (("issued_at", PeriodFilter), "kind", "cause")
    list_select_related = ("programme__series", "talent")
    search_fields = ("name__startswith", "talent__code__exact")
    search_help_text = gettext_lazy("姓名或人才编号")
    ordering = ("-id",)
    empty_words = gettext_lazy("还没有培训证书。培训项目结业时自动签发，列在这里。")
    fields = (
        ("number", "kind"),
        ("name", "name_en"),
        ("programme", "talent"),
        ("title", "title_en"),
        ("minutes", "periods"),
        ("began_on", "ended_on"),
        "issued_at",
        ("revoked_at", "cause"),
        "revoke_reason",
    )
    readonly_fields = ("number", "periods")
    argument = "certificate"
    actions_detail = ("revoke", "reissue", "pdf")
    rules_of_actions = {
        "revoke": _may(rules.why_not_revoke_certificate),
        "reissue": _may(rules.why_not_reissue_certificate),
        "pdf": rules.why_not_fetch_certificate,
    }
    has_handle_permission = has_perm(CHANGE)

    number = column(gettext_lazy("编号"), str)
    periods = column(gettext_lazy("学时"), lambda one: one.periods)
    valid = state_column(
        {"yes": "success", "no": "danger"},
        words=lambda one: ("yes", _("有效")) if one.is_valid else ("no", _("已失效")),
    )

    def facts_of(self, row):
        """Say which it is."""
        return [(_("编号"), row.number), (_("姓名"), row.name), (_("培训"), row.title)]

    @action(description=gettext_lazy("撤销证书"), url_path="revoke", permissions=["handle"])
    def revoke(self, request, object_id):
        """Ask why, then take its validity."""
        return self._page(
            request,
            object_id,
            "revoke",
            title=_("撤销培训证书"),
            submit=_("撤销证书"),
            danger=True,
            form_class=reason_form(HERS),
            outcome=_(
                "扫码核验时会显示已失效。学时有误的，请更正签到记录，证书会自动跟着变；撤销错了可以换发。"
            ),
            operation=operations.revoke_training_certificate,
            done=_("证书已撤销，已通知本人。"),
        )

    @action(description=gettext_lazy("换发"), url_path="reissue", permissions=["handle"])
    def reissue(self, request, object_id):
        """Ask for the name and why, then issue it anew."""
        row = self.get_or_404(request, object_id)
        return self._page(
            request,
            object_id,
            "reissue",
            title=_("换发培训证书"),
            submit=_("换发"),
            form_class=partial(ReissueForm, initial={"name": row.name, "name_en": row.name_en}),
            outcome=_("新证书用新编号，原证书失效，并通知本人。"),
            operation=operations.reissue_training_certificate,
            done=_("已换发，已通知本人。"),
            go_on=lambda new: self.address("change", new.pk),
        )

    @action(description=gettext_lazy("下载证书"), url_path="pdf")
    def pdf(self, request, object_id):
        """Lead to the file, which asks again and puts it on record."""
        row = self.get_or_404(request, object_id)
        return redirect(reverse("training_certificate_file", args=[row.code]))
