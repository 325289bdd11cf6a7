"""How fair calls were: who handed in, was accepted, shortlisted and awarded; concentration; how long each stage took.

Measure 1 asks for a better mechanism of evaluating women's work: this is what it is judged by. Figures are of the
records as they are now, since who is compared with whom is a question of today.
"""

from collections import Counter
from dataclasses import dataclass
from statistics import median

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from calls.models import Application, ApplicationState, NoticeEntry, PublicNotice, Review
from privacy.disclosure import MINIMUM, protect
from talents.facets import FACETS

State = ApplicationState
STEPS = ("handed_in", "accepted", "shortlisted", "awarded")
# Of the record's facets those that are asked about; who comes for the first time besides.
COMPARED = ("unit__kind", "discipline", "birth_month")
HEAVY = 3  # of how many units the share is told
DAY = 86400


@dataclass(frozen=True)
class Table:
    """Who came how far, by one thing: rows are (words, {step: count or None}, share awarded of handed in)."""

    title: str
    rows: list


@dataclass(frozen=True)
class Report:
    """What is told of one or several calls: `totals` is [(words of a step, count)], `units`
    [(words, share)], `times` [(words, median, longest)] in days.
    """

    calls: list
    totals: list
    tables: list
    units: list
    times: list
    exact: bool


def steps():
    """Return {step: words}."""
    words = (_("申报"), _("受理"), _("入围"), _("入选"))
    return dict(zip(STEPS, words, strict=True))


def of(calls, *, at, exact):
    """Return the Report on `calls`; not `exact`, as in a file, cells below ten are left out (privacy.disclosure).

    Shortlisted is who stood in a public notice or is noted as selected or on reserve; before results are told,
    noted ones count.
    """
    rows, day = _rows(calls), timezone.localdate(at)
    facets = {facet.column: facet for facet in FACETS if facet.column in COMPARED}
    tables = [
        _table(facets[column], [(row[column], row) for row in rows], day, exact)
        for column in COMPARED
    ]
    tables.append(_first_timers(rows, exact))
    return Report(
        calls=calls,
        totals=[(words, sum(row[step] for row in rows)) for step, words in steps().items()],
        tables=tables,
        units=[_heaviest(rows, step, exact) for step in ("handed_in", "awarded")],
        times=_times(calls, rows),
        exact=exact,
    )


def _rows(calls):
    """Return what is asked of each application handed in, as dicts with a truth for each of STEPS. One query."""
    earlier = Application.objects.filter(
        talent=OuterRef("talent"), number__isnull=False, started_at__lt=OuterRef("started_at")
    )
    listed = NoticeEntry.objects.filter(application=OuterRef("pk"))
    found = Application.objects.filter(call__in=calls, number__isnull=False)
    found = found.annotate(came_before=Exists(earlier), was_listed=Exists(listed))
    names = (
        "submitted_at",
        "accepted_at",
        "result",
        "taken_back_at",
        "came_before",
        "was_listed",
        "talent__unit",
    )
    facts = {column: f"talent__{column}" for column in COMPARED}
    rows = []
    for row in found.order_by().values(*names, *facts.values()):
        awarded = row["result"] == State.AWARDED and row["taken_back_at"] is None
        rows.append(
            row
            | {column: row[path] for column, path in facts.items()}
            | {
                "handed_in": True,
                "accepted": row["accepted_at"] is not None,
                "shortlisted": row["was_listed"] or awarded or row["result"] == State.RESERVE,
                "awarded": awarded,
            }
        )
    return rows


def _table(facet, valued, day, exact):
    words = dict(facet.choices())
    counted = {step: Counter() for step in STEPS}
    for value, row in valued:
        code = facet.of(value, day) or ""
        for step in STEPS:
            counted[step][code] += row[step]
    codes = [code for code in (*words, "") if counted["handed_in"][code]]
    if not facet.ranked:
        codes.sort(key=lambda code: (code == "", -counted["handed_in"][code]))
    return Table(str(facet.title), _told(codes, words | {"": _("没有填写")}, counted, exact))


def _first_timers(rows, exact):
    words = {True: _("首次申报"), False: _("以前申报过")}
    counted = {step: Counter() for step in STEPS}
    for row in rows:
        for step in STEPS:
            counted[step][not row["came_before"]] += row[step]
    codes = [code for code in words if counted["handed_in"][code]]
    return Table(_("是否首次申报"), _told(codes, words, counted, exact))


def _told(codes, words, counted, exact):
    shown = counted if exact else {step: protect(counted[step]) for step in STEPS}
    return [
        (words[code], cells := {step: shown[step].get(code, 0) for step in STEPS}, _share(cells))
        for code in codes
    ]


def _share(cells):
    part, whole = cells["awarded"], cells["handed_in"]
    return percent(part, whole) if part is not None and whole else None


def percent(part, whole):
    """Return 83.3%, None where there is nothing to divide by."""
    return f"{part / whole * 100:.1f}%" if whole else None


def _heaviest(rows, step, exact):
    """Return how much of a step the units with most of it have; in a file not of fewer than ten."""
    of_step = [row["talent__unit"] for row in rows if row[step]]
    most = sum(n for unit, n in Counter(of_step).most_common(HEAVY))
    enough = exact or len(of_step) >= MINIMUM
    sentence = _("%(step)s最多的 %(n)s 家单位占%(step)s总数")
    words = sentence % {"n": HEAVY, "step": steps()[step]}
    return words, percent(most, len(of_step)) if enough else None


def _times(calls, rows):
    """Return what each stage took, from what to what; stages nothing has gone through yet are left out."""
    keys = {call.pk: call for call in calls}
    notices = PublicNotice.objects.filter(call__in=keys, ended_at__isnull=False, state="ended")
    reviews = Review.objects.filter(stage__call__in=keys, ranked_at__isnull=False)
    reviews = reviews.values_list("stage__call", "ranked_at")
    spans = (
        (
            _("从提交到受理"),
            [(row["submitted_at"], row["accepted_at"]) for row in rows if row["accepted"]],
        ),
        (_("从截止到评审排名确定"), [(keys[pk].closes_at, ranked) for pk, ranked in reviews]),
        (_("公示"), list(notices.values_list("started_at", "ended_at"))),
        (
            _("从截止到公布结果"),
            [(call.closes_at, call.decided_at) for call in calls if call.decided_at],
        ),
    )
    return [(words, *_days(found)) for words, found in spans if found]


def _days(spans):
    days = [max((end - start).total_seconds(), 0) / DAY for start, end in spans]
    return round(median(days), 1), round(max(days), 1)
