"""What became of a record in a year: the conditions the trends count by, and the lists behind them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import UnitKind
from kernel.words import labelled
from talents import codes, facets
from talents.career.kinds import Tier

YEARS = 6
TITLES = {level: rank for rank, level in enumerate(codes.TitleLevel.values)}
TIERS = {"": 0} | {tier: rank for rank, tier in enumerate(Tier.values, start=1)}


def ranked(column, ranks):
    """Return SQL for the place of a coded column in its order, -1 for what is not in it."""
    whens = " ".join(f"WHEN '{code}' THEN {rank}" for code, rank in ranks.items())
    return f"CASE {column} {whens} ELSE -1 END"


# Conditions on a snapshot `s`. A verification that was taken back (talents.operations.unverifying) leaves one that waits
# again: it and what was before it never were. Few have one, so whose it is not needs no second look at her rows.
# Who is in the database stands in it as verified, whoever has left does not.
VOID = "SELECT v.talent_id FROM talents_careersnapshot v WHERE v.state = 'submitted'"
STANDS = f"(s.talent_id NOT IN ({VOID}) OR NOT EXISTS ({VOID} AND v.talent_id = s.talent_id AND v.id >= s.id))"
IN, WAS_IN = "s.state = 'verified'", "s.was_state = 'verified'"
CAME = f"{IN} AND s.was_state <> 'verified'"
STAYED = f"{IN} AND {WAS_IN}"
# A double that was merged away is not a woman who left, and no second one comes back when that is undone.
LEFT = f"s.state <> 'verified' AND {WAS_IN}"
# Nobody rises by having said nothing before, or by what is set right.
ROSE = f"{STAYED} AND NOT s.corrected"
CHANGES = {
    "joined": f"{CAME} AND s.was_state = ''",
    "returned": f"{CAME} AND s.was_state NOT IN ('', 'merged')",
    "left": f"{LEFT} AND s.state <> 'merged'",
    "title": f"{ROSE} AND s.was_title_level <> ''"
    f" AND {ranked('s.title_level', TITLES)} > {ranked('s.was_title_level', TITLES)}",
    "tier": f"{ROSE} AND {ranked('s.tier', TIERS)} > {ranked('s.was_tier', TIERS)}",
}

RISES = ("title", "tier")
CODED = ("tier", "title_level", "discipline", "industry", "unit_kind")
# What a list can be about; of those who left it holds who is still, or again, in the database: who took her consent back
# is nobody's to read.
LISTED = ("stock", "joined", "returned", *RISES, "left")
LATER = """SELECT FROM talents_careersnapshot n
    WHERE n.talent_id = s.talent_id AND (n.day, n.id) > (s.day, s.id) AND n.day <= %s"""


def years(day):
    """Return the years trends tell of."""
    return range(day.year - YEARS + 1, day.year + 1)


@dataclass(frozen=True)
class Change:
    """What a list behind the trends is about: a figure of a year, of women of one code of a dimension where there is one.

    Written "joined-2025" or "joined-2025.tier.city"; the code "" is that nothing was said.
    """

    figure: str
    year: int
    dimension: str = ""
    code: str = ""

    def __str__(self):
        about = f".{self.dimension}.{self.code}" if self.dimension else ""
        return f"{self.figure}-{self.year}{about}"

    @property
    def words(self):
        """Return what it is called."""
        said = _said()[self.figure] % {"year": self.year}
        if not self.dimension:
            return said
        _title, codes_of = dimensions()[self.dimension]
        return labelled(said, codes_of.get(self.code, _("没有填写")))


def _said():
    return {
        "joined": _("%(year)s 年新入库"),
        "returned": _("%(year)s 年回到库里"),
        "title": _("%(year)s 年晋升职称"),
        "tier": _("%(year)s 年提高层次"),
        "stock": _("%(year)s 年末在库"),
        "left": _("%(year)s 年离开"),
    }


def dimensions():
    """Return {dimension: (what it is called, {code: words})}."""
    return {
        "tier": (_("人才层次"), dict(Tier.choices)),
        "title_level": (_("职称级别"), dict(codes.TitleLevel.choices)),
        "discipline": (_("学科"), dict(codes.Discipline.choices)),
        "industry": (_("行业"), dict(codes.Industry.choices)),
        "unit_kind": (_("单位类型"), dict(UnitKind.choices)),
        "age": (_("年龄"), facets.age_words()),
    }


def change_words():
    """Return {change: words} of the changes the list offers to choose from, the newest first."""
    offered = [
        Change(figure, year)
        for year in reversed(years(timezone.localdate()))
        for figure in LISTED
        if figure
        not in ("stock", "left")  # these need the list of all states, to which the trends lead
    ]
    return {str(change): change.words for change in offered}


def parsed(name, day):
    """Return the Change a name says; None for one there is not."""
    about, _dot, of = name.partition(".")
    figure, _dash, year = about.partition("-")
    dimension, _dot, code = of.partition(".")
    if figure not in LISTED or year not in map(str, years(day)):
        return None
    if of and (dimension not in dimensions() or code not in ["", *dimensions()[dimension][1]]):
        return None
    return Change(figure, int(year), dimension, code)


def changed_in(name, day):
    """Return the condition on talents that a change (`Change` as text) befell; its age is that at the year's end."""
    change = parsed(name, day)
    first, last = date(change.year, 1, 1), min(date(change.year, 12, 31), day)
    if change.figure == "stock":
        befell, values = f"s.day <= %s AND {IN} AND NOT EXISTS ({LATER})", [last, last]
    else:
        befell, values = f"s.day BETWEEN %s AND %s AND {CHANGES[change.figure]}", [first, last]
    if change.dimension in CODED:
        # Who left is counted by what she was.
        column = f"was_{change.dimension}" if change.figure == "left" else change.dimension
        befell += f" AND s.{column} = %s"
        values.append(change.code)
    # Only constants of this module are put together; names come from `parsed`.
    sql = f"""talents_talent.id IN (
        SELECT s.talent_id FROM talents_careersnapshot s WHERE {befell} AND {STANDS}
    )"""  # noqa: S608
    found = Q(RawSQL(sql, values, output_field=BooleanField()))  # noqa: S611
    if change.dimension != "age":
        return found
    return found & (facets.born_in(change.code, last) if change.code else Q(birth_month=None))
