"""Forms of the event pages: parse, check, call the operation."""

import secrets
from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from events import operations
from events.models import Event, EventKind
from kernel import qr
from kernel.errors import Invalid

MONTHS_AHEAD = 6


def new_key():
    """Return a fresh idempotency key for one showing of a form."""
    return secrets.token_urlsafe(16)


class BookingForm(forms.Form):
    """The booking button: nothing but the key that makes a repeated click one booking."""

    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def book(self, *, event, talent, by, now):
        """Book; a damaged key is no reason to refuse her, the active booking counts anyway."""
        key = self.cleaned_data.get("key") if self.is_valid() else None
        return operations.book(event=event, talent=talent, by=by, now=now, key=key or None)


class EventFilter(forms.Form):
    """Kind and month of the public list; what does not fit is left out."""

    kind = forms.ChoiceField(
        label=_("类型"), required=False, choices=[("", _("全部类型")), *EventKind.choices]
    )
    month = forms.ChoiceField(label=_("月份"), required=False)

    def __init__(self, data, *, now):
        super().__init__(data)
        self.fields["month"].choices = [("", _("全部月份")), *_months(timezone.localdate(now))]

    def apply(self, events):
        """Return `events` narrowed to what was chosen."""
        self.full_clean()
        chosen = self.cleaned_data
        if chosen.get("kind"):
            events = events.filter(kind=chosen["kind"])
        if chosen.get("month"):
            events = events.filter(**_month_bounds(chosen["month"]))
        return events

    @property
    def is_used(self):
        """Tell whether anything is narrowed."""
        return bool(self.cleaned_data.get("kind") or self.cleaned_data.get("month"))


def _months(today):
    first = today.year * 12 + today.month - 1
    for number in range(first, first + MONTHS_AHEAD):
        year, month = divmod(number, 12)
        label = _("%(year)s年%(month)s月") % {"year": year, "month": month + 1}
        yield f"{year}-{month + 1:02}", label


def _month_bounds(text):
    year, month = map(int, text.split("-"))
    zone = timezone.get_default_timezone()
    start = datetime(year, month, 1, tzinfo=zone)
    end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
    return {"starts_at__gte": start, "starts_at__lt": end}


class EventForm(forms.ModelForm):
    """The clerk's form: fills the booking window where it was left empty."""

    class Meta:
        model = Event
        fields = (*operations.EDITABLE, "department")

    def clean(self):
        """Open at once and close at the start unless told; a window that followed the start still does."""
        cleaned = super().clean()
        now, event = timezone.now(), self.instance
        starts_at = cleaned.get("starts_at")
        if "starts_at" in self.changed_data and starts_at and starts_at <= now:
            self.add_error("starts_at", _("开始时间已过，请填将来的时间。"))
        if "booking_opens_at" in cleaned:
            cleaned["booking_opens_at"] = (
                cleaned["booking_opens_at"] or event.booking_opens_at or now
            )
        if "booking_closes_at" in cleaned:
            follows = event.pk and event.booking_closes_at == event.starts_at
            if not cleaned["booking_closes_at"] or (
                follows and "booking_closes_at" not in self.changed_data
            ):
                cleaned["booking_closes_at"] = starts_at
        return cleaned

    def changes(self):
        """Return what differs from the event as it was shown, names to new values."""
        names = {*self.changed_data, "booking_closes_at", "booking_opens_at"}
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class CancelEventForm(forms.Form):
    """Why an event is called off."""

    reason = forms.CharField(
        label=_("取消原因"),
        max_length=200,
        help_text=_("会原文告知每一位已报名和候补的人"),
        error_messages={"required": _("请写明取消原因，会告知已报名的人。")},
        widget=UnfoldAdminTextInputWidget,
    )


class DoorForm(forms.Form):
    """What the door takes: a code typed or scanned, or a photo of the QR code."""

    code = forms.CharField(
        label=_("签到码"),
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("10 位字母和数字，在她的“我的报名”里"),
    )
    photo = forms.FileField(
        label=_("拍下二维码"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )

    def find(self, *, by):
        """Return the booking meant, among those `by` may check in. Raises Invalid."""
        if not self.is_valid():
            raise Invalid("code_unknown", _("没有找到这个签到码，请核对后重新输入。"), field="code")
        typed = self.cleaned_data["code"]
        if photo := self.cleaned_data.get("photo"):
            typed = qr.read(photo)
            if not typed:
                sentence = _("照片里没有找到二维码，请靠近一些、对准重拍，或直接输入签到码。")
                raise Invalid("photo_without_code", sentence, field="photo")
        if not typed:
            raise Invalid("code_missing", _("请输入签到码，或拍下二维码。"), field="code")
        return operations.find_booking(typed=typed, by=by)
