"""Nurseries as people read them: free places with their date, and what each change was in a sentence."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.words import day_text, record_day_text
from workplaces.childcare.models import Nursery, NurseryClass


def free_words(klass, day):
    """Say how many places are free, with the date it was stated on; older than thirty days: please ask."""
    free = klass.free_known(day)
    if free is None:
        return _("请电话询问")
    on = record_day_text(klass.free_on)
    if free == 0:
        return _("没有空余（%(on)s）") % {"on": on}
    words = ngettext("空余 %(n)s 个（%(on)s）", "空余 %(n)s 个（%(on)s）", free)
    return words % {"n": free, "on": on}


def with_free_words(classes, day):
    """Return the classes as a list, each with `free_said`."""
    classes = list(classes)
    for klass in classes:
        klass.free_said = free_words(klass, day)
    return classes


def history(nursery, most=50):
    """Return the latest changes of a nursery and its classes, each with `lines` of plain sentences and who did it."""
    rows = nursery.changes.select_related("klass", "by").order_by("-pk")[:most]
    return [(row, lines(row), _who(row.by)) for row in rows]


def _who(by):
    if by is None:
        return _("单位的系统")
    return _("主管部门") if by.is_staff else by.full_name


def lines(change):
    """Say in sentences what a change was."""
    about = change.klass.name if change.klass else ""
    if not change.before:
        return [_("新开班级“%(name)s”。") % {"name": about} if about else _("登记了这家机构。")]
    model = NurseryClass if change.klass else Nursery
    return [
        _sentence(model._meta.get_field(name), before, change.after.get(name), about)
        for name, before in change.before.items()
        if name != "free_on"
    ] or [_("“%(name)s”的空余托位没有变，日期更新了。") % {"name": about}]


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


def of_unit(unit, day):
    """Return the nurseries of a unit that are found, as a part of its page: (title, [(name, address, words)]); None of none."""
    rows = Nursery.objects.listed(day).filter(unit=unit).order_by("name", "pk")
    lines = [(row.label, row.get_absolute_url(), f"{row.district} · {row.address}") for row in rows]
    return (_("托育机构"), lines) if lines else None
