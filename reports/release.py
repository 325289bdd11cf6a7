"""What the monthly report tells of the figures the apps count.

Staff of every department read the report, and none of them owns all of its women. So nothing an app counts is told as
it is, unless it says that it is no figure of people (`Things`): what is neither is a mistake of the program, not a
figure that slips through. Figures of people are told as they are to partners (privacy.release): in whole tens that
move by ten people, the same between two months and between two versions of one. The exact ones are the departments' own.
"""

from collections import defaultdict

from kernel.portal import People, PeopleBy, PeopleByMonth, Things
from privacy.release import release, release_together, release_total


def let_out(app, counted, *, month, now):
    """Return the figures of an app as plain JSON values; what may not be known of people is None.

    Arguments:
        app: whose they are; what was released of them is kept under "report.<app>.<figure>".
        counted: {name: Things, People, PeopleBy or PeopleByMonth} of the month that begins on `month`.
    Raises TypeError for anything else.
    """
    breakdowns = defaultdict(dict)
    for name, figure in counted.items():
        if isinstance(figure, PeopleBy) and figure.of:
            breakdowns[figure.of][name] = figure
    told = {}
    for name, figure in counted.items():
        kept_as = f"report.{app}.{name}"
        match figure:
            case Things():
                told[name] = figure.counts
            case People() if name in breakdowns:
                told |= _together(kept_as, name, figure, breakdowns[name], month, now)
            case People():
                told[name] = _total(kept_as, figure, month, now)
            case PeopleBy(of=""):
                told[name] = _breakdown(kept_as, figure, month, now)
            case PeopleBy() if isinstance(counted.get(figure.of), People):
                pass  # told beside its total
            case PeopleByMonth():
                told[name] = _by_month(f"report.{app}.{figure.of}", figure.counts, now)
            case _:
                raise TypeError(f"{app}.{name} is declared as neither Things nor People")
    return told


def _total(kept_as, figure, month, now):
    return release_total(
        kept_as, figure.count, now=now, behind=figure.behind, month=month, stock=figure.stock
    )


def _breakdown(kept_as, figure, month, now):
    if figure.year:
        kept_as, month = f"{kept_as}.{figure.year}", None
    cells = release(
        kept_as, figure.counts, now=now, behind=figure.behind, month=month, stock=figure.stock
    )
    return _every_code(figure, cells)


def _together(kept_as, name, total, breakdowns, month, now):
    """Tell a total and its breakdowns so that none gives another's small cells away."""
    tables = {by: (figure.counts, len(figure.codes)) for by, figure in breakdowns.items()}
    behind = {by: figure.behind for by, figure in breakdowns.items()} | {"total": total.behind}
    shown, count = release_together(
        kept_as, total.count, tables, now=now, behind=behind, month=month, stock=total.stock
    )
    cells = {by: _every_code(figure, shown[by]) for by, figure in breakdowns.items()}
    return {name: count, **cells}


def _every_code(figure, cells):
    """Return {code: count or None} of all codes: who is not told must not be known by standing there or not."""
    return {code: cells.get(code) for code in figure.codes}


def _by_month(kept_as, counts, now):
    return [
        [month.isoformat(), release_total(kept_as, count, now=now, month=month)]
        for month, count in counts.items()
    ]
