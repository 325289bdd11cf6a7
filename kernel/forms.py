"""Forms more than one app has."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel import qr
from kernel.errors import Invalid

# What files of people may be, as a file input says it; what they are is asked of their content.
FILES = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"


def code_field(label, help_text, **attrs):
    """Return the field of a code that is typed, or scanned by a reader that types."""
    plain = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
    return forms.CharField(
        label=label,
        required=False,
        max_length=200,
        help_text=help_text,
        widget=forms.TextInput(attrs=plain | attrs),
    )


def six_digits_field():
    """Return the field of a code that was sent to her: a numeric keyboard, filled in by the phone itself."""
    return forms.CharField(
        label=_("六位验证码"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("请填写收到的六位数字。")},
    )


def photo_field(label):
    """Return the field of a photo that is taken of the code."""
    return forms.FileField(
        label=label,
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )


class FilesInput(forms.ClearableFileInput):
    """Takes several files at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several files as [(name, bytes)], none for none."""

    widget = FilesInput

    def clean(self, data, initial=None):
        """Read them all; what they are is decided by the operation."""
        sent = data if isinstance(data, list | tuple) else [data] if data else []
        return [(one.name, one.read()) for one in sent if one]


class CodeForm(forms.Form):
    """A code typed or scanned, or a photo of its QR code: fields `code` and `photo`.

    A form made of it names both fields and says `nothing_typed` and `nothing_found` in its own words.
    """

    nothing_typed = nothing_found = ""

    def typed(self):
        """Return the code a valid form holds. Raises Invalid for a photo without one, or for nothing."""
        if photo := self.cleaned_data.get("photo"):
            return self._read(photo)
        if code := self.cleaned_data.get("code"):
            return code
        raise Invalid("code_missing", self.nothing_typed, field="code")

    def _read(self, photo):
        if code := qr.read(photo):
            return code
        raise Invalid("photo_without_code", self.nothing_found, field="photo")
