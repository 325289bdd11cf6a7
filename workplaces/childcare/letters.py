"""What a unit is reminded of, once: that somebody has to confirm an entry, that its free places are old."""

from notices.operations import Letter, page_link, queue_all
from workplaces.childcare.models import RIGHTS
from workplaces.keeping import keepers


def _send(kind, nursery, about, now):
    key, context = f"{about.pk}@{now:%Y%m%d}", {"nursery": nursery.names}
    people = keepers(nursery, **RIGHTS)
    letters = [
        Letter(f"workplaces.{kind}", one, key, context, link=_link(one, nursery)) for one in people
    ]
    queue_all(letters, at=now)


def _link(person, nursery):
    if person.is_staff:
        return page_link("admin:workplaces_nursery_change", nursery.pk)
    return page_link("my_nursery", nursery.pk)


def confirm(nursery, now):
    """Remind a month before the entry leaves the search."""
    _send("nursery_confirm", nursery, nursery, now)


def free(klass, now):
    """Remind when what was said of free places is older than thirty days."""
    _send("nursery_free", klass.nursery, klass, now)
