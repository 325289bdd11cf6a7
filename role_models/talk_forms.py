"""Reading what a unit asks for and what she answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from role_models.models import Story


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class StoryChoice(forms.ModelChoiceField):
    """A shown story, by whom it is about."""

    def label_from_instance(self, obj):
        """Call a story by her name and its title."""
        version = obj.published
        return f"{version.who}：{version.shown_title}" if version else obj.code


class TalkForm(forms.Form):
    """What a unit asks for."""

    topic = forms.CharField(label=_("想听什么"), max_length=100)
    audience = forms.CharField(
        label=_("听众"), max_length=100, help_text=_("如“初二年级学生”“新入职工程师”")
    )
    people = forms.IntegerField(label=_("人数"), min_value=1, max_value=100_000)
    first_day = forms.DateField(label=_("最早哪天"), widget=DayInput)
    last_day = forms.DateField(label=_("最晚哪天"), widget=DayInput)
    online = forms.BooleanField(label=_("线上"), required=False)
    place = forms.CharField(
        label=_("地点"), max_length=100, required=False, help_text=_("线上可以不填")
    )
    story = StoryChoice(
        label=_("希望请谁"),
        queryset=None,
        required=False,
        empty_label=_("由主管部门安排"),
        help_text=_("会先问她是否方便；不便时安排别的主讲人。"),
    )
    contact_name = forms.CharField(label=_("联系人"), max_length=40)
    contact_phone = forms.CharField(
        label=_("联系电话"), max_length=30, widget=forms.TextInput({"inputmode": "tel"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        shown = Story.objects.shown().with_words().order_by("-published_at", "-pk")
        self.fields["story"].queryset = shown


class OfferForm(forms.Form):
    """Whether she is willing, and about what."""

    topics = forms.CharField(
        label=_("可以讲什么"),
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("如“芯片是怎样做出来的；女生怎样选专业”"),
    )
    on_site = forms.BooleanField(label=_("愿意到场"), required=False)
    online = forms.BooleanField(label=_("愿意线上"), required=False)


class AcceptForm(forms.Form):
    """What she lets the unit know of herself when she accepts."""

    contact = forms.CharField(
        label=_("愿意告诉对方的联系方式"),
        max_length=100,
        required=False,
        help_text=_(
            "不填就只告诉对方您的姓名，事情由工作人员转达。以后可以改；活动结束一周后删除。"
        ),
    )
