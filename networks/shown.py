"""Names of those in office as the public reads them: in full where she agreed to it, masked otherwise."""

from dataclasses import dataclass

from kernel import masking
from kernel.words import listed
from networks.posts.models import Holding
from privacy.consents import agreeing

OFFICE = "association_office"  # the purpose; its words are declared in networks.portal


@dataclass(frozen=True)
class Office:
    """A post and the names of who holds it; `outside` are those who are counted and not named."""

    post: object
    names: tuple
    outside: int

    @property
    def names_text(self):
        """Return the names in one line."""
        return listed(self.names)


def offices(association, day):
    """Return the Offices of an association that are held on a day, leaders first. Queries: three."""
    held = Holding.objects.in_office(day).filter(association=association)
    named = set(agreeing(held, OFFICE, user="talent__user").values_list("pk", flat=True))
    rows = held.select_related("post", "talent").order_by("post__order", "post_id", "pk")
    posts = {}
    for row in rows:
        posts.setdefault(row.post, []).append(row)
    return [
        Office(
            post,
            tuple(_name(row, row.pk in named) for row in holders if row.talent_id),
            sum(row.talent_id is None for row in holders),
        )
        for post, holders in posts.items()
    ]


def _name(row, is_named):
    return row.talent.full_name if is_named else masking.name(row.talent.full_name)
