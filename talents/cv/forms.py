"""What she chooses: language, kind of file, and the parts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from talents.cv import content

LANGUAGES = (("zh-hans", _("中文")), ("en", _("英文")))
KINDS = (("pdf", "PDF"), ("docx", "Word"))


class CvForm(forms.Form):
    """One file; nothing of it is kept."""

    language = forms.ChoiceField(label=_("语言"), choices=LANGUAGES, widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("文件"), choices=KINDS, widget=forms.RadioSelect)
    parts = forms.MultipleChoiceField(
        label=_("写进简历的内容"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一项内容。")},
    )

    def __init__(self, data=None, *, talent, language):
        """Offer the parts that hold something; all but the contact are ticked."""
        offered = [(part.code, part.title) for part in content.sections(talent)]
        ticked = [code for code, _title in offered if code != content.CONTACT]
        start = {"language": language, "kind": "pdf", "parts": ticked}
        super().__init__(data, initial=start)
        self.fields["parts"].choices = offered
        self.is_bare = not ticked
