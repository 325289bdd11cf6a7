"""The clerks' side of careers: what a record's page shows of one, and the pages that set entries right."""

from functools import partial
from itertools import pairwise

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold import widgets

from kernel.admin.decision import decide
from kernel.admin.forms import reason_field, reason_form
from kernel.downloads import download
from kernel.errors import DomainError
from kernel.words import clauses, day_text
from talents.career import operations
from talents.career.forms import LENGTHS, EntryForm
from talents.career.kinds import SPECS, EntryKind
from talents.career.models import CareerEntry

VERSIONS = 10


class StaffEntryForm(EntryForm):
    """An entry as a clerk sets it right, with the file that proves it where she brings it on paper, and why."""

    def __init__(self, data=None, uploaded=None, *, kind, today, entry=None):
        super().__init__(data, uploaded, kind=kind, today=today, entry=entry)
        if "file" in self.fields:
            self._for_staff()
        told = gettext_lazy("写入办理记录；有账号的本人会收到通知。")
        self.fields["reason"] = reason_field(told)

    def _for_staff(self):
        accepted = self.fields["file"].widget.attrs
        self.fields["file"].widget = widgets.UnfoldAdminFileFieldWidget(accepted)
        self.fields["file"].help_text = _(
            "代她上传。PDF、JPG 或 PNG，5 MB 以内，图片的拍摄位置会去掉；加密保存，只有她本人和审核档案的工作人员能下载。"
        )
        if "drop_file" in self.fields:
            self.fields["drop_file"].widget = widgets.UnfoldBooleanWidget()

    def _field(self, name, label, offered):
        field = super()._field(name, label, offered)
        if name in ("began", "ended"):
            return self._when(name, field)
        if name == "sort":
            field.widget = widgets.UnfoldAdminSelectWidget(choices=field.choices)
        else:
            attrs = {"autocomplete": "off", "maxlength": LENGTHS[name]}
            field.widget = widgets.UnfoldAdminTextInputWidget(attrs)
        return field

    def _when(self, name, field):
        """Return the field of a month or a year, typed as 2024-03 or 2024."""
        written = "%Y-%m" if self.spec.months else "%Y"
        kind = "month" if self.spec.months else "number"
        if stored := self.initial.get(name):
            self.initial[name] = stored.strftime(written)
        return forms.DateField(
            label=field.label,
            required=field.required,
            input_formats=[written],
            widget=widgets.UnfoldAdminTextInputWidget(
                {"type": kind, "placeholder": "2024-03" if self.spec.months else "2024"}
            ),
            error_messages=field.error_messages
            | {"invalid": _("请按 2024-03 或 2024 的样子填写。")},
        )

    def clean(self):
        """Return what `save_entry` takes."""
        data = super().clean()
        if self.errors:
            return data
        return self.given() | {"reason": data["reason"]}


ReasonForm = reason_form(gettext_lazy("写入办理记录；有账号的本人会收到通知。"))


def of_record(talent, *, admin, request):
    """Return what the record's page shows of a career: kinds with their rows, and what may be done.

    {"kinds": [(words, address that adds one or "", [(entry, addresses)])], "deleted": [(entry, address)]}
    """
    may = operations.why_not_write_entry(talent, EntryKind.TIER, request.user) is None
    entries = talent.career.select_related("evidence").newest_first()
    by_kind, deleted = {kind: [] for kind in EntryKind}, []
    for entry in entries:
        if entry.deleted_at:
            deleted.append((entry, admin.address("career_restore", entry.pk) if may else ""))
        else:
            by_kind[EntryKind(entry.kind)].append((entry, _addresses(entry, admin, may)))
    kinds = [
        (kind.label, admin.address("career_add", talent.pk, kind) if may else "", rows)
        for kind, rows in by_kind.items()
    ]
    return {"kinds": kinds, "deleted": deleted}


def _addresses(entry, admin, may):
    """Return {what: address} of what may be done with an entry."""
    found = {}
    if may:
        found["change"] = admin.address("career_change", entry.pk)
        found["delete"] = admin.address("career_delete", entry.pk)
    if getattr(entry, "evidence", None):
        found["evidence"] = admin.address("career_evidence", entry.pk)
    return found


def versions(entry):
    """Return sentences about what was changed of an entry, the newest first."""
    found = list(
        entry.history.select_related("history_user").order_by("-history_id")[: VERSIONS + 1]
    )
    return [_version(new, old) for new, old in pairwise(found)]


