"""Forms that put volunteer hours right; operations decide."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from care_points.forms import RecordHoursForm
from kernel.admin.forms import reason_field, reason_form

RevokeForm = reason_form(gettext_lazy("本人会看到，至少四个字。"))


def half_hours(hours):
    """Return hours (Decimal) as half hours (int); raises ValidationError for what is none."""
    halves = hours * 2
    if halves != int(halves):
        raise forms.ValidationError(_("时长以半小时计，请填写 0.5 的倍数。"))
    return int(halves)


class CorrectHoursForm(forms.Form):
    """What hours should have been: from when, how long, and why that is known."""

    day = RecordHoursForm.base_fields["day"]
    start = RecordHoursForm.base_fields["start"]
    hours = RecordHoursForm.base_fields["hours"]
    reason = reason_field(gettext_lazy("如“签退漏扫，负责人证实 16:00 离开”；本人会看到。"))

    def __init__(self, *args, row, **kwargs):
        start = timezone.localtime(row.starts_at)
        shown = {
            "day": start.date().isoformat(),
            "start": f"{start:%H:%M}",
            "hours": f"{row.half_hours / 2:g}",
        }
        super().__init__(*args, initial=shown, **kwargs)

    clean_hours = RecordHoursForm.clean_hours

    def clean(self):
        """Return what the operation takes."""
        data = super().clean()
        if self.errors:
            return data
        starts_at = timezone.make_aware(timezone.datetime.combine(data["day"], data["start"]))
        return {"starts_at": starts_at, "half_hours": data["hours"], "reason": data["reason"]}
