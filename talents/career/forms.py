"""The form of one entry: the fields its kind asks for, in its words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from talents.career import files
from talents.career.dates import MonthField, YearField, years
from talents.career.kinds import SPECS, EntryKind

LENGTHS = {"name": 200, "organisation": 120, "role": 80, "number": 80}
# What may be proved by a file.
PROVED = frozenset({EntryKind.ACHIEVEMENT, EntryKind.TITLE, EntryKind.EDUCATION, EntryKind.TIER})


class EntryForm(forms.Form):
    """What an entry of one kind holds, and the file that proves it."""

    def __init__(self, data=None, uploaded=None, *, kind, today, entry=None):
        """`kind` is an EntryKind, `entry` the one that is changed; `today` bounds the years."""
        self.spec, self.entry = SPECS[kind], entry
        start = {name: getattr(entry, name) for name in self.spec.asks} if entry else None
        super().__init__(data, uploaded, initial=start)
        ahead = 10 if kind == EntryKind.TIER else 0
        for name, label in self.spec.asks.items():
            self.fields[name] = self._field(name, label, years(today, ahead))
        if kind in PROVED:
            self._add_file()

    def _field(self, name, label, offered):
        needed = name in self.spec.needs
        common = {"label": label, "required": needed, "help_text": self.spec.hints.get(name, "")}
        common["error_messages"] = {"required": _("请填写%(label)s。") % {"label": label}}
        if name in ("began", "ended"):
            return (MonthField if self.spec.months else YearField)(offered=offered, **common)
        if name == "sort":
            return forms.ChoiceField(
                choices=[("", _("请选择")), *self.spec.sorts.choices], **common
            )
        widget = forms.TextInput({"autocomplete": "off"})
        return forms.CharField(max_length=LENGTHS[name], widget=widget, **common)

    def _add_file(self):
        self.fields["file"] = forms.FileField(
            label=_("证明材料"),
            required=False,
            help_text=_(
                "PDF、JPG 或 PNG，5 MB 以内。图片的拍摄位置等信息会去掉；加密保存，只有您和审核档案的工作人员能下载。"
            ),
            widget=forms.FileInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
        )
        if getattr(self.entry, "evidence", None):
            self.fields["drop_file"] = forms.BooleanField(
                label=_("删除已上传的“%(name)s”") % {"name": self.entry.evidence.file_name},
                required=False,
            )

    def clean_file(self):
        """Refuse what is too large before it is read, and what is no PDF or picture."""
        sent = self.cleaned_data["file"]
        if not sent:
            return None
        data = sent.read(files.MOST + 1)
        if error := files.why_not_file(data):
            raise forms.ValidationError(str(error))
        return sent.name, data

    def given(self):
        """Return what `save_entry` takes of it."""
        values = {name: self.cleaned_data.get(name) for name in self.spec.asks}
        return {
            "values": values,
            "evidence": self.cleaned_data.get("file"),
            "drop_evidence": bool(self.cleaned_data.get("drop_file")),
        }
