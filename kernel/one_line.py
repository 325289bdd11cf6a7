"""Titles and other fields of one line hold no line break and no control character, whoever writes them.

A title with a line break splits a mail's subject, a calendar's line, a row of CSV; a control character turns the
order of what is read round. A browser's field sends neither, a program does. Asked by the admin's forms and
before each save of an app's model, so that form, import and console meet the same rule; what a list brings is
cleaned when it is read, and rows written by one statement (kernel.rows) hold codes, no typed lines. Texts of several lines are TextFields; reasons are typed in a box and may have more lines.
"""

import re
from functools import cache

from django.apps import apps
from django.db import models
from django.db.models.signals import pre_save
from django.utils.translation import gettext as _

from kernel import portal
from kernel.errors import Invalid

BREAKS = re.compile("\r\n|[\n\r\t]")
# Unicode's own line and paragraph separators as well: JavaScript and mail programs break there; and what
# turns the direction of writing round.
NOT_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def why_not_one_line(text, *, field="", breaks=False):
    """Return why `text` cannot stand in a field of one line (`breaks`: of several), as Invalid, else None.

    What is no text (a number, nothing) can.
    """
    if not isinstance(text, str) or not NOT_ONE_LINE.search(
        BREAKS.sub("", text) if breaks else text
    ):
        return None
    sentence = _("这一项只能写一行，不能有换行或控制字符。")
    if breaks:
        sentence = _("文字里含有看不见的控制字符，请删去后再提交。")
    return Invalid("not_one_line", sentence, field=field)


@cache
def _fields(model):
    """Return [(name, whether it may have several lines)] of a model's typed fields."""
    typed = (f for f in model._meta.concrete_fields if isinstance(f, models.CharField))
    return [(f.attname, f.name.endswith("reason")) for f in typed if not f.choices]


def check(sender, instance, raw=False, **kwargs):
    """Signal handler: raise what `why_not_one_line` returns of a row about to be saved."""
    if raw:
        return
    for name, breaks in _fields(sender):
        if error := why_not_one_line(instance.__dict__.get(name), field=name, breaks=breaks):
            raise error


def watch():
    """Ask before each save of a model of the portal's apps."""
    for label in portal.declarations():
        for model in apps.get_app_config(label).get_models():
            pre_save.connect(check, sender=model, dispatch_uid=f"one_line.{model._meta.label}")
