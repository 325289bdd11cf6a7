"""What became of a record in a year: the conditions the trends count by, and the lists behind them."""

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from talents import codes
from talents.career.kinds import Tier

YEARS = 6
TITLES = {level: rank for rank, level in enumerate(codes.TitleLevel.values)}
TIERS = {"": 0} | {tier: rank for rank, tier in enumerate(Tier.values, start=1)}


def ranked(column, ranks):
    """Return SQL for the place of a coded column in its order, -1 for what is not in it."""
    whens = " ".join(f"WHEN '{code}' THEN {rank}" for code, rank in ranks.items())
    return f"CASE {column} {whens} ELSE -1 END"


# Conditions on a snapshot `s`. A verification that was taken back (talents.operations.unverifying) leaves one that waits
# again: it and what was before it never were. Who is in the database stands in it as verified, whoever has left does not.
STANDS = """NOT EXISTS (
    SELECT FROM talents_careersnapshot v WHERE v.talent_id = s.talent_id AND v.state = 'submitted' AND v.id >= s.id
)"""
IN = "s.state = 'verified'"
CAME = f"{IN} AND s.was_state <> 'verified'"
STAYED = f"{IN} AND s.was_state = 'verified'"
# A double that was merged away is not a woman who left, and no second one comes back when that is undone.
LEFT = "s.state <> 'verified' AND s.was_state = 'verified'"
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


def rearranged(here, was_here):
    """Return SQL for the records that came to be counted by a merge undone or a handing over, less those gone so.

    `here` and `was_here` are the conditions that a snapshot stands, and stood, with the department that is asked about.
    """
    came = f"{IN} AND {here} AND (s.was_state = 'merged' OR s.was_state = 'verified' AND NOT {was_here})"
    went = (
        f"s.was_state = 'verified' AND {was_here} AND (s.state = 'merged' OR {IN} AND NOT {here})"
    )
    return f"count(*) FILTER (WHERE {came}) - count(*) FILTER (WHERE {went})"


# Who has left is in no list.
LISTED = ("joined", "returned", "title", "tier")


def years(day):
    """Return the years trends tell of."""
    return range(day.year - YEARS + 1, day.year + 1)


def change_words():
    """Return {change-year: words} of the changes whose women can be listed, the newest first."""
    said = {
        "joined": _("%(year)s 年新入库"),
        "returned": _("%(year)s 年回到库里"),
        "title": _("%(year)s 年晋升职称"),
        "tier": _("%(year)s 年提高层次"),
    }
    return {
        f"{change}-{year}": said[change] % {"year": year}
        for year in reversed(years(timezone.localdate()))
        for change in LISTED
    }


def changed_in(name, day):
    """Return the condition on talents that a change ("joined-2025") befell."""
    change, _dash, year = name.partition("-")
    # Only constants of this module are put together: BandFilter takes no name that change_words lacks.
    sql = f"""talents_talent.id IN (
        SELECT s.talent_id FROM talents_careersnapshot s
         WHERE s.day >= %s AND s.day < %s AND {CHANGES[change]} AND {STANDS}
    )"""  # noqa: S608
    ends = [f"{year}-01-01", f"{int(year) + 1}-01-01"]
    return RawSQL(sql, ends, output_field=BooleanField())  # noqa: S611
