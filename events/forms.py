"""Forms of the event pages: parse, check, call the operation."""

import secrets
from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from accounts.models import Unit, User
from events import agenda, operations, rules
from events.models import Absence, Event, Mode, Series
from events.repeating import MOST, Every, days_of
from kernel.admin.forms import OperationForm, reason_field
from kernel.errors import DomainError, Invalid
from kernel.forms import CodeForm, code_field, photo_field
from kernel.words import day_text, listed
from talents.codes import Discipline
from talents.models import Tier


def new_key():
    """Return a fresh idempotency key for one showing of a form."""
    return secrets.token_urlsafe(16)


class ChildrenForm(forms.Form):
    """For how many children she needs childcare; the page has its own list to choose from."""

    # No choices: they would be copied for each press of the button.
    children = forms.IntegerField(required=False, min_value=0, max_value=rules.MOST_CHILDREN)

    def clean_children(self):
        """None needs no place."""
        return self.cleaned_data["children"] or 0


class BookingForm(ChildrenForm):
    """The booking button: the key that makes a repeated click one booking, and what some events ask beside it."""

    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    wants_track = forms.BooleanField(required=False)
    photo_site = forms.BooleanField(required=False)
    photo_press = forms.BooleanField(required=False)

    def book(self, *, event, talent, by, now):
        """Book, and note what she ticked about photos; a damaged key is no reason to refuse her, the active booking counts anyway."""
        asked = self.cleaned_data if self.is_valid() else {}
        booking = operations.book(
            event=event,
            talent=talent,
            by=by,
            now=now,
            key=asked.get("key") or None,
            children=asked.get("children", 0),
            wants_track=asked.get("wants_track", False),
        )
        says = {"site": asked.get("photo_site"), "press": asked.get("photo_press")}
        # A press that comes again says nothing new: she may have answered otherwise meanwhile.
        if any(says.values()) and not hasattr(booking, "photo_answer"):
            operations.answer_photos(booking=booking, by=by, now=now, **says)
        return booking


class EventForm(OperationForm):
    """An event as its organiser adds and edits it; times are those of Chongqing."""

    for_tiers = forms.MultipleChoiceField(
        label=_("限人才层次"),
        choices=Tier.choices,
        required=False,
        help_text=_("不选则不限"),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    for_disciplines = forms.MultipleChoiceField(
        label=_("限学科"),
        choices=Discipline.choices,
        required=False,
        help_text=_("不选则不限；以档案中的学科为准"),
        widget=UnfoldAdminSelect2MultipleWidget,
    )

    disciplines = forms.MultipleChoiceField(
        label=_("涉及学科"),
        choices=Discipline.choices,
        required=False,
        help_text=_("便于按学科找活动，不限制谁能报名"),
        widget=UnfoldAdminSelect2MultipleWidget,
    )
    for_units = forms.CharField(
        label=_("限单位"),
        required=False,
        max_length=2000,
        help_text=_("每行一个单位名称，不填则不限；以档案中的单位为准"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )

    class Meta:
        model = Event
        fields = (*operations.EDITABLE, "department")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "mode" in self.fields:  # not where the event may only be read
            self.fields["mode"].required = False
            self.fields["mode"].help_text = _("仅现场的不保留线上链接，仅线上的不保留地点")
        named = self.initial.get("for_units")
        units = Unit.objects.filter(pk__in=named).order_by("name") if named else []
        self.initial["for_units"] = "\n".join(unit.name for unit in units)

    def clean_for_units(self):
        """Return the ids of the units whose names were typed, one to a line."""
        lines = [line.strip() for line in self.cleaned_data["for_units"].splitlines()]
        found = {line: Unit.objects.spelled(line) for line in lines if line}
        if unknown := [line for line, unit in found.items() if unit is None]:
            sentence = _("没有找到这些单位，请按单位库里的全称填写：%(names)s。")
            raise forms.ValidationError(sentence % {"names": listed(unknown)})
        return sorted(unit.pk for unit in found.values())

    def clean(self):
        """Fill the booking window where it was left empty; refuse a new start that is past.

        What the mode does not ask for is emptied. Hiding it as one chooses was tried: the script that hides binds each
        field to one value, which empties the day of a moment once its time is chosen.
        """
        cleaned, now = super().clean(), timezone.now()
        cleaned["mode"] = mode = cleaned.get("mode") or Mode.ON_SITE
        if mode == Mode.ONLINE:
            cleaned |= {"venue": "", "address": ""}
        if mode == Mode.ON_SITE:
            cleaned |= {"online_url": ""} if "online_url" in cleaned else {}
        starts_at = cleaned.get("starts_at")
        moved = "starts_at" in self.changed_data and starts_at
        if moved and (error := rules.why_not_begin(starts_at, now)):
            self.add_error(error.field, str(error))
        cleaned["childcare_places"] = cleaned.get("childcare_places") or 0
        window = self.instance.window_after(cleaned, now)
        return cleaned | {name: window[name] for name in window if name in cleaned}

    def operate(self, stored, *, by, now, **cleaned):
        """Add a draft, or change what differs from the event as it was shown."""
        if stored is None:
            return operations.add_event(fields=cleaned, by=by, now=now)
        changes = {name: cleaned[name] for name in self.changed_data if name in cleaned}
        return operations.edit_event(event=stored, changes=changes, by=by, now=now)


class SeriesForm(OperationForm):
    """A series as staff begin and describe it."""

    class Meta:
        model = Series
        fields = (*operations.DESCRIBED, "department")

    def operate(self, stored, *, by, now, **cleaned):
        """Begin one, or change what differs from the series as it was shown."""
        if stored is None:
            return operations.add_series(fields=cleaned, by=by, now=now)
        changes = {name: cleaned[name] for name in self.changed_data if name in cleaned}
        return operations.edit_series(series=stored, changes=changes, by=by, now=now)


class AgendaForm(forms.Form):
    """An event's agenda as lines; it is saved once it was shown as it will be.

    `shown` is the digest of the lines the page has shown as sessions, `seen` that of the agenda it began with.
    """

    agenda = forms.CharField(
        label=_("议程"),
        required=False,
        max_length=20_000,
        help_text=_(
            "每行一节：时间 内容 | 主讲人 | 会场。主讲人写“姓名，单位，职务（女）”，几位之间用“；”隔开；"
            "人才库里的人写人才编号，她会收到通知。多天的活动，先单独写一行日期，如“12月4日”。"
        ),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 14}),
    )
    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, data=None, *, event, initial=None):
        written = agenda.written(event)
        start = {"agenda": written, "seen": agenda.digest(written)}
        super().__init__(data, initial=initial or start)
        self.event, self.planned = event, []

    def clean(self):
        """Read the lines; what is wrong with one is said at the field."""
        cleaned = super().clean()
        try:
            self.planned = agenda.parse(cleaned.get("agenda", ""), self.event)
        except DomainError as error:
            error.add_to(self)
        return cleaned

    @property
    def was_shown(self):
        """Tell whether the page has shown what would be saved now."""
        return self.cleaned_data["shown"] == agenda.digest(self.cleaned_data["agenda"])

    def again(self):
        """Return the form for the page that shows what will be saved."""
        shown = agenda.digest(self.cleaned_data["agenda"])
        return AgendaForm(event=self.event, initial=self.cleaned_data | {"shown": shown})


