"""What a unit is reminded of, once a year: that somebody has to confirm what it offers."""

from notices.operations import Letter, page_link, queue_all
from workplaces.flexible.models import RIGHTS
from workplaces.keeping import keepers


def confirm(offer, now):
    """Remind a month before the offer counts as not re-checked."""
    key, context = f"{offer.pk}@{now:%Y%m%d}", {"posts": offer.posts}
    letters = [
        Letter("workplaces.offer_confirm", one, key, context, link=_link(one, offer))
        for one in keepers(offer, **RIGHTS)
    ]
    queue_all(letters, at=now)


def _link(person, offer):
    if person.is_staff:
        return page_link("admin:workplaces_flexibleoffer_change", offer.pk)
    return page_link("my_flexible_offer", offer.pk)
