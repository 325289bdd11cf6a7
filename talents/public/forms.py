"""What she chooses to show."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from talents.public.models import Shown


class PublicPageForm(forms.Form):
    """Field by field; nothing is ticked beforehand."""

    shown = forms.MultipleChoiceField(
        label=_("公开的内容"),
        choices=Shown.choices,
        error_messages={"required": _("请至少选择一项。")},
        widget=forms.CheckboxSelectMultiple,
    )
    readable = forms.BooleanField(
        label=_("用姓名拼音作网址，好记也好找；不选则用一串随机字母"), required=False
    )
    may_be_indexed = forms.BooleanField(label=_("允许搜索引擎收录"), required=False)

    def __init__(self, *args, masked_name, **kwargs):
        super().__init__(*args, **kwargs)
        words = gettext("姓名（不选则显示为“%(name)s”）") % {"name": masked_name}
        labels = dict(Shown.choices) | {Shown.NAME.value: words}
        self.fields["shown"].choices = list(labels.items())
