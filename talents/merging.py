"""What of this app goes over when two records become one (talents.doubles.moving)."""

from django.db.models import Max
from django.utils.translation import gettext_lazy

from talents.asking import operations as asking
from talents.asking.models import AskingWish
from talents.career import keeping
from talents.doubles.moving import Moving, none_of
from talents.erasure.waiting import why_waits
from talents.models import Talent
from talents.public.models import PublicPage


def _why_not_erased(keep, lose):
    """Return that one of the two waits to be erased (Conflict), or None."""
    return why_waits(talents=(keep, lose))


def _endorsed_twice(keep, lose):
    """Return the endorsements that both records have of one unit."""
    units = keep.endorsements.standing().values("unit")
    twice = lose.endorsements.standing().filter(unit__in=units)
    return none_of(list(twice.values_list("pk", flat=True)))


def _page_stays(keep, lose):
    """Return the public page of the record that is lost where the other has one."""
    pages = PublicPage.objects.filter(talent=lose)
    kept = PublicPage.objects.filter(talent=keep)
    return none_of(list(pages.values_list("pk", flat=True))) if kept.exists() else None


def _wish_stays(keep, lose):
    """Return what the record that is lost says about being asked where the other says something, or its woman goes on."""
    said = AskingWish.objects.filter(talent=lose)
    kept = AskingWish.objects.filter(talent=keep)
    return none_of(list(said.values_list("pk", flat=True))) if kept.exists() else None


class AskedMoving(Moving):
    """What she was asked for: append-only, so the database's own function moves it."""

    def move(self, keep, lose, now):
        """Have the rows name the record that is kept; when she was asked last goes with them."""
        numbers = list(self.rows(lose).order_by("pk").values_list("pk", flat=True))
        newest = self.rows(keep).aggregate(newest=Max("pk"))["newest"] or 0
        asking.move(numbers, keep)
        self._tell_when(keep, lose)
        return {"ids": numbers, "newest": max([newest, *numbers])}

    def back(self, keep, lose, moved, now):
        """Have the moved rows name their own record again."""
        numbers = self.rows(keep).filter(pk__in=moved["ids"]).values_list("pk", flat=True)
        asking.move(numbers, lose)
        self._tell_when(keep, lose)

    def _tell_when(self, *talents):
        for talent in talents:
            newest = self.rows(talent).aggregate(newest=Max("at"))["newest"]
            Talent.objects.filter(pk=talent.pk).update(asked_at=newest)


class CareerMoving(Moving):
    """Entries, and their history with them: what was changed of one is told where it hangs, and erased there."""

    def move(self, keep, lose, now):
        """Have them hang on the record that is kept."""
        moved = super().move(keep, lose, now)
        keeping.hand_on(self.rows(keep).filter(pk__in=moved["ids"]), keep)
        return moved

    def back(self, keep, lose, moved, now):
        """Have them hang on their own record again."""
        keeping.hand_on(self.rows(keep).filter(pk__in=moved["ids"]), lose)


# Claims keep who had asked; a proposal that waits about the record that is lost was dropped before.
MOVINGS = (
    Moving(6, "talents.PublicPage", words=gettext_lazy("公开主页"), stays=_page_stays),
    Moving(7, "talents.AskingWish", stays=_wish_stays),
    AskedMoving(8, "talents.Asked", words=gettext_lazy("邀请记录")),
    Moving(1, "talents.Claim"),
    Moving(2, "talents.Proposal"),
    CareerMoving(3, "talents.CareerEntry", words=gettext_lazy("履历")),
    Moving(4, "talents.Erasure", why_not=_why_not_erased),
    Moving(5, "talents.Endorsement", words=gettext_lazy("单位推荐意见"), stays=_endorsed_twice),
)
