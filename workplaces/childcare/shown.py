"""Nurseries as people read them: free places with their date, and what each change was in a sentence."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.words import record_day_text
from workplaces.changes import sentences, who
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
    return [(row, lines(row), who(row.by)) for row in rows]


def lines(change):
    """Say in sentences what a change was."""
    about = change.klass.name if change.klass else ""
    if not change.before:
        return [_("新开班级“%(name)s”。") % {"name": about} if about else _("登记了这家机构。")]
    model = NurseryClass if change.klass else Nursery
    said = sentences(change, model, about, but={"free_on"})
    return said or [_("“%(name)s”的空余托位没有变，日期更新了。") % {"name": about}]


def of_unit(unit, day):
    """Return the nurseries of a unit that are found, as a part of its page: (title, [(name, address, words)]); None of none."""
    rows = Nursery.objects.listed(day).filter(unit=unit).order_by("name", "pk")
    lines = [(row.label, row.get_absolute_url(), f"{row.district} · {row.address}") for row in rows]
    return (_("托育机构"), lines) if lines else None
