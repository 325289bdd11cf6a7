"""What a rule, as it would read, would have given in a year that has been: before it is changed.

It counts what really happened: each earning by this rule that was not taken back, once more by the new terms. What earned
nothing, because a cap was reached or no rule held on that day, left no line in the ledger and cannot be counted; nor can
how many more or fewer would come for other points. `Preview.sentence` says so.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from care_points.models import CAPS, Transfer, TransferKind
from kernel import days

# A cap fills up one earning after the other, so what it lets through in all is the lesser of it and the sum.
WOULD_HAVE = """
WITH happened AS (
    SELECT entry.account_id, (earned.at AT TIME ZONE %(zone)s)::date AS day,
           sum(%(points)s * CASE WHEN %(hourly)s THEN coalesce(hours.half_hours, 0) ELSE 2 END / 2) AS points,
           sum(entry.amount) AS really, count(*) AS times
      FROM care_points_transfer earned
      JOIN care_points_entry entry ON entry.transfer_id = earned.id AND entry.amount > 0
      LEFT JOIN care_points_servicehours hours ON hours.id = earned.hours_id
     WHERE earned.rule_id = %(rule)s AND earned.kind = 'earned' AND earned.at >= %(start)s AND earned.at < %(end)s
       AND NOT EXISTS (SELECT FROM care_points_transfer undone WHERE undone.reverses_id = earned.id)
     GROUP BY 1, 2
), by_day AS (
    SELECT account_id, date_trunc('month', day) AS month, times, really, least(points, %(daily_cap)s) AS points
      FROM happened
), by_month AS (
    SELECT account_id, sum(times) AS times, sum(really) AS really, least(sum(points), %(monthly_cap)s) AS points
      FROM by_day GROUP BY account_id, month
), by_year AS (
    SELECT account_id, sum(times) AS times, sum(really) AS really, least(sum(points), %(yearly_cap)s) AS points
      FROM by_month GROUP BY account_id
)
SELECT coalesce(sum(points), 0), count(*) FILTER (WHERE points > 0), coalesce(sum(times), 0), coalesce(sum(really), 0)
  FROM by_year
"""


@dataclass(frozen=True)
class Preview:
    """What the terms would have given in `year`: points, to how many women, for how many things that really happened."""

    year: int
    points: int
    women: int
    times: int
    really: int

    @property
    def sentence(self):
        """Return what it says to whoever changes the rule, and what it cannot know."""
        facts = {
            name: getattr(self, name) for name in ("year", "points", "women", "times", "really")
        }
        if not self.times:
            text = _("%(year)s 年没有按这条规则发放过积分，无法试算。")
            return text % facts
        would = ngettext(
            "按 %(year)s 年实际发生的 %(times)s 次试算：改后会向 %(women)s 人发放 %(points)s 分，当年实际发放 %(really)s 分。",
            "按 %(year)s 年实际发生的 %(times)s 次试算：改后会向 %(women)s 人发放 %(points)s 分，当年实际发放 %(really)s 分。",
            self.women,
        )
        unknown = _(
            "当年因达到上限或规则停用而没有得分的，账本里没有记录，不在其内；参加人数因此增减多少也无法预计。"
        )
        return f"{would % facts} {unknown}"


def preview(rule, terms, now):
    """Return the Preview of a rule under other `terms` ({points, daily_cap, monthly_cap, yearly_cap}). Two queries.

    The year is the last one, or this one so far where the rule gave nothing in the last.
    """
    this_year = timezone.localdate(now).year
    earned = Transfer.objects.filter(rule=rule, kind=TransferKind.EARNED)
    start, end = _bounds(this_year - 1)
    year = this_year - 1 if earned.filter(**days.within("at", start, end)).exists() else this_year
    start, end = _bounds(year)
    with connection.cursor() as cursor:
        cursor.execute(
            WOULD_HAVE,
            {cap: terms[cap] for cap in CAPS}
            | {
                "points": terms["points"],
                "rule": rule.pk,
                "hourly": rule.unit == "hour",
                "zone": timezone.get_default_timezone_name(),
                "start": start,
                "end": end,
            },
        )
        points, women, times, really = map(int, cursor.fetchone())
    return Preview(year, points, women, times, really)


def _bounds(year):
    return days.begin(date(year, 1, 1)), days.begin(date(year + 1, 1, 1))
