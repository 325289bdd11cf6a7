"""A school's counts are entered, corrected and taken back; staff take lists out."""

from django.db import transaction

from kernel import rights
from kernel.errors import raise_if
from outreach.choices import rules
from outreach.choices.models import CELLS, ChoiceCell, ChoiceReport
from privacy import audit


@transaction.atomic
def save_choices_of_year(*, unit, year, counts, by, now):
    """Enter a school's counts of a year, or correct them; returns the ChoiceReport.

    `counts` is {(sex, first, pair): pupils} with every cell (models.CELLS). Raises Refused, Invalid.
    """
    raise_if(rules.why_not_report(unit, by))
    raise_if(rules.why_not_year(year, now) or rules.why_not_counts(counts))
    report, is_new = ChoiceReport.objects.get_or_create(
        unit=unit, year=year, defaults={"entered_at": now}
    )
    report = ChoiceReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    before = report.cells.counted()
    changed = [cell for cell in CELLS if before.get(cell) != counts[cell]]
    if not changed and report.withdrawn_at is None:
        return report
    report.entered_at, report.withdrawn_at = now, None
    report.save(update_fields=["entered_at", "withdrawn_at"])
    rows = [
        ChoiceCell(report=report, sex=sex, first=first, pair=pair, pupils=counts[sex, first, pair])
        for sex, first, pair in changed
    ]
    ChoiceCell.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["report", "sex", "first", "pair"],
        update_fields=["pupils"],
    )
    total = [sum(before.values()), sum(counts.values())]
    verb = "outreach.enter_choices" if is_new else "outreach.correct_choices"
    audit.record(verb, report, by=by, at=now, pupils=total)
    return report


@transaction.atomic
def withdraw_choices(*, report, by, now):
    """Take a school's counts of a year back: they count nowhere until saved again; returns the ChoiceReport.

    Raises Refused, Conflict.
    """
    raise_if(rules.why_not_report(report.unit, by))
    report = ChoiceReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    raise_if(rules.why_not_withdraw(report))
    report.withdrawn_at = now
    report.save(update_fields=["withdrawn_at"])
    audit.record("outreach.withdraw_choices", report, by=by, at=now)
    return report


def export_choices(*, rows, by, now):
    """Return the ChoiceReports of `rows` with their cells, to be written out; the log keeps how many. Raises Refused."""
    rights.require(by, "outreach.view_choicereport")
    found = list(rows.select_related("unit").prefetch_related("cells").order_by("-year", "unit"))
    if found:
        audit.record("outreach.export_choices", found[0], by=by, at=now, rows=len(found))
    return found
