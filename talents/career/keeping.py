"""What every write to a record keeps in step: who said it and when, what was before, when to ask again."""

from contextlib import contextmanager

from django.db import connection
from django.utils import timezone

from kernel.days import begin, month_of, months_after
from talents.career.kinds import EntryKind
from talents.career.models import CareerEntry
from talents.career.sources import stamp

ASK_AGAIN = 12  # months after somebody stood for the whole
# The present, and since when: where the one changes and the other does not, nobody knows since when.
SINCE = {
    "unit_since": ("unit_key",),
    "title_since": ("professional_title", "title_level"),
    "graduated": ("education_level",),
}
PRESENT = (
    "position",
    "unit_since",
    "professional_title",
    "title_level",
    "title_since",
    "education_level",
    "school_and_major",
    "graduated",
)


def present(talent):
    """Return {name: value} of what a record says of today, as `settle` compares it with what comes next."""
    return {
        "unit_key": talent.unit_key,
        "unit_name": talent.unit_name,
        **{name: getattr(talent, name) for name in PRESENT},
    }


def settle(talent, before, names, source, now):
    """Note in memory what a change of `names` means; the caller saves the record, then what is returned.

    `before` is what `present` returned before the change, `source` a FactSource. Returns the CareerEntries
    (unsaved) that tell what was so until now: of a record in the database the old unit, title or degree is a
    part of her career, of one still being written it was never so.
    """
    names = set(names)
    stamp(talent, names, source, now)
    for since, about in SINCE.items():
        if since not in names and any(before[name] != getattr(talent, name) for name in about):
            setattr(talent, since, None)
    if not talent.is_verified:
        return []
    entries = [_job(talent, before, now), _title(talent, before), _study(talent, before)]
    former = [entry for entry in entries if entry]
    for entry in former:
        entry.source, entry.confirmed_at = source, now
        entry.created_at = entry.updated_at = now
    if changed_job(talent, before):
        ask_from(talent, now)
    return former


def set_right(talent, before, names, source, now):
    """Note in memory that `names` were set right: it was never otherwise, so what stands beside them stays."""
    stamp(talent, names, source, now)
    if talent.is_verified and changed_job(talent, before):
        ask_from(talent, now)


@contextmanager
def setting_right():
    """Have the snapshots of what is saved inside, in the caller's transaction, say that it was so all the time."""
    _say_set_right("on")
    yield
    _say_set_right("off")


def _say_set_right(value):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.set_right', %s, true)", [value])


def changed_job(talent, before):
    """Tell whether she works for another unit than before."""
    return bool(before["unit_key"]) and before["unit_key"] != talent.unit_key


def _job(talent, before, now):
    if not changed_job(talent, before):
        return None
    return CareerEntry(
        talent=talent,
        kind=EntryKind.EMPLOYMENT,
        organisation=before["unit_name"],
        name=before["position"],
        began=before["unit_since"],
        ended=month_of(now),
    )


def _title(talent, before):
    title = before["professional_title"]
    if not title or title == talent.professional_title:
        return None
    return CareerEntry(
        talent=talent,
        kind=EntryKind.TITLE,
        name=title,
        sort=before["title_level"],
        began=before["title_since"],
    )


def _study(talent, before):
    school = before["school_and_major"]
    if not school or school == talent.school_and_major:
        return None
    if before["education_level"] in ("", talent.education_level):
        return None  # the same study, told better
    return CareerEntry(
        talent=talent,
        kind=EntryKind.EDUCATION,
        organisation=school[:120],
        sort=before["education_level"],
        ended=before["graduated"],
    )


def hand_on(entries, talent):
    """Have entries (a QuerySet) hang on another record, and what they said before with them."""
    pks = list(entries.values_list("pk", flat=True))
    CareerEntry.history.filter(id__in=pks).update(talent=talent)
    CareerEntry.objects.filter(pk__in=pks).update(talent=talent)


def store(entries):
    """Save what `settle` returned, each with its history."""
    for entry in entries:
        entry.save()


def stand_for(talent, source, now):
    """Note in memory that `source` stands for the whole record today, and when it is asked about again."""
    talent.confirmed_at, talent.confirmed_by = now, source
    ask_from(talent, ask_again(now))


def ask_from(talent, moment):
    """Note in memory from when on she is asked to look a record through."""
    talent.confirm_from, talent.confirm_asked_at = moment, None


def stand_for_many(talents, source, now):
    """Store that `source` stands for these records as they are; one that is claimed its woman stands for."""
    unclaimed = [talent.pk for talent in talents if talent.user_id is None]
    if unclaimed:
        type(talents[0]).objects.filter(pk__in=unclaimed).update(
            confirmed_at=now,
            confirmed_by=source,
            confirm_from=ask_again(now),
            confirm_asked_at=None,
        )


def ask_again(now):
    """Return the moment a year after `now`, at the beginning of its day."""
    day = timezone.localdate(now)
    return begin(months_after(day, ASK_AGAIN))
