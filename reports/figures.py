"""The figures of the whole programme, put together from what each app counts (kernel.portal).

Numbers and codes only; words are added when they are shown. Months are calendar months of Asia/Shanghai,
given as the date of their first day.
"""

from kernel import portal
from kernel.days import month_bounds
from reports.release import let_out


def parts():
    """Return {app: its kernel.portal.Report}, in the order of the report."""
    declared = portal.declarations().items()
    reports = {app: declaration.report for app, declaration in declared if declaration.report}
    return dict(sorted(reports.items(), key=lambda item: item[1].order))


def monthly(month, *, now):
    """Return what staff of all departments may know of one month (reports.release), as plain JSON values."""
    start, end = month_bounds(month)
    told = {
        app: let_out(app, report.monthly(start, end), month=month, now=now)
        for app, report in parts().items()
    }
    return {"month": month.isoformat(), **told}


def statistics(now):
    """Return what partner units may know: counts of people in cells of ten or more, and totals."""
    return {key: part.count(now) for key, part in portal.merged("statistics").items()}
