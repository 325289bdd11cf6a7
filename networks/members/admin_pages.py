"""The page of an association's admin that takes a list of its members: uploaded, looked through, confirmed."""

import json
from datetime import date

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action
from unfold.widgets import UnfoldAdminFileFieldWidget

from kernel.admin.base import has_perm
from kernel.admin.decision import form_page
from kernel.downloads import TYPES
from kernel.errors import DomainError, Invalid
from networks.members import list_file, operations, rules
from talents.models import Talent


class ListForm(forms.Form):
    """The list of members."""

    file = forms.FileField(
        label=gettext_lazy("会员名单（.xlsx 或 .csv）"),
        allow_empty_file=True,
        widget=UnfoldAdminFileFieldWidget({"accept": f".xlsx,.csv,{TYPES['xlsx']}"}),
        error_messages={"required": gettext_lazy("请选择会员名单。")},
    )


class ImportsMembers:
    """An admin class of associations that takes lists of members. Stands before OffersByRule among the bases."""

    has_import_permission = has_perm(rules.IMPORT)

    @action(description=gettext_lazy("导入会员名单"), url_path="members", permissions=["import"])
    def import_page(self, request, object_id):
        """Show the form; a file is answered by the preview, the preview (`rows`) is written."""
        association = self.get_or_404(request, object_id)
        back = self.address("change", association.pk)
        if error := rules.why_not_import(association, request.user):
            messages.error(request, str(error))
            return redirect(back)
        form, lines = ListForm(request.POST or None, request.FILES or None), None
        if request.method == "POST":
            try:
                if "rows" in request.POST:
                    return _write(request, association, back)
                if form.is_valid():
                    now = timezone.now()
                    lines = list_file.read(form.cleaned_data["file"], association, now)
            except DomainError as error:
                error.add_to(form, fallback="file")
        return form_page(
            self,
            request,
            "networks/admin/import.html",
            form=form,
            title=_("导入会员名单"),
            association=association,
            back=back,
            **_preview(lines),
        )


def _preview(lines):
    """Return what the page shows of the lines of a list, None before there is one."""
    if lines is None:
        return {"lines": None}
    taken = [line for line in lines if line.is_taken]
    rows = [
        [line.talent.code, line.joined_on.isoformat(), line.valid_until.isoformat()]
        for line in taken
    ]
    # Without a blank in it, so that a kept form (accounts.kept) does not show it as what she wrote.
    return {"lines": lines, "taken": len(taken), "rows": json.dumps(rows, separators=(",", ":"))}


def _write(request, association, back):
    rows = _sent(request.POST["rows"])
    written = operations.import_members(
        association=association, rows=rows, by=request.user, now=timezone.now()
    )
    sentence = ngettext(
        "已写入 %(n)s 人，新会员已收到通知。", "已写入 %(n)s 人，新会员已收到通知。", len(written)
    )
    messages.success(request, sentence % {"n": len(written)})
    return redirect(back)


def _sent(text):
    """Return the rows of a preview that came back, as the operation takes them. Raises Invalid."""
    try:
        said = [
            (str(code), date.fromisoformat(joined), date.fromisoformat(until))
            for code, joined, until in json.loads(text)[: list_file.MOST_PEOPLE]
        ]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Invalid("list_changed", _("名单没有送到，请重新上传文件。"), field="file") from None
    talents = Talent.objects.verified().defer("search_text", "search_grams").select_related("user")
    codes = [code for code, *_days in said if list_file.is_code(code)]
    known = {talent.code: talent for talent in talents.filter(code__in=codes)}
    return [(known[code], *days) for code, *days in said if code in known]
