"""What leaves the house of the statistics: a figure moves only when ten people stand behind the move.

Whoever reads an exact figure before and after somebody registers knows that she did. So every release, by the
API or in a file for others, asks `release` (rule 25 of the trust rules), and nothing else gives figures out:

1. Figures are whole tens. A difference of two of them, a total minus its parts above all, is one as well:
   an exact total that moves by eleven beside a part that moves by ten would give the eleventh away.
2. A figure stays at what was released last until the count is ten away from it: one woman on the border
   between two tens moves nothing by coming and going.
3. Each table is looked at once a day (Asia/Shanghai); what happened in between comes out together.
4. Below ten a cell is not there, as if it were empty: the first joiner must not make it appear.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from privacy.disclosure import MINIMUM
from privacy.models import ReleasedTable


def step(released, count):
    """Return what is released of `count` after `released`: whole tens, moved by ten people at least."""
    return released + int((count - released) / MINIMUM) * MINIMUM


@transaction.atomic
def release(name, counts, *, now, behind=None):
    """Return what may be known outside of a table of counts: {code: count in whole tens, at least ten}.

    Arguments:
        name: of the table ("talents.discipline"); what was released of it last is kept under it.
        counts: {code: count} as they are, of people or of what people have.
        behind: {code: function(since)}, where a count is not of people (points, seats): how many people
            moved it since that moment, all of them for None. They have to be ten as well.
    """
    table = _locked(name, now)
    if not _looked_at_today(table, now):
        for code in counts.keys() | table.cells.keys():
            _move(table, code, counts.get(code, 0), (behind or {}).get(code), now)
        table.looked_at = now
        table.save()
    return {code: cell["count"] for code, cell in table.cells.items() if cell["count"]}


def release_total(name, count, *, now, behind=None):
    """Return what may be known outside of one count: whole tens, or None below ten."""
    behind = behind and {"total": behind}
    return release(name, {"total": count}, now=now, behind=behind).get("total")


def _locked(name, now):
    """Return the table's row, locked: of two releases at once the second sees what the first let out."""
    ReleasedTable.objects.get_or_create(name=name)
    return ReleasedTable.objects.select_for_update().get(name=name)


def _looked_at_today(table, now):
    last = table.looked_at
    return last is not None and timezone.localdate(now) <= timezone.localdate(last)


def _move(table, code, count, behind, now):
    cell = table.cells.get(code, {"count": 0, "since": None})
    moved = step(cell["count"], count)
    if moved == cell["count"] or _too_few(behind, cell["since"]):
        return
    table.cells[code] = {"count": moved, "since": now.isoformat()}


def _too_few(behind, since):
    return behind is not None and behind(since and datetime.fromisoformat(since)) < MINIMUM
