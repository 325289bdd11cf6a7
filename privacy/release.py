"""What leaves the house of the statistics: a figure moves only when ten people stand behind the move.

Whoever reads an exact figure before and after somebody registers knows that she did. So every release, by the
API or in a report for other departments, asks `release` (rule 25 of the trust rules), and nothing else gives figures out:

1. Figures are whole tens. A difference of two of them, a total minus its parts above all, is one as well:
   an exact total that moves by eleven beside a part that moves by ten would give the eleventh away.
2. A figure stays at what was released last until the count is ten away from it: one woman on the border
   between two tens moves nothing by coming and going.
3. Each table is looked at once a day (Asia/Shanghai); what happened in between comes out together.
4. Below ten a cell is not there, as if it were empty: the first joiner must not make it appear, nor the last who goes
   make it vanish.
5. Tables that count the same people stand in for each other's total (`release_together`). Whole tens alone do not
   keep that safe: nine cells of nineteen and one of nine are 180, and 180 beside nine times 10 says that every cell
   holds as much as it can. What says so gives way, by tens, until every value from 0 to 9 is possible for every cell
   that is not there. It follows from figures that move by ten people, so it tells nothing they do not.
6. What is counted of a month (`month`) has a table of that month, however often and in whatever order the months are
   asked for, so that two versions of one month keep these rules between them. What stood at its end (`stock`) is the
   month before moved on: it begins with what was released of that month, so two months keep them as well. What
   happened in a month happened to others than what happened in the next, and each month begins with nothing.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from kernel.days import month_bounds, within
from privacy.disclosure import MINIMUM
from privacy.models import ReleasedTable


def step(released, count):
    """Return what is released of `count` after `released`: whole tens, moved by ten people at least.

    What was shown once stays at ten: from there it could only vanish when the last one has gone, and would say so.
    """
    moved = released + int((count - released) / MINIMUM) * MINIMUM
    return max(moved, MINIMUM) if released else moved


@transaction.atomic
def release(name, counts, *, now, behind=None, month=None, stock=False):
    """Return what may be known outside of a table of counts: {code: count in whole tens, at least ten}.

    Arguments:
        name: of the table ("talents.discipline"); what was released of it last is kept under it.
        counts: {code: count} as they are, of people or of what people have.
        behind: {code: function(since)}, where a count is not of people (points, seats): how many people
            moved it since that moment, all of them for None. They have to be ten as well (`people_in`).
        month: the first day of the month the counts are of; None where they are of now.
        stock: they stood so at the end of `month`, and are the month before moved on.
    """
    table = _locked(name, month, stock)
    if not _looked_at_today(table, now):
        moved_at = month_bounds(month)[1] if stock else now
        for code in counts.keys() | table.cells.keys():
            _move(table, code, counts.get(code, 0), (behind or {}).get(code), moved_at)
        table.looked_at = now
        table.save()
    return {code: cell["count"] for code, cell in table.cells.items() if cell["count"]}


def release_total(name, count, *, now, behind=None, month=None, stock=False):
    """Return what may be known outside of one count: whole tens, or None below ten. Arguments as for `release`."""
    behind = behind and {"total": behind}
    cells = release(name, {"total": count}, now=now, behind=behind, month=month, stock=stock)
    return cells.get("total")


def release_together(name, count, tables, *, now, behind=None, month=None, stock=False):
    """Return what may be known outside of tables that count the same people: ({table: {code: count}}, total).

    Arguments:
        name: of the tables ("talents"); what was released of them last is kept under "talents.total" and so on.
        count: of the people; the total is None where it may not be known.
        tables: {table: (counts as for `release`, how many cells the table can have)}.
        behind: {table: as for `release`}, and of the total as "total".
        month, stock: as for `release`.
    """
    behind, of = behind or {}, {"now": now, "month": month, "stock": stock}
    shown = {
        table: release(f"{name}.{table}", counts, behind=behind.get(table), **of)
        for table, (counts, _cells) in tables.items()
    }
    total = release_total(f"{name}.total", count, behind=behind.get("total"), **of) or 0
    return give_way(shown, total, {table: cells for table, (_counts, cells) in tables.items()})


def people_in(rows, person, at, *, until=None):
    """Return a function for `behind`: whose rows moved the count since a moment, as a number of people.

    Arguments:
        rows: all that make the count up.
        person: their column that says whose they are.
        at: their column of the moment each moved it.
        until: of a stock, when it stood so; what moved it between then and the other moment, whichever came first.
    """

    def people(since):
        if since and until:
            newer = rows.filter(**within(at, *sorted((since, until))))
        elif since:
            newer = rows.filter(**{f"{at}__gt": since})
        else:
            newer = rows.filter(**{f"{at}__lt": until}) if until else rows
        return newer.aggregate(n=Count(person, distinct=True))["n"]

    return people


def give_way(shown, total, cells):
    """Return the tables and the total as far as they leave every absent cell any value below ten.

    A cell that shows n holds n+9 at most, one that is absent 9. So the sum of a table says that an absent cell of
    another holds something as soon as it is more than the others of that table can hold together.
    """
    shown = {table: dict(sorted(counts.items())) for table, counts in shown.items()}
    while lowered := _largest_above(shown, _ceiling(shown, cells)):
        _lower(shown[lowered])
    total = min(total, _ceiling(shown, cells) // MINIMUM * MINIMUM)
    return shown, total or None


def _ceiling(shown, cells):
    """Return the least that the cells of some table but one can hold together."""
    rest = {table: (MINIMUM - 1) * (cells[table] - 1) for table in shown}
    return min(sum(shown[table].values()) + rest[table] for table in shown)


def _largest_above(shown, ceiling):
    largest = max(shown, key=lambda table: sum(shown[table].values()))
    return largest if sum(shown[largest].values()) > ceiling else None


def _lower(counts):
    """Take ten from the smallest cell; at nothing it is absent."""
    smallest = min(counts, key=lambda code: (counts[code], code))
    counts[smallest] -= MINIMUM
    if not counts[smallest]:
        del counts[smallest]


def _locked(name, month, stock):
    """Return the table's row, locked: of two releases at once the second sees what the first let out."""
    begin = {"cells": lambda: _nearest(name, month)} if stock else {}
    ReleasedTable.objects.get_or_create(name=name, month=month, defaults=begin)
    return ReleasedTable.objects.select_for_update().get(name=name, month=month)


def _nearest(name, month):
    """Return the cells of the month before, of an earlier one or else of the next there is; none where it is the first."""
    tables = ReleasedTable.objects.filter(name=name).exclude(looked_at=None)
    earlier = tables.filter(month__lt=month).order_by("-month")
    table = earlier.first() or tables.filter(month__gt=month).order_by("month").first()
    return table.cells if table else {}


def _looked_at_today(table, now):
    last = table.looked_at
    return last is not None and timezone.localdate(now) <= timezone.localdate(last)


def _move(table, code, count, behind, at):
    cell = table.cells.get(code, {"count": 0, "since": None})
    moved = step(cell["count"], count)
    if moved == cell["count"] or _too_few(behind, cell["since"]):
        return
    table.cells[code] = {"count": moved, "since": at.isoformat()}


def _too_few(behind, since):
    return behind is not None and behind(since and datetime.fromisoformat(since)) < MINIMUM
