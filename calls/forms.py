"""Reading what was typed: her form, made of the call's lines, and those of staff."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calls import afterwards_rules, rules, tables, together_rules
from calls.form_lines import NUMBER_BOX, DayInput, LineFiles, TableField, say_in_place
from calls.models import REVIEWED, FieldKind
from calls.noticing_rules import LEAST_WORDS, MOST_WORDS
from kernel import ids
from kernel.uploads import LONGEST

LONG = 120  # characters from which on a text is written in an area


class ApplicationForm(forms.Form):
    """The lines of a call's form. Nothing is required here, and nothing wrong keeps the other lines from being saved.

    What she has is kept as it stands, finished or not; `say_wrong` says at its line what will not do, `lacking` lists it
    with what is missing. The few things that cannot be kept at all (longer than is stored, a choice there is not) are
    errors of the field, and `unkept` names their lines.
    """

    def __init__(self, data=None, files=None, *, call, answers, application=None):
        """`answers` is {field's number: text}; of an `application` it asks as well who leads it and who is to keep away."""
        self.lines = list(call.fields.all())
        self.application, self.is_blind = application, call.is_blind
        super().__init__(
            data, files, initial={line.key: _initial(line, answers) for line in self.lines}
        )
        for line in self.lines:
            self.fields[line.key] = _field(line, self.is_blind)
            self.fields[line.key].is_asked = line.required
        if application is not None:
            self._ask_about_review(call, application)
        self.unkept, self.told = set(), set()
        say_in_place(self)

    def _ask_about_review(self, call, application):
        if call.open_to_all:
            self.fields["led_by_woman"] = forms.ChoiceField(
                label=_("负责人性别"),
                choices=[("1", _("女")), ("0", _("男"))],
                initial="1" if application.led_by_woman else "0",
                help_text=_("评审得分相同时，女性负责的排在前面") if call.women_preferred else "",
                required=False,
            )
        if any(stage.kind in REVIEWED for stage in call.stages.all()):
            self.fields["kept_away"] = forms.CharField(
                label=_("申请回避的评审专家"),
                required=False,
                initial=application.kept_away or "",
                max_length=tables.LONGEST,
                widget=forms.Textarea({"rows": 2}),
                help_text=_("近亲属，或可能影响公正评审的人，每行一个姓名；没有就留空"),
            )

    def about(self):
        """Return what can be kept of what it says of the review, as `save_answers` takes it."""
        given = {n: self.cleaned_data[n] for n in ("kept_away",) if n in self.cleaned_data}
        if led := self.cleaned_data.get("led_by_woman"):
            given["led_by_woman"] = led == "1"
        return given

    def clean(self):
        """Refuse more files at once than a request carries; note which lines cannot be kept."""
        self.unkept = {line.pk for line in self.written if line.key in self.errors}
        sent = [(line, data) for line, files in self.sent() for _name, data in files]
        if sum(len(data) for _line, data in sent) >= LONGEST:
            sentence = _("一次上传的文件合计不能超过 12 MB，请分几次上传。")
            self.add_error(sent[-1][0].key, sentence)
        return super().clean()

    def answers(self):
        """Return {field's number: text, of a table its rows} of what can be kept."""
        kept = (line for line in self.written if line.pk not in self.unkept)
        return {line.pk: self.cleaned_data[line.key] for line in kept}

    def sent(self):
        """Return [(line, [(name, bytes)])] of the lines files came for."""
        files = ((line, self.cleaned_data.get(line.key)) for line in self.lines if line.is_file)
        return [(line, sent) for line, sent in files if sent]

    @property
    def file_names(self):
        """Return the names of the boxes for files: what is saved while she types leaves them out."""
        return ",".join(line.key for line in self.lines if line.is_file) or "nothing"

    def typed(self):
        """Return {field's number: text} of what the page shows, as it would be kept; files are not typed."""
        shown = {line: self[line.key].value() for line in self.written}
        return {line.pk: tables.answer_text(line, value or "") for line, value in shown.items()}

    @cached_property
    def attached(self):
        """Return the files of the application, asked for when they are shown."""
        return list(self.application.attachments.all()) if self.application else []

    # --- what stands beside it when others write, too ---
    @property
    def written(self):
        """Return the lines that are typed: files are none of them."""
        return [line for line in self.lines if not line.is_file]

    def marks(self, stored):
        """Return [(name, mark)] of the lines as the page shows them, to be sent back with what is typed next.

        `stored` is {field's number: text} as it stands. Of what was typed each line has the mark of what the page says,
        whatever another has written meanwhile; what could not be kept the mark it came with; what she was told of
        (`say_clashes`) the mark of what stands there.
        """
        shown = self.typed() if self.is_bound else stored
        marks = {line.pk: together_rules.mark(shown.get(line.pk)) for line in self.written}
        marks |= {pk: mark for pk, mark in self.seen().items() if pk in self.unkept}
        marks |= {pk: together_rules.mark(stored.get(pk)) for pk in self.told}
        return [(f"seen_{pk}", mark) for pk, mark in marks.items()]

    def seen(self):
        """Return {field's number: mark} as the page sent them."""
        sent = {line.pk: self.data.get(f"seen_{line.pk}") for line in self.written}
        return {pk: mark for pk, mark in sent.items() if mark}

    def say_clashes(self, clashes, *, in_place=False):
        """Say at each line somebody else changed meanwhile what stands there, `clashes`; tell whether there is one.

        `in_place` is a page that saved by itself: she may not have seen it, so she is told again by the next save.
        """
        again = _("别人刚改过这一项，现在是：%(text)s。您写的还没有保存，核对后再按一次“保存”。")
        first = _("别人刚改过这一项，现在是：%(text)s。您写的还没有保存，核对后按“保存”。")
        for line in self.written:
            if line.pk in clashes:
                there = clashes[line.pk]
                text = tables.shown(line, there) if line.is_table else there
                sentence = first if in_place else again
                self._say(line, sentence % {"text": text or _("（空）")})
        (self.unkept if in_place else self.told).update(clashes)
        return bool(clashes)

    # --- what is wrong and what is missing ---
    def say_wrong(self, answers):
        """Say at each line why what stands in it, {field's number: text}, will not do; tell how many there are."""
        return self._say_each(answers, rules.why_not_written)

    def say_missing(self, answers):
        """Say at each line why what is kept, {field's number: text}, does not do yet."""
        return self._say_each(answers, rules.why_not_answer)

    def _say_each(self, answers, why_not):
        wrong = {line: why_not(line, answers.get(line.pk, "")) for line in self.lines}
        for line, error in wrong.items():
            if error and line.key not in self.errors:
                self._say(line, str(error))
        return sum(line.key in self.errors for line in self.lines)

    def _say(self, line, sentence):
        if not self.is_bound:
            self.cleaned_data = {}  # add_error takes what is wrong out of it
        self.add_error(line.key, sentence)

    def lacking(self, answers, *others):
        """Return [(anchor, name, sentence)] of what is missing or wrong; `others` are forms on the same page.

        `answers` is {field's number: text} as it stands. The sentence is "" where nothing is filled in yet.
        """
        found = []
        for line in self.lines:
            if line.key in self.errors:
                found.append((line.key, line.name, self.errors[line.key][0]))
            elif error := rules.why_not_answer(line, answers.get(line.pk, "")):
                is_empty = error.code == "answer_missing"
                found.append((line.key, line.name, "" if is_empty else str(error)))
        asked = {line.key for line in self.lines}
        beside = [(form, name) for form in (self, *others) for name in form.errors]
        return found + [
            (name, form[name].label, form.errors[name][0])
            for form, name in beside
            if name in form.fields and name not in asked
        ]


def _initial(line, answers):
    text = answers.get(line.pk, "")
    return tables.rows(text) if line.is_table else "" if line.is_file else text


def _field(line, is_blind):
    common = {"label": line.name, "required": False, "help_text": _help(line, is_blind)}
    if line.is_table:
        return TableField(line, **common)
    if line.is_file:
        return LineFiles(line, **common)
    if line.kind == FieldKind.CHOICE:
        return forms.ChoiceField(
            choices=[("", _("请选择")), *((c, c) for c in line.choices)], **common
        )
    area = forms.Textarea({"rows": 3 if line.limit <= 500 else 8})
    plain = forms.TextInput({"autocomplete": "off"})
    widget = {
        FieldKind.DATE: DayInput(),
        FieldKind.NUMBER: forms.TextInput({"autocomplete": "off"} | NUMBER_BOX),
    }.get(line.kind, area if line.limit > LONG else plain)
    return forms.CharField(max_length=tables.LONGEST, widget=widget, **common)


def _help(line, is_blind):
    return " · ".join(filter(None, [line.help, *_bounds(line, is_blind)]))


def _bounds(line, is_blind):
    """Return what a line takes, and what a file must not say."""
    if line.kind == FieldKind.TEXT:
        return [_("%(limit)s 字以内") % {"limit": line.limit}]
    if line.is_table:
        rows = ngettext("最多 %(most)s 行", "最多 %(most)s 行", line.most)
        return [rows % {"most": line.most}]
    if not line.is_file:
        return []
    bounds = _of_files(line)
    if is_blind and line.identifying:
        return [*bounds, _("匿名评审的专家看不到")]
    if is_blind:
        bounds.append(
            _("评审匿名进行：文件和图片里不要出现姓名和单位；文件属性和拍摄信息会自动去掉")
        )
    return bounds


class ObjectionForm(forms.Form):
    """What somebody has against a public notice; a name or none."""

    entry = forms.ModelChoiceField(
        label=gettext_lazy("针对谁"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("公示整体"),
    )
    text = forms.CharField(
        label=gettext_lazy("异议内容"),
        max_length=MOST_WORDS,
        help_text=gettext_lazy("写清楚时间、地点和事实；能写明线索或证据来源的请一并写上。"),
        widget=forms.Textarea({"rows": 6, "minlength": LEAST_WORDS}),
        error_messages={"required": gettext_lazy("请写明异议的内容。")},
    )
    anonymous = forms.BooleanField(
        label=gettext_lazy("匿名提出"),
        required=False,
        help_text=gettext_lazy("匿名的不记录账号，也无法与您核实；结果凭编号在网上查。"),
    )
    name = forms.CharField(
        label=gettext_lazy("姓名"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("署名提出时填写，只有经办人看得到。"),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    contact = forms.CharField(
        label=gettext_lazy("联系方式"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("电话或邮箱，核实情况时用。"),
        widget=forms.TextInput({"autocomplete": "tel"}),
    )
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, data=None, *, notice):
        """`notice` has the lines that may be objected to."""
        super().__init__(data, initial={"key": ids.code(20)})
        self.fields["entry"].queryset = notice.entries.filter(struck_at=None)


class DueForm(forms.Form):
    """What she hands in after an award: a text and files. Nothing is required here: she saves what she has."""

    text = forms.CharField(
        label=gettext_lazy("内容"), required=False, widget=forms.Textarea({"rows": 10})
    )

    def __init__(self, data=None, files=None, *, due):
        """`due` is the step it is about."""
        self.due, self.is_blind = due, False
        super().__init__(data, files, initial={"text": due.text or ""})
        self.fields["text"].help_text = _("%(limit)s 字以内") % {"limit": due.step.limit}
        self.fields["files"] = LineFiles(
            due.step, label=_("文件"), required=False, help_text=" · ".join(_of_files(due.step))
        )
        self.fields["files"].is_asked = due.step.needs_file

    @cached_property
    def attached(self):
        """Return the files it has."""
        found = list(self.due.files.all())
        for one in found:
            one.field_id = self.due.step_id
        return found

    def clean(self):
        """Refuse more files at once than a request carries."""
        sent = self.cleaned_data.get("files") or []
        if sum(len(data) for _name, data in sent) >= LONGEST:
            self.add_error("files", _("一次上传的文件合计不能超过 12 MB，请分几次上传。"))
        if error := afterwards_rules.why_not_text(self.due, self.cleaned_data.get("text") or ""):
            error.add_to(self)
        return super().clean()


def _of_files(line):
    """Return what a line takes as files, in parts of a sentence."""
    files = ngettext("最多 %(most)s 个文件", "最多 %(most)s 个文件", line.most)
    each = _("每个不超过 %(mb)s MB") % {"mb": line.file_mb}
    return [line.file_kinds_text, files % {"most": line.most}, each]
