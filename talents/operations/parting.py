"""What a woman wrote into a record that was another's, while her account stood with it by a merge that is taken back.

It is hers and goes with her; the record she leaves is as the merge had left it. What clerks set right meanwhile stays.
"""

from django.db.models import Max

from talents.career import keeping
from talents.career.kinds import EntryKind
from talents.career.sources import FactSource
from talents.models import AskingWish, CareerEntry, PublicPage
from talents.operations.life import forget_hers
from talents.operations.profile import STEP_FIELDS
from talents.operations.proposals import forget_proposed

# Columns she may write, whose words go with her; and those that only say that she stood for it, and by which phone.
HERS = [name for step in (2, 3) for name in STEP_FIELDS[step] if name != "unit"] + ["unit_id"]
BESIDE = ["phone", "facts", "written_by", "confirmed_at", "confirmed_by", "confirm_from"]
# What is set to nothing where she changes what it is about.
SINCE = {
    "unit_since": ("unit", "unit_text"),
    "title_since": ("professional_title", "title_level"),
    "graduated": ("education_level",),
}
# An entry that tells what was so before her words: {kind: (its column, the record's column)}.
FORMER = {
    EntryKind.EMPLOYMENT: ("name", "position"),
    EntryKind.TITLE: ("name", "professional_title"),
    EntryKind.EDUCATION: ("organisation", "school_and_major"),
}


def left_as(keep):
    """Return how a merge leaves the record that an account comes to, as JSON takes it."""
    newest = CareerEntry.history.filter(talent=keep).aggregate(newest=Max("history_id"))["newest"]
    said = {name: getattr(keep, name) for name in [*HERS, *BESIDE]}
    return {"record": said, "unit_name": keep.unit_name, "entry_version": newest or 0}


def give_words_back(keep, lose, left, since):
    """Give what she wrote since a moment to her own record, in memory; what waited or was shown of it there goes too.

    `left` is what `left_as` returned.
    """
    before = left["record"]
    for column in HERS:
        name, value = column.removesuffix("_id"), _read(keep, column, before[column])
        if getattr(keep, column) != value and _is_hers(keep, name, before["facts"]):
            setattr(lose, column, getattr(keep, column))
            setattr(keep, column, value)
    own = {n: said for n, said in keep.facts.items() if _is_hers(keep, n, before["facts"])}
    lose.facts |= own
    facts = {name: said for name, said in keep.facts.items() if name not in own}
    facts |= {name: said for name, said in before["facts"].items() if name in own}
    for column in BESIDE:
        setattr(keep, column, _read(keep, column, before[column]))
    keep.facts = facts
    forget_hers(keep)
    forget_proposed(keep, since)


def _is_hers(keep, name, facts):
    """Tell whether she said a field since: what depends on a field is said with it."""
    names = (name, *SINCE.get(name, ()))
    said = [(keep.facts.get(one), facts.get(one)) for one in names]
    return any(now and now[0] == FactSource.SELF and now != before for now, before in said)


def _read(keep, column, value):
    field = keep._meta.get_field(column.removesuffix("_id"))
    return value if value is None or column.endswith("_id") else field.to_python(value)


def give_career_back(keep, lose, left, newest):
    """Have entries she wrote since (those behind a number) hang on her own record, and others read as they did."""
    written = keep.career.filter(source=FactSource.SELF)
    for entry in written.filter(pk__gt=newest):
        if _tells_former(entry, left):
            entry.delete()
    keeping.hand_on(written.filter(pk__gt=newest), lose)
    for entry in written.filter(pk__lte=newest):
        _read_as_before(entry, left["entry_version"])
    PublicPage.objects.filter(talent=keep).update(talent=lose)
    wish = AskingWish.objects.filter(talent=keep)
    if wish.exists():
        AskingWish.objects.filter(talent=lose).delete()
        wish.update(talent=lose)


def _tells_former(entry, left):
    column, name = FORMER.get(entry.kind, ("", ""))
    return bool(column) and getattr(entry, column) == (left["record"][name] or "")[:200]


def _read_as_before(entry, version):
    later = entry.history.filter(history_id__gt=version)
    before = entry.history.filter(history_id__lte=version).order_by("-history_id").first()
    if before is None or not later.exists():
        return
    later.delete()
    for field in before.tracked_fields:
        setattr(entry, field.attname, getattr(before, field.attname))
    entry.save_without_historical_record()
