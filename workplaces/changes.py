"""What one saving changed of an entry a unit keeps, said in sentences and put back: one way for every theme."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.errors import Conflict
from kernel.words import day_text


class Change(models.Model):
    """The values before and after one saving; the first of an entry has nothing before."""

    before = models.JSONField(gettext_lazy("改之前"), default=dict)
    after = models.JSONField(gettext_lazy("改之后"), default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("修改人"),
    )
    at = models.DateTimeField(gettext_lazy("修改时间"))
    undone_at = models.DateTimeField(gettext_lazy("撤销时间"), null=True, blank=True)

    class Meta:
        abstract = True


# --- written ---------------------------------------------------------------------------------------
def _typed(value):
    return " ".join(value.split()) if isinstance(value, str) else value


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def put(row, values):
    """Set what differs; returns ({field: value before}, {field: value after}) in plain values."""
    before, after = {}, {}
    for name, value in values.items():
        value, stored = _typed(value), getattr(row, name)
        if value != stored:
            before[name], after[name] = _plain(stored), _plain(value)
            setattr(row, name, value)
    return before, after


def put_back(row, change):
    """Set the values a change replaced."""
    for name, value in change.before.items():
        setattr(row, name, row._meta.get_field(name).to_python(value))


def latest(changes):
    """Return the last change of one subject that still holds; None where there is none."""
    return changes.filter(undone_at=None).order_by("-pk").first()


def why_not_undo(change, changes):
    """Say why a change cannot be undone: only the latest of its subject's `changes` that still holds can."""
    if change is None or not change.before:
        return Conflict("nothing_before", _("这是第一次登记，没有以前的内容可以恢复；请直接修改。"))
    last = latest(changes)
    if last is not None and last.pk == change.pk:
        return None
    return Conflict("not_latest", _("只能撤销最近一次还有效的修改，请刷新页面。"))


# --- read ------------------------------------------------------------------------------------------
def undoable(changes, subject=lambda change: None):
    """Return the keys of those of `changes` (newest first) that can be undone: the latest of each subject that holds."""
    last = {}
    for change in changes:
        if change.undone_at is None:
            last.setdefault(subject(change), change)
    return {change.pk for change in last.values() if change.before}


def who(person):
    """Say who made a change, as the unit may know it."""
    if person is None:
        return _("单位的系统")
    return _("主管部门") if person.is_staff else person.full_name


def sentences(change, model, about="", but=()):
    """Say in sentences what a change was; `about` names the part of the entry, `but` are fields nobody reads."""
    return [
        _sentence(model._meta.get_field(name), before, change.after.get(name), about)
        for name, before in change.before.items()
        if name not in but
    ]


def _sentence(field, before, after, about):
    said = {
        "what": field.verbose_name,
        "before": _value(field, before),
        "after": _value(field, after),
        "about": about,
    }
    if about:
        return _("“%(about)s”的%(what)s由“%(before)s”改为“%(after)s”。") % said
    return _("%(what)s由“%(before)s”改为“%(after)s”。") % said


def _value(field, value):
    if value in (None, ""):
        return _("空")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.get_internal_type() == "DateField":
        return day_text(date.fromisoformat(value))
    return str(value)