def _version(new, old):
    skipped = ("source", "updated_at", "deleted_at")
    spec = SPECS[EntryKind(new.kind)]
    changes = [
        _("%(field)s：%(old)s → %(new)s")
        % {
            "field": spec.asks.get(change.field)
            or CareerEntry._meta.get_field(change.field).verbose_name,
            "old": spec.said(change.field, change.old) or _("（空）"),
            "new": spec.said(change.field, change.new) or _("（空）"),
        }
        for change in new.diff_against(old, excluded_fields=skipped).changes
    ]
    if new.deleted_at and not old.deleted_at:
        changes.append(_("已删除"))
    if old.deleted_at and not new.deleted_at:
        changes.append(_("已恢复"))
    return " · ".join((day_text(timezone.localtime(new.history_date)), clauses(changes)))


class CareerOfRecord:
    """Adds the pages of entries to the records' admin."""

    def get_urls(self):
        """Put them before the record's own."""
        view = self.admin_site.admin_view
        pages = [
            ("<int:pk>/career/<str:kind>/", self.add_entry, "career_add"),
            ("career/<int:pk>/", self.change_entry, "career_change"),
            ("career/<int:pk>/delete/", self.delete_entry, "career_delete"),
            ("career/<int:pk>/restore/", self.restore_entry, "career_restore"),
            ("career/<int:pk>/evidence/", self.evidence, "career_evidence"),
        ]
        urls = [path(at, view(page), name=f"talents_talent_{name}") for at, page, name in pages]
        return [*urls, *super().get_urls()]

    def _entry(self, request, pk):
        """Return an entry of a record the reader may see; refuses who may not decide on it."""
        if not self.has_verify_permission(request):
            raise PermissionDenied
        entries = CareerEntry.objects.visible_to(request.user).select_related("talent", "evidence")
        return get_object_or_404(entries, pk=pk)

    def _decide_entry(self, request, talent, kind, operation, *, title, done, **more):
        return decide(
            self,
            request,
            title=title,
            submit=title,
            why_not=operations.why_not_write_entry(talent, kind, request.user),
            operation=operation,
            done=done,
            back=self.address("change", talent.pk),
            **more,
        )

    def add_entry(self, request, pk, kind):
        """Ask for a new entry, and why."""
        if not self.has_verify_permission(request):
            raise PermissionDenied
        talent = self.get_or_404(request, pk)
        if kind not in EntryKind:
            raise Http404
        kind = EntryKind(kind)
        return self._decide_entry(
            request,
            talent,
            kind,
            partial(operations.save_entry, talent=talent, kind=kind),
            title=_("添加%(kind)s") % {"kind": kind.label},
            facts=self.facts(talent),
            form_class=partial(StaffEntryForm, kind=kind, today=timezone.localdate()),
            with_files=True,
            done=_("已添加。"),
        )

    def change_entry(self, request, pk):
        """Ask what is right, and why."""
        entry = self._entry(request, pk)
        kind, told = EntryKind(entry.kind), versions(entry)
        facts = [(_("姓名"), entry.talent.full_name)]
        if told:
            lines = format_html_join("", "<p>{}</p>", ((line,) for line in told))
            facts.append((_("修改记录"), lines))
        return self._decide_entry(
            request,
            entry.talent,
            kind,
            partial(operations.save_entry, talent=entry.talent, kind=kind, entry=entry),
            title=_("更正%(kind)s") % {"kind": kind.label},
            facts=facts,
            form_class=partial(StaffEntryForm, kind=kind, today=timezone.localdate(), entry=entry),
            with_files=True,
            done=_("已更正。"),
        )

    def delete_entry(self, request, pk):
        """Ask why it is to go."""
        outcome = _("删除后 30 天内可以在她的档案里恢复。")
        title, done = _("删除履历"), _("已删除，30 天内可以恢复。")
        return self._with_reason(request, pk, operations.delete_entry, title, done, outcome)

    def restore_entry(self, request, pk):
        """Ask why it is to come back."""
        title, done = _("恢复履历"), _("已恢复。")
        return self._with_reason(request, pk, operations.restore_entry, title, done, "")

    def _with_reason(self, request, pk, operation, title, done, outcome):
        entry = self._entry(request, pk)
        return self._decide_entry(
            request,
            entry.talent,
            entry.kind,
            partial(operation, entry=entry),
            title=title,
            facts=[(_("姓名"), entry.talent.full_name), (entry.get_kind_display(), entry.title)],
            form_class=ReasonForm,
            outcome=outcome,
            done=done,
            danger=operation is operations.delete_entry,
        )

    def evidence(self, request, pk):
        """Hand out the file that proves an entry; by POST, because that it was read is put on record."""
        return require_POST(self._evidence)(request, pk)

    def _evidence(self, request, pk):
        entry = self._entry(request, pk)
        try:
            name, data = operations.read_evidence(entry=entry, by=request.user, now=timezone.now())
        except DomainError as error:
            raise Http404 from error
        return download(data, name)
