"""What staff count of childcare: free places as far as they are known, entries confirmed in time."""

from django.db.models import Sum
from django.utils.translation import gettext as _

from kernel.admin.figures import Line, Part, share
from kernel.admin.queue import changelist
from workplaces.childcare.models import Band, Nursery, NurseryClass

LIST, CLASSES = "workplaces_nursery", "workplaces_nurseryclass"


def part(user, day):
    """Return the Part of childcare a member of staff sees, as of a day; None for others."""
    if not user.has_perm("workplaces.view_nursery"):
        return None
    return Part(
        _("托育"),
        (*_entries(Nursery.objects.visible_to(user), day), *_places(day)),
        _("空余托位只算 30 天内说过的、查得到的机构；确认及时率是已公布的机构里一年内确认过的。"),
    )


def _entries(rows, day):
    shown, listed = rows.registered().count(), rows.listed(day).count()
    yield Line(_("已公布的托育机构"), shown, changelist(LIST, "is_open__exact=1"))
    yield Line(_("确认及时率"), share(listed, shown), changelist(LIST, "confirm=due"))


def _places(day):
    found = NurseryClass.objects.standing().filter(nursery__in=Nursery.objects.listed(day))
    yield Line(
        _("托位"), found.aggregate(n=Sum("capacity", default=0))["n"], changelist(CLASSES, "")
    )
    known = found & NurseryClass.objects.with_free(day)
    by_band = dict(known.order_by().values_list("band").annotate(n=Sum("free")))
    yield Line(_("空余托位"), sum(by_band.values()), changelist(CLASSES, "free=some"))
    for band in Band:
        link = changelist(CLASSES, f"free=some&band__exact={band.value}")
        words = _("空余：%(band)s") % {"band": band.label}
        yield Line(words, by_band.get(band.value, 0), link)
