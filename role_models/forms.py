"""Reading what she typed."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PhotosChoice(forms.ModelMultipleChoiceField):
    """Photos of her story, each agreed to for itself."""

    def label_from_instance(self, obj):
        """Call a photo by what stands in its place."""
        return obj.shown_alt


class AnswerForm(forms.Form):
    """Her answer to a version: she agrees to it, or says what she would have otherwise.

    `version` and `seen_photos` are what she has read: of anything else the answer is refused. Both are written into
    the page as it stands now, so an answer that was refused because something had changed is hers to give again.
    """

    version = forms.IntegerField(min_value=1, max_value=2**31, widget=forms.HiddenInput)
    seen_photos = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    photos = PhotosChoice(
        label=_("可以展示的照片"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不勾选就是不同意，不影响文字发布；以后随时可以改。"),
    )
    wish = forms.CharField(
        label=_("希望怎样修改"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("写哪里不准确、哪里不想写。编辑改好后会再请您看。"),
    )

    def __init__(self, *args, story, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["photos"].queryset = story.photos.order_by("pk")
        if not story.photos.exists():
            del self.fields["photos"]


class PhotosForm(forms.Form):
    """Which photos she agrees to, at any time; `seen_photos` are those she was shown."""

    seen_photos = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    photos = PhotosChoice(
        label=_("可以展示的照片"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("去掉勾选，照片马上从页面撤下。"),
    )

    def __init__(self, *args, story, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["photos"].queryset = story.photos.order_by("pk")
