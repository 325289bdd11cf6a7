"""Reasons staff write beside what they decide: one line, neither a word nor an essay."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.errors import Invalid

LEAST, MOST = 4, 200


def clean(reason, missing, *, least=LEAST, field="reason"):
    """Return a reason with its blanks tidied, 200 characters at most, as every column for one holds.

    Without the full stop at its end: the sentences that carry it bring their own.

    `missing` is the sentence that asks for one; to a reason that is too short it is said how many characters
    there have to be; `field` is the form's field it was typed in. Raises Invalid("reason_missing", "reason_too_long").
    """
    reason = tidy(reason)
    if not reason:
        raise Invalid("reason_missing", missing, field=field)
    if len(reason) < least:
        raise Invalid("reason_missing", _too_short(len(reason), least), field=field)
    if len(reason) > MOST:
        raise Invalid("reason_too_long", _("请把理由写在 200 字以内。"), field=field)
    return reason


def tidy(reason):
    """Return a reason on one line without the full stop at its end."""
    return " ".join((reason or "").split()).rstrip("。.；;")


def _too_short(length, least):
    sentence = ngettext(
        "请把理由写完整，至少 %(least)s 个字，现在是 %(length)s 个字。",
        "请把理由写完整，至少 %(least)s 个字，现在是 %(length)s 个字。",
        length,
    )
    return sentence % {"least": least, "length": length}
