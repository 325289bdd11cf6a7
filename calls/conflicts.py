"""What stands between two people when one is to judge the other. Other apps may ask `conflicts_between`.

Found in what the portal knows: units, careers, recommendations, names an applicant asked to be kept away. What it cannot
know (teachers, friends) the reviewer declares.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from accounts.names import unit_key
from calls.models import HARD, Colleague, Nomination, RelationKind
from kernel.text import fold
from talents.career.kinds import AchievementSort, EntryKind
from talents.career.models import CareerEntry
from talents.endorsing import Endorsement
from talents.models import Talent

Kind = RelationKind


@dataclass(frozen=True)
class Found:
    """One thing that stands between them; `detail` is what they share, "" where it is told by the kind."""

    kind: str
    detail: str = ""

    @property
    def is_hard(self):
        """Tell whether it blocks."""
        return self.kind in HARD

    @property
    def label(self):
        """Return the kind in words."""
        return Kind(self.kind).label


@dataclass
class Side:
    """What is compared of one person: the spellings of her units meet in their keys."""

    user: int | None = None
    name: str = ""
    units: dict = field(default_factory=dict)
    former: dict = field(default_factory=dict)
    works: dict = field(default_factory=dict)
    awards: dict = field(default_factory=dict)
    endorsed_by: set = field(default_factory=set)
    endorsed_at: dict = field(default_factory=dict)
    kept_away: set = field(default_factory=set)
    written_with: set = field(default_factory=set)


def conflicts_between(person, talent, *, kept_away="", unit_text=""):
    """Return what stands between a person who judges and a woman who is judged, the hard ones first.

    Arguments:
        person: the account (accounts.User) of who is to judge; her own record is found by it.
        talent: the record of who is judged.
        kept_away: names, one in a line, of whom the applicant asked not to be judged by.
        unit_text: the unit of a person who has no record.

    Seven queries. Returns a list of Found.
    """
    judge = _Judge(person, unit_text)
    return among([judge], [_Judged(talent, kept_away)])[judge, talent.pk]


@dataclass(frozen=True)
class _Judge:
    user: object
    unit_text: str = ""


@dataclass(frozen=True)
class _Judged:
    talent: object
    kept_away: str | None = ""


def among(judges, judged):
    """Return {(judge, talent's number): [Found]} for everybody with everybody; the number of queries does not grow.

    Judges have `user` and `unit_text` (calls.models.Reviewer), the judged `talent` and `kept_away`
    (calls.models.Application).
    """
    records = {
        talent.user_id: talent
        for talent in Talent.objects.filter(
            user__in=[one.user.pk for one in judges]
        ).select_related("unit")
    }
    talents = {one.talent.pk: one.talent for one in judged}
    careers = _careers({*talents, *(talent.pk for talent in records.values())})
    endorsed = _endorsements(talents)
    brought = _nominations(talents)
    theirs = {pk: _side(talent, careers, endorsed) for pk, talent in talents.items()}
    for pk, user in _colleagues(talents):
        theirs[pk].written_with.add(user)
    for pk, side in theirs.items():
        for row in brought[pk]:
            if row.unit_id:
                _add_unit(side.endorsed_at, row.unit.name)
            else:
                side.endorsed_by.add(row.nominator_id)
    for one in judged:
        theirs[one.talent.pk].kept_away = {
            fold(name) for name in (one.kept_away or "").splitlines() if name.strip()
        }
    found = {}
    for judge in judges:
        record = records.get(judge.user.pk)
        side = _side(record, careers, {}) if record else Side()
        side.user, side.name = judge.user.pk, side.name or fold(judge.user.full_name)
        _add_unit(side.units, judge.unit_text)
        if judge.user.unit_id:
            _add_unit(side.units, judge.user.unit.name)
        for pk, other in theirs.items():
            found[judge, pk] = sorted(_compared(side, other), key=lambda one: not one.is_hard)
    return found


def units_of(talents):
    """Return {record's number: (units she works for, units she did)} of women, each {key of its name: name}. Two queries."""
    rows = Talent.objects.filter(pk__in=[one.pk for one in talents])
    careers, found = _careers([one.pk for one in talents]), {}
    for talent in rows.select_related("unit", "user__unit"):
        side = _side(talent, careers, {})
        if talent.user_id and talent.user.unit_id:
            _add_unit(side.units, talent.user.unit.name)
        found[talent.pk] = (side.units, side.former)
    return found


def _add_unit(units, name):
    if key := unit_key(name or ""):
        units.setdefault(key, name)


def _side(talent, careers, endorsed):
    side = Side(user=talent.user_id, name=fold(talent.full_name))
    _add_unit(side.units, talent.unit_name)
    for entry in careers[talent.pk]:
        if entry.kind in (EntryKind.EMPLOYMENT, EntryKind.POST):
            # Without an end it goes on: a second job is a present one.
            _add_unit(side.former if entry.ended else side.units, entry.organisation)
        elif entry.sort == AchievementSort.AWARD:
            side.awards |= _shared_names(entry, with_year=True)
        else:
            side.works |= _shared_names(entry)
    for row in endorsed.get(talent.pk, ()):
        side.endorsed_by.add(row.by_id)
        _add_unit(side.endorsed_at, row.unit.name)
    return side


def _shared_names(entry, *, with_year=False):
    """Return what an achievement is known by to both who had a part in it: its number, its name."""
    names = {}
    if entry.number:
        names["number", fold(entry.number)] = entry.name or entry.number
    if entry.name:
        year = entry.began.year if with_year and entry.began else None
        names[entry.sort, fold(entry.name), year] = entry.name
    return names


def _careers(pks):
    kinds = (EntryKind.EMPLOYMENT, EntryKind.POST, EntryKind.ACHIEVEMENT)
    rows = CareerEntry.objects.kept().filter(talent__in=pks, kind__in=kinds).order_by("pk")
    of = defaultdict(list)
    for row in rows:
        of[row.talent_id].append(row)
    return of


def _endorsements(talents):
    of = defaultdict(list)
    for row in Endorsement.objects.standing().filter(talent__in=talents).select_related("unit"):
        of[row.talent_id].append(row)
    return of


def _nominations(talents):
    """Return {record's number: what she was brought forward by and agreed to}, whatever call it was for."""
    of = defaultdict(list)
    for row in Nomination.objects.agreed().filter(talent__in=talents).select_related("unit"):
        of[row.talent_id].append(row)
    return of


def _colleagues(talents):
    """Yield (record's number, account) of everybody who has written or is named in an application of theirs."""
    rows = Colleague.objects.filter(application__talent__in=talents, user__isnull=False)
    return rows.values_list("application__talent", "user")


def _compared(judge, judged):
    if judge.user is not None and judge.user == judged.user:
        yield Found(Kind.SELF)
        return
    if judge.name in judged.kept_away:
        yield Found(Kind.KIN)
    if shared := _common(judge.units, judged.units):
        yield Found(Kind.SAME_UNIT, shared)
    elif shared := _common(judge.units | judge.former, judged.units | judged.former):
        yield Found(Kind.FORMER_UNIT, shared)
    if judge.user in judged.endorsed_by or (shared := _common(judge.units, judged.endorsed_at)):
        yield Found(Kind.NOMINATOR, shared if judge.user not in judged.endorsed_by else "")
    if judge.user is not None and judge.user in judged.written_with:
        yield Found(Kind.CO_AUTHOR)
    elif shared := _common(judge.works, judged.works):
        yield Found(Kind.CO_AUTHOR, shared)
    if shared := _common(judge.awards, judged.awards):
        yield Found(Kind.CO_AWARD, shared)


def _common(mine, hers):
    """Return what both have, in words; "" for nothing."""
    return next((mine[key] for key in mine if key in hers), "")
