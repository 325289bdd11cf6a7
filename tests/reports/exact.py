"""What the apps count for the monthly report, before anything of it is let out."""

from kernel.days import month_bounds
from reports import figures


def exact(counted):
    """Return {name: number or {code: number}} of what an app's `monthly` returned."""
    return {
        name: figure.count if hasattr(figure, "count") else figure.counts
        for name, figure in counted.items()
    }


def exact_month(month):
    """Return {app: its exact figures} of a month, a control for what the report tells of them."""
    return {app: exact(part.monthly(*month_bounds(month))) for app, part in figures.parts().items()}