class RepeatForm(forms.Form):
    """How often an event is held again."""

    every = forms.ChoiceField(
        label=_("多久一次"), choices=Every.choices, widget=UnfoldAdminSelectWidget
    )
    count = forms.IntegerField(
        label=_("场数"),
        min_value=1,
        max_value=MOST,
        initial=6,
        widget=UnfoldAdminTextInputWidget({"inputmode": "numeric"}),
    )


class DaysForm(forms.Form):
    """On which days: all that the rule gives but for public holidays, as she leaves them."""

    days = forms.MultipleChoiceField(
        label=_("日期"),
        help_text=_("法定节假日没有勾选；不办的请去掉。"),
        error_messages={"required": _("请至少选一个日期。")},
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    with_materials = forms.BooleanField(
        label=_("连同活动资料"), required=False, widget=UnfoldBooleanWidget
    )

    def __init__(self, data=None, *, event, every, count):
        super().__init__(data)
        found = days_of(event, every, count, today=timezone.localdate())
        self.fields["days"].choices = [
            (one.day.isoformat(), " · ".join(filter(None, (day_text(one.day), one.note))))
            for one in found
        ]
        self.fields["days"].initial = [one.day.isoformat() for one in found if not one.is_off]
        if not event.has_materials:
            del self.fields["with_materials"]

    def clean_days(self):
        """Return them as dates."""
        return [date.fromisoformat(day) for day in self.cleaned_data["days"]]


class CancelEventForm(forms.Form):
    """Why an event is called off."""

    reason = reason_field(
        _("会原文告知每一位已报名和候补的人"),
        label=_("取消原因"),
        missing=_("请写明取消原因，会告知已报名的人。"),
    )


class TakeOverForm(forms.Form):
    """Who takes over, and why."""

    organiser = forms.ModelChoiceField(
        label=_("接手的负责人"),
        queryset=User.objects.none(),
        empty_label=_("请选择"),
        widget=UnfoldAdminSelectWidget,
    )
    reason = reason_field(_("如“原负责人已调离，活动下周举行”。原负责人和确认的人会看到。"))

    def __init__(self, *args, department, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organiser"].queryset = rules.organisers(department).order_by("full_name", "pk")


class CancelBookingForm(forms.Form):
    """Why staff cancel a woman's booking for her."""

    reason = reason_field(
        _("会原文告知她本人"),
        label=_("取消原因"),
        missing=_("请写明取消原因，会告知她本人。"),
    )


class InviteForm(forms.Form):
    """Who is invited: record codes, one to a line."""

    codes = forms.CharField(
        label=_("人才编号"),
        help_text=_("每行一个，在人才库列表和导出的名单里。发出后每人会收到一次邀请。"),
        error_messages={"required": _("请填写人才编号，每行一个。")},
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
    )


class UnitPeopleForm(forms.Form):
    """Whom a unit's contact proposes, as she wrote to the organiser."""

    unit = forms.ModelChoiceField(
        label=_("推荐单位"),
        queryset=Unit.objects.order_by("name"),
        empty_label=_("请选择"),
        error_messages={"required": _("请选择单位。")},
        widget=UnfoldAdminSelectWidget,
    )
    codes = forms.CharField(
        label=_("人才编号"),
        help_text=_("每行一个，须是这个单位的人；单位只给了姓名时，先在人才库按单位查找。"),
        error_messages={"required": _("请填写人才编号，每行一个。")},
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
    )


class WithdrawInvitationForm(forms.Form):
    """Why an invitation is taken back."""

    reason = reason_field(_("写入办理记录，不会发给她；需要时请另行告知她本人。"))


class BookForForm(forms.Form):
    """For whom staff book beside the rules, and why."""

    code = forms.CharField(
        label=_("人才编号"),
        max_length=20,
        help_text=_("在人才库列表里"),
        error_messages={"required": _("请填写人才编号。")},
        widget=UnfoldAdminTextInputWidget(),
    )
    exempt = reason_field(_("写入办理记录，如“主讲人所在课题组成员”。"))


class RefuseBookingForm(forms.Form):
    """Why staff do not let her come who asked."""

    reason = reason_field(
        _("会原文告知她本人，如“本场仅面向集成电路从业人员”"),
        label=_("未通过的原因"),
        missing=_("请写明未通过的原因，会告知她本人。"),
    )


class AttendanceForm(forms.Form):
    """What is true of one woman after the event, and why it is corrected."""

    outcome = forms.ChoiceField(
        label=_("实际情况"),
        choices=[(state.value, state.label) for state in operations.OUTCOMES],
        widget=UnfoldAdminSelectWidget,
    )
    reason = reason_field(_("写入办理记录，如“签到时手机没电，同事证明在场”。"))


class TimesForm(forms.Form):
    """When one woman was inside, and why it is put right."""

    times = forms.CharField(
        label=_("进出时间"),
        max_length=2000,
        help_text=_("每行一段，如 14:00-15:30；不在第一天的写成 11-27 14:00-15:30。"),
        error_messages={"required": _("请填写进出时间，每行一段，如 14:00-15:30。")},
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )
    reason = reason_field(_("写入办理记录，如“签退时网络不通，组长证明在场”。"))


class AbsenceForm(forms.Form):
    """Why she did not come, as near as others need to know."""

    absence = forms.ChoiceField(
        label=_("没有到场的原因"),
        choices=Absence.choices,
        help_text=_("只有主办方的工作人员能看到。"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择没有到场的原因。")},
    )


class MessageForm(forms.Form):
    """What staff write to everybody who booked; it is sent once the page has shown it as it will be read (`shown`)."""

    text = forms.CharField(
        label=_("通知内容"),
        max_length=operations.MESSAGE_LENGTH,
        help_text=_("如“请带身份证入场”。下一步先看到收到的人数和样子，再发送。"),
        error_messages={"required": _("请写下要通知的内容。")},
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def was_shown(self):
        """Tell whether the page has shown what would be sent now."""
        return self.cleaned_data["shown"] == self.cleaned_data["text"]

    def again(self):
        """Return the form for the page that shows what will be sent."""
        text = self.cleaned_data["text"]
        return MessageForm(initial={"text": text, "shown": text})


class SendForm(forms.Form):
    """The button of a page that shows what will happen, as who gets a seat."""

    sure = forms.BooleanField(widget=forms.HiddenInput, initial=True)


class DoorForm(CodeForm):
    """What the door takes: a code typed or scanned, or a photo of the QR code."""

    code = code_field(_("签到码"), _("10 位字母和数字，在她的“我的报名”里"))
    photo = photo_field(_("拍下二维码"))
    nothing_typed = _("请输入签到码，或拍下二维码。")
    nothing_found = _("照片里没有找到二维码，请靠近一些、对准重拍，或直接输入签到码。")

    def find(self, *, by):
        """Return the booking meant, among those `by` may check in. Raises Invalid."""
        if not self.is_valid():
            raise Invalid("code_unknown", _("没有找到这个签到码，请核对后重新输入。"), field="code")
        return operations.find_booking(typed=self.typed(), by=by)
