"""The form of the ways."""

from django import forms
from django.utils.translation import gettext_lazy as _

from notices import kinds
from notices.choosing import OTHER
from notices.models import Way

NOT_CHOSEN = ("", _("有手机号发短信，没有发邮件"))
# Of what leaves by mail alone.
NO_SMS = ("", _("有邮箱发邮件，没有只看站内通知"))


class WaysForm(forms.Form):
    """One line for each topic, and one for all the rest; `ways` are those that reach her."""

    def __init__(self, *args, ways, chosen=(), **kwargs):
        super().__init__(*args, **kwargs)
        reached = [(way.value, way.label) for way in ways]
        for code, topic in kinds.topics().items():
            start = NO_SMS if topic.by_mail else NOT_CHOSEN
            choices = [start, *reached, (Way.SITE.value, Way.SITE.label)]
            self._line(code, topic.words, choices, chosen)
        words = _("其他通知（变更、取消、办理结果等）")
        self._line(OTHER, words, [NOT_CHOSEN, *reached], chosen)

    def _line(self, code, words, choices, chosen):
        initial = dict(chosen).get(code, "")
        self.fields[f"way:{code}"] = forms.ChoiceField(
            label=words, choices=choices, required=False, initial=initial
        )

    @property
    def ways(self):
        """Return {topic: way} of what was sent."""
        return {name.partition(":")[2]: way for name, way in self.cleaned_data.items()}
