"""A great many talents for scale work: bulk writes, no accounts, no audit rows, a progress bar."""

from datetime import timedelta
from random import Random

from accounts.models import Department, Unit
from liangjiang.demo import names, people
from talents import search
from talents.models import Talent

CHUNK = 5000


def add_talents(count, *, now, progress=lambda done: None):
    """Write `count` verified talents reported by units; `progress(done)` is called for each chunk.

    Every second one has an identity number while birthdays and regions last; phones repeat.
    """
    random = Random(count)
    departments = list(Department.objects.all())
    units = list(Unit.objects.all())
    numbers = _identity_numbers()
    first = Talent.objects.count()
    for start in range(0, count, CHUNK):
        rows = [
            _talent(first + number, random, departments, units, numbers, now)
            for number in range(start, min(start + CHUNK, count))
        ]
        Talent.objects.bulk_create(rows, batch_size=1000)
        progress(min(start + CHUNK, count))


def _identity_numbers():
    """Yield unused identity numbers of another region than the small world's."""
    day = people.birthday(Random(0)).replace(1964, 1, 1)
    for region in range(500101, 500120):
        if str(region) in people.REGIONS:
            continue
        for step in range(13_800):
            yield people.identity_number(str(region), day + timedelta(days=step))


def _talent(number, random, departments, units, numbers, now):
    title, level = random.choice(names.TITLES)
    field, discipline = random.choice(names.FIELDS)
    born = people.birthday(random)
    at = now - timedelta(minutes=random.randrange(2_000_000))
    unit = random.choice(units) if units else None
    talent = Talent(
        full_name=people.full_name(random),
        department=departments[number % len(departments)],
        state="verified",
        source="import",
        tier="reserve",
        id_number=next(numbers, None) if number % 2 else None,
        birth_month=born.replace(day=1),
        unit=unit,
        position=random.choice(names.POSITIONS),
        professional_title=title,
        title_level={"junior": "primary", "associate": "associate_senior"}.get(level, level),
        education_level=random.choice(["11", "14", "21"]),
        discipline=discipline,
        industry=random.choice("CIJMPQ"),
        research_fields=[field],
        phone=people.phone(number),
        created_at=at,
        updated_at=at,
        verified_at=at,
    )
    search.index(talent)
    return talent
