"""Honours granted, in the admin: registered, put right, revoked, recommended upward, listed for export."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from honours import operations, rules, sheet
from honours.admin.forms import (
    DetachForm,
    EvidenceForm,
    FactsForm,
    RecommendForm,
    ReissueForm,
    RevokeForm,
    files_field,
    text_field,
)
from honours.models import Award
from kernel.admin.base import has_perm
from kernel.admin.export import ExportsList
from kernel.admin.forms import OperationAdmin, OperationForm
from kernel.admin.lists import PeriodFilter, column, state_column
from kernel.admin.offered import OffersByRule
from kernel.downloads import download
from kernel.errors import Refused
from kernel.words import day_text
from talents.models import Talent


class AwardForm(OperationForm):
    """An honour as it is registered by hand: whose record it goes to is found by the record's number."""

    talent_code = text_field(
        gettext_lazy("人才编号"),
        20,
        required=True,
        help_text=gettext_lazy("在“人才库”里查；集体和文明岗填代表人的编号"),
    )

    recipient = text_field(
        gettext_lazy("获得者"),
        80,
        help_text=gettext_lazy("个人可以不填，照档案写；集体和文明岗写全称"),
    )

    files = files_field(required=False)

    class Meta:
        model = Award
        fields = ("honour", *operations.FACTS)

    def clean_talent_code(self):
        """Return the record, which has to be one she may look after."""
        found = Talent.objects.visible_to(self.by).filter(
            code=self.cleaned_data["talent_code"].strip()
        )
        if (talent := found.first()) is None:
            raise forms.ValidationError(_("没有这个人才编号，请在“人才库”里核对。"))
        return talent

    def operate(self, stored, *, by, now, talent_code, honour, files, **values):
        """Register it; of one person with the name and the unit her record says, where they are left out."""
        if honour.is_personal:
            values["recipient"] = values["recipient"].strip() or talent_code.full_name
            values["unit_text"] = values["unit_text"].strip() or talent_code.unit_name
        return operations.grant_award(
            talent=talent_code, honour=honour, values=values, files=files, by=by, now=now
        )


def _on_roll(award):
    """Say how the public roll shows it."""
    if not award.stands:
        return _("已撤销，不显示")
    if award.hidden:
        return _("本人要求不列入")
    return _("写作“%(name)s”") % {"name": award.shown_recipient}


def _files(award):
    """Return the files that prove an award, each to be fetched."""
    rows = [
        (
            reverse("admin:honours_award_evidence", args=[award.pk, file.code]),
            file.file_name,
            filesizeformat(file.size),
        )
        for file in award.files.all()
    ]
    line = '<div><a class="portal-link" href="{}">{}</a>（{}）</div>'
    return format_html_join("", line, rows)


def _may(permission, rule):
    return lambda row, by: rules.why_not_handle(row, by, permission) or rule(row)


def _why_not_prove(award):
    return rules.why_not_change(award) or rules.why_not_attach(award.files.count(), 1)


def _why_not_detach(award):
    return rules.why_not_change(award) or rules.why_no_files(award)


CHANGE, REVOKE = "honours.change_award", "honours.revoke_award"


