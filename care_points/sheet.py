"""Her statement of one year: on a sheet of paper, and as a workbook she takes with her.

The words are the statement's own: what kind of help she asked for stands on neither.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from care_points import lots, statement
from care_points.models import Entry
from kernel import days
from kernel.spreadsheets import opened, put
from kernel.words import day_text

RELATED = ("transfer__rule", "transfer__by__department", "transfer__hours", "transfer__redemption")


@dataclass(frozen=True)
class Sheet:
    """A year of one account: `lines` in the order they happened, what it began and ended with; `years` there are, whether the year is not over yet."""

    year: int
    years: list
    lines: list
    before: int
    after: int
    goes_on: bool

    @property
    def came(self):
        """Return the sum of what came."""
        return sum(line.amount for line in self.lines if line.amount > 0)

    @property
    def after_words(self):
        """Return what `after` is called."""
        return _("现在余额") if self.goes_on else _("年末余额")

    @property
    def went(self):
        """Return the sum of what went, without a sign."""
        return -sum(line.amount for line in self.lines if line.amount < 0)


def sheet(account, user, asked, now):
    """Return the Sheet of `user`'s own account for the year `asked` (text from an address), this year where it is none. Four queries."""
    this_year = timezone.localdate(now).year
    first = Entry.objects.filter(account=account).order_by("pk").values_list("transfer__at").first()
    oldest = timezone.localdate(first[0]).year if first else this_year
    years = list(range(this_year, oldest - 1, -1))
    year = (
        int(asked)
        if asked.isascii() and asked.isdecimal() and int(asked[:4]) in years
        else this_year
    )
    bounds = days.begin(date(year, 1, 1)), days.begin(date(year + 1, 1, 1))
    mine = Entry.objects.filter(account=account)
    entries = mine.filter(**days.within("transfer__at", *bounds)).select_related(*RELATED)
    rows = list(entries.order_by("pk"))
    earlier = mine.filter(transfer__at__lt=bounds[0]).order_by("-pk")
    before = earlier.values_list("balance_after", flat=True).first() or 0
    lines = statement.lines(rows, user)
    after = lines[-1].balance if lines else before
    return Sheet(year, years, lines, before, after, goes_on=year == this_year)


def validity(account):
    """Return [(points, until when in words)] of what is left, the soonest first."""
    return [(points, until_text(until)) for until, points in lots.running_out(account)]


def until_text(until):
    """Return until when points count, in words."""
    if until == lots.FOR_GOOD:
        return _("长期有效")
    return _("有效至 %(when)s") % {"when": day_text(timezone.localtime(until))}


def workbook(found, account, whose):
    """Return the bytes of an .xlsx of a Sheet and of what is left until when; `whose` is her name."""
    book, out = opened()
    with book:
        head = book.add_format({"bold": True, "bottom": 1})
        page = book.add_worksheet(_("积分明细"))
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_landscape()
        title = _("%(name)s %(year)s 年积分明细") % {"name": whose, "year": found.year}
        put(page, 0, 0, title, head)
        facts = (_("年初余额"), found.before), (found.after_words, found.after)
        for row, (label, value) in enumerate(facts, start=1):
            put(page, row, 0, label)
            put(page, row, 1, value)
        columns = (
            (_("时间"), 24),
            (_("事由"), 44),
            (_("积分"), 8),
            (_("余额"), 8),
            (_("有效期"), 26),
            (_("当时的规则"), 44),
            (_("经办"), 24),
            (_("流水号"), 14),
        )
        for column, (words, width) in enumerate(columns):
            page.set_column(column, column, width)
            put(page, 4, column, words, head)
        for row, line in enumerate(found.lines, start=5):
            cells = (
                line.when,
                line.why,
                line.amount,
                line.balance,
                line.until,
                line.rule,
                line.who,
                line.code,
            )
            for column, cell in enumerate(cells):
                put(page, row, column, cell)
        left = book.add_worksheet(_("有效期"))
        left.set_column(0, 1, 26)
        put(left, 0, 0, _("积分"), head)
        put(left, 0, 1, _("有效期"), head)
        for row, (points, until) in enumerate(validity(account), start=1):
            put(left, row, 0, points)
            put(left, row, 1, until)
    return out.getvalue()
