"""What a school fills in, step by step, and what it attests."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outreach.requests.models import MOST_CLASSES, MOST_PUPILS, CampusEntry, VenueKind
from outreach.requests.rules import MOST_HALF_HOURS, school_year
from outreach.volunteers.models import Area, Stage, VisitTopic

ANY = ("", _("请选择"))


def _one(label, choices, **more):
    return forms.ChoiceField(label=label, choices=[ANY, *choices], required=False, **more)


def _number(label, most, least=0, **more):
    widget = forms.NumberInput({"inputmode": "numeric"})
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=False, widget=widget, **more
    )


def _day(label):
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("请填写日期，例如 2026-12-01。")},
    )


class WhatForm(forms.Form):
    """First step: what is asked for, and where."""

    venue = forms.ChoiceField(label=_("场所类型"), choices=VenueKind)
    topic = _one(_("想要的内容"), VisitTopic.choices)
    stage = _one(_("学段"), Stage.choices)
    area = _one(_("所在片区"), Area.choices)

    @staticmethod
    def start(request):
        """Return what was filled in before."""
        return {name: getattr(request, name) for name in WhatForm.base_fields}

    @property
    def values(self):
        """Return what the operation takes."""
        return self.cleaned_data


class WhenForm(forms.Form):
    """Second step: who comes, in numbers, and when."""

    classes = _number(_("班级数"), MOST_CLASSES, 1)
    girls = _number(_("女生人数"), MOST_PUPILS)
    boys = _number(_("男生人数"), MOST_PUPILS)
    day_1 = _day(_("可以的日期（一）"))
    day_2 = _day(_("可以的日期（二）"))
    day_3 = _day(_("可以的日期（三，选填）"))
    begins = forms.TimeField(
        label=_("开始时间"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )
    minutes = _number(_("时长（分钟）"), 240, 20)
    teacher_present = forms.BooleanField(
        label=_("上门时有老师在场"), required=False, help_text=_("只记有没有，不记老师的姓名")
    )

    @staticmethod
    def start(request):
        """Return what was filled in before."""
        days = dict(zip(("day_1", "day_2", "day_3"), request.days, strict=False))
        names = ("classes", "girls", "boys", "begins", "minutes", "teacher_present")
        return {name: getattr(request, name) for name in names} | days

    @property
    def values(self):
        """Return what the operation takes; numbers that were left out are left as they were."""
        given = dict(self.cleaned_data)
        days = [day for n in "123" if (day := given.pop(f"day_{n}"))]
        numbers = ("classes", "girls", "boys", "minutes")
        given = {name: v for name, v in given.items() if v is not None or name not in numbers}
        return given | {"days": days}


class EntryForm(forms.Form):
    """Third step: under which activity of the white list."""

    entry = forms.ModelChoiceField(
        CampusEntry.objects.none(),
        label=_("白名单活动"),
        empty_label=ANY[1],
        required=False,
        help_text=_("这一学年校园活动白名单里的活动；不在里面的不能进校园"),
    )

    def __init__(self, *args, day=None, **kwargs):
        """Offer those of the school year of the first day asked for."""
        super().__init__(*args, **kwargs)
        year = school_year(day or timezone.localdate())
        self.fields["entry"].queryset = CampusEntry.objects.filter(year=year, ended_on=None)

    @property
    def values(self):
        """Return what the operation takes."""
        return self.cleaned_data


class AttestForm(forms.Form):
    """After the day: how long, and how many came."""

    half_hours = forms.TypedChoiceField(
        label=_("上了多久"),
        coerce=int,
        choices=[(n, _("%(n)s 小时") % {"n": f"{n / 2:g}"}) for n in range(1, MOST_HALF_HOURS + 1)],
        help_text=_("不算路上的时间"),
    )
    girls = forms.IntegerField(label=_("到场女生"), min_value=0, max_value=MOST_PUPILS)
    boys = forms.IntegerField(label=_("到场男生"), min_value=0, max_value=MOST_PUPILS)