@admin.register(Award)
class AwardAdmin(ExportsList, OffersByRule, OperationAdmin):
    """The honours a department granted or registered."""

    form = AwardForm
    view_on_site = False
    list_display = ("recipient", "honour", "granted_on", "unit_text", "source", "standing")
    list_filter = (("granted_on", PeriodFilter), "honour", "honour__level", "source")
    list_select_related = ("honour",)
    search_fields = ("recipient", "document_number", "talent__code")
    search_help_text = gettext_lazy("按获得者、文号或人才编号查找")
    ordering = ("-id",)
    add_words = gettext_lazy("登记荣誉")
    empty_words = gettext_lazy(
        "还没有登记荣誉。申报入选、推荐获批的自动列入，以前获得的在这里登记。"
    )
    readonly_fields = (
        "state_words",
        "files_shown",
        "certificate_shown",
        "points_shown",
        "roll_shown",
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "talent_code",
                    "honour",
                    ("recipient", "recipient_en"),
                    "unit_text",
                    ("granted_on", "granted_by"),
                    "document_number",
                    "evidence",
                    "files",
                )
            },
        ),
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("honour", "state_words"),
                    ("recipient", "recipient_en"),
                    ("talent", "unit_text"),
                    ("granted_on", "granted_by"),
                    ("document_number", "evidence"),
                    "files_shown",
                    ("source", "department"),
                    "noted_at",
                )
            },
        ),
        (
            gettext_lazy("证书、积分、荣誉榜"),
            {"fields": (("certificate_shown", "points_shown"), "roll_shown")},
        ),
        (gettext_lazy("撤销"), {"fields": (("revoked_at", "revoked_by"), "revoke_reason")}),
    )
    actions_detail = (
        "correct",
        "prove",
        "detach",
        "revoke",
        "restore",
        "upward",
        "reissue",
        "certificate_pdf",
    )
    argument = "award"
    rules_of_actions = {
        "correct": _may(CHANGE, rules.why_not_change),
        "prove": _may(CHANGE, _why_not_prove),
        "detach": _may(CHANGE, _why_not_detach),
        "revoke": _may(REVOKE, rules.why_not_change),
        "restore": _may(REVOKE, rules.why_not_restore),
        "upward": _may("honours.change_recommendation", rules.why_not_change),
        "reissue": _may(CHANGE, rules.why_not_change),
        "certificate_pdf": lambda row, by: rules.why_not_change(row),
    }

    has_correct_permission = has_perm(CHANGE)
    has_revoke_permission = has_perm(REVOKE)
    has_upward_permission = has_perm("honours.change_recommendation")
    has_export_permission = has_perm("honours.export_award")
    export_operation = staticmethod(operations.export_awards)
    export_sheet, export_name = staticmethod(sheet.made), "honours.xlsx"

    standing = state_column(
        {"yes": "success", "no": "danger"},
        words=lambda row: ("yes", _("有效")) if row.stands else ("no", _("已撤销")),
    )
    state_words = column(gettext_lazy("状态"), lambda row: _("有效") if row.stands else _("已撤销"))
    files_shown = column(gettext_lazy("依据文件"), _files)
    roll_shown = column(gettext_lazy("荣誉榜"), _on_roll)
    certificate_shown = column(
        gettext_lazy("证书编号"), lambda row: row.certificate and row.certificate.number
    )
    points_shown = column(
        gettext_lazy("积分"), lambda row: _("已发放") if row.earned_id else _("没有")
    )

    def has_change_permission(self, request, obj=None):
        """What is written of one is put right on a page of its own, which voids the certificate."""
        return False

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later; of a revocation only where there is one."""
        if obj is None:
            return self.add_fieldsets
        shown = super().get_fieldsets(request, obj)
        return shown[:-1] if obj.stands else shown

    # --- what is done with one ---
    def facts_of(self, row):
        """Say which it is."""
        return [
            (_("获得者"), row.recipient),
            (_("荣誉称号"), row.honour.label),
            (_("授予日期"), day_text(row.granted_on)),
        ]

    @action(description=gettext_lazy("更正"), url_path="correct", permissions=["correct"])
    def correct(self, request, object_id):
        """Ask for what is right."""
        row = self.get_or_404(request, object_id)
        return self._page(
            request,
            object_id,
            "correct",
            title=_("更正荣誉记录"),
            submit=_("保存更正"),
            form_class=partial(FactsForm, initial=FactsForm.of(row)),
            outcome=_("证书上写到的内容有改动时，原证书失效、换发新证书，并通知本人。"),
            operation=_correct,
            done=_("已更正。"),
        )

    @action(description=gettext_lazy("添加依据文件"), url_path="prove", permissions=["correct"])
    def prove(self, request, object_id):
        """Ask for files by which it can be checked."""
        return self._page(
            request,
            object_id,
            "prove",
            title=_("添加依据文件"),
            submit=_("上传"),
            form_class=EvidenceForm,
            with_files=True,
            outcome=_("文件加密保存，本人在“我的荣誉”里也能下载；工作人员每次下载都有记录。"),
            operation=operations.attach_evidence,
            done=_("已上传。"),
        )

    @action(description=gettext_lazy("删除依据文件"), url_path="detach", permissions=["correct"])
    def detach(self, request, object_id):
        """Ask which file is to go, and why."""
        row = self.get_or_404(request, object_id)
        return self._page(
            request,
            object_id,
            "detach",
            title=_("删除依据文件"),
            submit=_("删除"),
            danger=True,
            form_class=partial(DetachForm, award=row),
            outcome=_("删除后不能恢复，需要时重新上传。"),
            operation=_detach,
            done=_("已删除。"),
        )

    def evidence_file(self, request, pk, code):
        """Send a file that proves an award; that it was read is on record."""
        row = self.get_or_404(request, pk)
        found = get_object_or_404(row.files.select_related("award__talent"), code=code)
        about = {"file": found, "by": request.user, "now": timezone.now()}
        try:
            name, data = operations.read_evidence(**about)
        except Refused as error:
            raise PermissionDenied from error
        return download(data, name)

    @action(description=gettext_lazy("撤销荣誉"), url_path="revoke", permissions=["revoke"])
    def revoke(self, request, object_id):
        """Say what follows, ask why, then revoke."""
        return self._page(
            request,
            object_id,
            "revoke",
            title=_("撤销荣誉"),
            submit=_("撤销荣誉"),
            danger=True,
            form_class=RevokeForm,
            outcome=_(
                "证书失效，积分收回（已用掉的不追讨），荣誉榜上不再显示，写到这项荣誉的榜样故事下架待核对，本人会收到通知。"
                "公布申报结果时发错的，也在这里撤销。撤销错了可以恢复。"
            ),
            operation=operations.revoke_award,
            done=_("已撤销，已通知本人。"),
        )

    @action(description=gettext_lazy("恢复荣誉"), url_path="restore", permissions=["revoke"])
    def restore(self, request, object_id):
        """Ask once more, then let it stand again."""
        return self._page(
            request,
            object_id,
            "restore",
            title=_("恢复荣誉"),
            submit=_("恢复"),
            outcome=_("重新有效：签发新的证书，积分按现行规则重新发放，并通知本人。"),
            operation=operations.restore_award,
            done=_("已恢复，已通知本人。"),
        )

    @action(description=gettext_lazy("向上推荐"), url_path="recommend", permissions=["upward"])
    def upward(self, request, object_id):
        """Ask for which honour, to whom and when."""
        return self._page(
            request,
            object_id,
            "upward",
            title=_("向上推荐"),
            submit=_("登记推荐"),
            form_class=RecommendForm,
            outcome=_("本人会收到通知，在“我的荣誉”里看进展。"),
            operation=operations.recommend,
            done=_("已登记推荐，已通知本人。"),
            go_on=lambda made: reverse("admin:honours_recommendation_change", args=[made.pk]),
        )

    @action(description=gettext_lazy("换发证书"), url_path="reissue", permissions=["correct"])
    def reissue(self, request, object_id):
        """Ask why, then replace the certificate."""
        return self._page(
            request,
            object_id,
            "reissue",
            title=_("换发证书"),
            submit=_("换发"),
            form_class=ReissueForm,
            outcome=_("原证书失效，新证书换编号和核验码，内容不变。内容有误请用“更正”。"),
            operation=operations.reissue_certificate,
            done=_("已换发，已通知本人。"),
        )

    @action(description=gettext_lazy("下载证书"), url_path="certificate")
    def certificate_pdf(self, request, object_id):
        """Lead to the file; each time it is taken out is on record."""
        row = self.get_or_404(request, object_id)
        if (certificate := row.certificate) is None:
            messages.error(request, _("这项荣誉没有有效的证书。"))
            return redirect(self.address("change", row.pk))
        return redirect("honour_certificate_file", certificate.code)

    def get_urls(self):
        """Add the files of one."""
        view = self.admin_site.admin_view(self.evidence_file)
        at = "<int:pk>/evidence/<slug:code>/"
        return [path(at, view, name="honours_award_evidence"), *super().get_urls()]


def _detach(*, award, file, reason, by, now):
    return operations.detach_evidence(file=file, reason=reason, by=by, now=now)


def _correct(*, award, by, now, **values):
    return operations.correct_award(award=award, values=values, by=by, now=now)
