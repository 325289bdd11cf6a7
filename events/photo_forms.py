"""Forms of an event's photos."""

from collections import Counter

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from events.rules import agrees
from kernel.forms import FilesField, FilesInput

PICTURES = ".jpg,.jpeg,.png,image/jpeg,image/png"
CAME_FIRST = {"attended": 0, "confirmed": 1}


class PhotoAnswerForm(forms.Form):
    """Whether she agrees to be shown, on the site and to the press."""

    site = forms.BooleanField(
        label=_("可以在活动页面展示有我的照片"),
        required=False,
        help_text=_("门户网站上所有人都能看到。"),
    )
    press = forms.BooleanField(
        label=_("可以供媒体报道使用有我的照片"),
        required=False,
        help_text=_("媒体可以下载并刊登；已经刊登的，撤回后无法收回。"),
    )


def _credit():
    return forms.CharField(
        label=_("摄影"),
        max_length=40,
        required=False,
        help_text=_("署名，可以不填"),
        widget=UnfoldAdminTextInputWidget(),
    )


class PhotosForm(forms.Form):
    """Photos put up, several at once."""

    sent = FilesField(
        label=_("照片"),
        help_text=_("可以一次选多张。JPG 或 PNG，每张不超过 10 MB，合计不超过 12 MB。"),
        error_messages={"required": _("请选择要上传的照片。")},
        widget=FilesInput({"accept": PICTURES}),
    )
    credit = _credit()


class DescribeForm(forms.Form):
    """What a photo shows, and who is in it."""

    alt = forms.CharField(
        label=_("文字说明"),
        max_length=150,
        help_text=_("一句话说清画面，如“六位女工程师围坐讨论版图”。不写没有同意展示的人的姓名"),
        error_messages={"required": _("请填写文字说明，看不到图片的人靠它了解内容。")},
        widget=UnfoldAdminTextInputWidget(),
    )
    people = forms.TypedMultipleChoiceField(
        label=_("认得出的人"),
        coerce=int,
        required=False,
        help_text=_("从这场活动的报名里选；括号里是她的选择"),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    guests = forms.IntegerField(
        label=_("认得出的库外来宾（人数）"),
        min_value=0,
        max_value=200,
        initial=0,
        help_text=_("只填已当面同意在网站展示的人数；有人没有同意，就不要用这张照片"),
        widget=UnfoldAdminIntegerFieldWidget,
    )
    guests_press = forms.BooleanField(
        label=_("来宾也同意供媒体使用"), required=False, widget=UnfoldBooleanWidget
    )
    nobody = forms.BooleanField(
        label=_("画面里没有认得出的人"), required=False, widget=UnfoldBooleanWidget
    )
    credit = _credit()

    def __init__(self, *args, photo, **kwargs):
        names = ("alt", "guests", "guests_press", "nobody", "credit")
        now = {name: getattr(photo, name) for name in names}
        now["people"] = list(photo.people.values_list("booking", flat=True))
        super().__init__(*args, initial=now, **kwargs)
        found = _may_be_in(photo, now)
        names = Counter(one.talent.full_name for one in found)
        self.fields["people"].choices = [
            (one.pk, _label(one, alone=names[one.talent.full_name] == 1)) for one in found
        ]


def _may_be_in(photo, now):
    """Return the bookings somebody in the photo may have: those who have a seat, who came first, and those named."""
    rows = photo.event.bookings.select_related("talent__unit", "photo_answer").order_by("place")
    seated = [row for row in rows if row.is_seated or row.pk in now["people"]]
    return sorted(seated, key=lambda row: CAME_FIRST.get(row.state, 2))


def _label(booking, alone):
    """Return her name, with her unit where others have it too (not `alone`), and what she chose."""
    talent = booking.talent
    name = talent.full_name if alone else f"{talent.full_name} · {talent.unit_name}"
    if agrees(booking, "site") and agrees(booking, "press"):
        says = _("网站、媒体都同意")
    elif agrees(booking, "site"):
        says = _("只同意网站")
    elif agrees(booking, "press"):
        says = _("只同意媒体")
    else:
        says = _("没有同意")
    return f"{name} ({says})"
