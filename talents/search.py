"""What a talent is found by (kernel.bigrams): her name first, in pinyin and by its initials too, unit, fields, works."""

from itertools import chain

from django.db import transaction

from kernel import bigrams
from talents.career.kinds import EntryKind
from talents.career.models import CareerEntry
from talents.pinyin import pinyin

MOST_WORKS = 30


def initials(pinyin_name):
    """Return the initials of a name in pinyin: wang xiao min → wxm; of one word nothing is left to say."""
    words = pinyin_name.split()
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def document(talent, works):
    """Return the searchable text of a talent, the name first, one line for each thing."""
    short = talent.unit.short_name if talent.unit_id else ""
    name = [talent.full_name, talent.pinyin_name, initials(talent.pinyin_name)]
    return bigrams.text(*name, talent.unit_name, short, *talent.research_fields, *works)


def works_of(talents):
    """Return {primary key: names and numbers of her papers, patents and other achievements}; unsaved records have none.

    One query.
    """
    found = {}
    if pks := [talent.pk for talent in talents if talent.pk]:
        entries = CareerEntry.objects.kept().filter(talent__in=pks, kind=EntryKind.ACHIEVEMENT)
        said = entries.order_by("-pk").values_list("talent_id", "name", "number")
        for pk, *words in said:
            found.setdefault(pk, []).append(words)
    return {pk: list(chain.from_iterable(works[:MOST_WORKS])) for pk, works in found.items()}


def index(talents):
    """Bring the derived columns of unsaved `talents` in step; save() and bulk_create() call this."""
    works = works_of(talents)
    for talent in talents:
        talent.pinyin_name = pinyin(talent.full_name)
        talent.search_text = document(talent, works.get(talent.pk, ()))
        talent.search_grams = bigrams.grams(talent.search_text)


def refresh(queryset, *, chunk=500):
    """Recompute the search columns of a queryset of talents; returns how many were written.

    Each chunk is read under the lock it is written under: what was read before an erasure or a new name would put the
    old words back.
    """
    written, last = 0, 0
    while people := _refresh_chunk(queryset.filter(pk__gt=last), chunk):
        written, last = written + len(people), people[-1].pk
    return written


@transaction.atomic
def _refresh_chunk(queryset, chunk):
    people = list(queryset.locked().select_related("unit").order_by("pk")[:chunk])
    if people:
        index(people)
        columns = ["pinyin_name", "search_text", "search_grams"]
        type(people[0]).objects.bulk_update(people, columns)
    return people
