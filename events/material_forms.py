"""Forms of an event's materials."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from events.models import Audience, MaterialLanguage, Session
from kernel.forms import FILES, FilesField, FilesInput


class SessionField(forms.ModelChoiceField):
    """A session of the event, or the event as a whole."""

    def __init__(self):
        super().__init__(
            label=_("属于哪一节"),
            queryset=Session.objects.none(),
            required=False,
            empty_label=_("整场活动"),
            widget=UnfoldAdminSelectWidget,
        )

    def label_from_instance(self, session):
        """Name a session by its time and title."""
        return f"{session.time_text} {session.title}"


class ToldForm(forms.Form):
    """Who may read it, in which language it is, what it belongs to."""

    audience = forms.ChoiceField(
        label=_("谁能看"),
        choices=Audience.choices,
        initial=Audience.SEATED,
        widget=UnfoldAdminSelectWidget,
    )
    language = forms.ChoiceField(
        label=_("语言"),
        choices=[("", _("不写")), *MaterialLanguage.choices],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    session = SessionField()

    def __init__(self, *args, event, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = sessions = Session.objects.filter(event=event)
        if not sessions:
            del self.fields["session"]


class FilesForm(ToldForm):
    """Files put to an event, several at once."""

    sent = FilesField(
        label=_("文件"),
        help_text=_(
            "可以一次选多个。PDF、JPG 或 PNG，每个不超过 5 MB，合计不超过 12 MB；标题先用文件名，上传后可以改。"
        ),
        error_messages={"required": _("请选择要上传的文件。")},
        widget=FilesInput({"accept": FILES}),
    )
    field_order = ("sent", "audience", "language", "session")


def _title():
    return forms.CharField(label=_("标题"), max_length=80, widget=UnfoldAdminTextInputWidget())


def _link():
    return forms.CharField(
        label=_("链接"),
        max_length=300,
        help_text=_("以 https:// 开头，如会议录像的地址"),
        widget=UnfoldAdminTextInputWidget({"inputmode": "url"}),
    )


class LinkForm(ToldForm):
    """A link put to an event."""

    title = _title()
    link = _link()
    field_order = ("title", "link", "audience", "language", "session")


class EditMaterialForm(ToldForm):
    """What is said of a material."""

    title = _title()
    link = _link()
    field_order = ("title", "link", "audience", "language", "session")

    def __init__(self, *args, material, **kwargs):
        now = {name: getattr(material, name) for name in ("title", "link", "audience", "language")}
        super().__init__(
            *args, event=material.event, initial=now | {"session": material.session_id}, **kwargs
        )
        if not material.link:
            del self.fields["link"]


class ReplaceForm(forms.Form):
    """The new version of a material's file."""

    sent = forms.FileField(
        label=_("新版本"),
        help_text=_("PDF、JPG 或 PNG，不超过 5 MB。"),
        error_messages={"required": _("请选择要上传的文件。")},
        widget=UnfoldAdminFileFieldWidget({"accept": FILES}),
    )

    def clean_sent(self):
        """Return it as (name, bytes)."""
        return self.cleaned_data["sent"].name, self.cleaned_data["sent"].read()
