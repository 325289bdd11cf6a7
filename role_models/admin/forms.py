"""Forms of stories in the admin."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from events.models import Series
from honours.models import Award
from kernel import ids
from kernel.admin.forms import OperationForm
from role_models import operations
from role_models.models import MOST_BODY, WORDS, Story
from talents.models import Talent

FILED = ("kind", "discipline", "series", "award")
PICTURES = ".jpg,.jpeg,.png,image/jpeg,image/png"


def _line(label, most, help_text="", required=False):
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=UnfoldAdminTextInputWidget,
    )


def _text(label, most, rows, help_text="", required=False):
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=UnfoldAdminTextareaWidget({"rows": rows}),
    )


class StoryForm(OperationForm):
    """A story as its department writes it; whose it is is chosen once."""

    person = _line(
        gettext_lazy("人才编号"),
        20,
        gettext_lazy("档案页上的十位编号。她须已入库并有自己的账号，才能看稿、同意。"),
        required=True,
    )
    title = _line(gettext_lazy("标题"), 60, required=True)
    lead = _text(
        gettext_lazy("导语"),
        200,
        2,
        gettext_lazy("两三句话，列表和转发卡片上显示。"),
        required=True,
    )
    body = _text(
        gettext_lazy("正文"),
        MOST_BODY,
        22,
        gettext_lazy(
            "空一行分段；**加粗**；行首写 ## 是小标题，写 > 是引用，写 - 是列表；[文字](https://…) 是链接。"
        ),
        required=True,
    )
    shown_name = _line(gettext_lazy("署名"), 40, gettext_lazy("页面上怎样称呼她；不填用档案姓名。"))
    shown_post = _line(gettext_lazy("身份"), 80, gettext_lazy("单位、职务；不填用档案里的。"))
    title_en = _line(gettext_lazy("英文标题"), 120)
    lead_en = _text(gettext_lazy("英文导语"), 400, 2)
    body_en = _text(gettext_lazy("英文正文"), 2 * MOST_BODY, 12)
    shown_post_en = _line(gettext_lazy("英文身份"), 160)
    is_minor = forms.BooleanField(
        label=gettext_lazy("不改变意思的更正"),
        required=False,
        help_text=gettext_lazy(
            "只改错别字、标点时勾选：至多约 20 个字，不动数字、署名和身份。审核后直接发布并告知她；其余改动都要她重新同意。"
        ),
        widget=UnfoldBooleanWidget,
    )

    class Meta:
        model = Story
        fields = FILED

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "series" in self.fields:
            self.fields["series"].queryset = Series.objects.visible_to(self.by)
        version = self.instance.pk and (self.instance.working or self.instance.published)
        if version:
            self.fields.pop("person", None)
            if "award" in self.fields:
                said = Q(revoked_at=None) | Q(pk=self.instance.award_id)
                hers = Award.objects.filter(said, talent=self.instance.talent_id)
                self.fields["award"].queryset = hers.select_related("honour")
            for name in (*WORDS, "is_minor"):
                self.initial[name] = getattr(version, name)
            if not self.instance.published_at:
                self.fields.pop("is_minor", None)
        else:
            self.fields.pop("is_minor", None)
            self.fields.pop("award", None)

    def clean_person(self):
        """Return the Talent of a code among those of her department."""
        code = ids.tidy(self.cleaned_data["person"])
        found = Talent.objects.visible_to(self.by).filter(code=code).first()
        if found is None:
            raise forms.ValidationError(_("没有找到这个编号的人才，请核对档案页上的编号。"))
        return found

    def operate(self, stored, *, by, now, person=None, is_minor=None, **values):
        """Begin a story, or change what differs from the one that was shown."""
        if stored is None:
            return operations.begin_story(talent=person, values=values, by=by, now=now)
        changes = {name: values[name] for name in self.changed_data if name in values}
        return operations.edit_story(
            story=stored, changes=changes, is_minor=is_minor, by=by, now=now
        )


class PhotoWords(forms.Form):
    """What stands in the place of a photo."""

    alt = _line(
        gettext_lazy("文字说明"),
        150,
        gettext_lazy("一句话说清画面，看不到图片的人靠它了解内容，如“她在显微镜前调焦”。"),
        required=True,
    )
    alt_en = _line(gettext_lazy("英文说明"), 300)
    credit = _line(gettext_lazy("摄影"), 40, gettext_lazy("署名，可以不填"))


class PhotoForm(PhotoWords):
    """A photo put up."""

    sent = forms.FileField(
        label=gettext_lazy("照片"),
        help_text=gettext_lazy("JPG 或 PNG，不超过 10 MB。"),
        error_messages={"required": gettext_lazy("请选择要上传的照片。")},
        widget=forms.FileInput({"accept": PICTURES}),
    )
    others_agree = forms.BooleanField(
        label=gettext_lazy("画面里没有其他认得出的人，或她们都已当面同意"),
        required=False,
        widget=UnfoldBooleanWidget,
    )
    field_order = ("sent", "alt", "alt_en", "credit", "others_agree")

    def clean_sent(self):
        """Return (file name, bytes)."""
        sent = self.cleaned_data["sent"]
        return sent.name, sent.read()


def described(photo):
    """Return the class of the form that begins with what a photo says now."""

    class Describe(PhotoWords):
        def __init__(self, *args, **kwargs):
            now = {name: getattr(photo, name) for name in ("alt", "alt_en", "credit")}
            super().__init__(*args, initial=now, **kwargs)

    return Describe
