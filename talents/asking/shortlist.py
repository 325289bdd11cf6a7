"""Who is asked next: fit first, then who has waited longest; each place explained.

Disciplines, industries and words must be met; second-level disciplines and levels of titles are wished for, and each that
is met is a step of fit. Among those who fit alike nothing counts but when each was asked last: what she answered, how
well known she is and how often she came is not looked at, so that the same few are not asked again and again.

Read page by page along an index (`talents.asking.models.turns`), best fit first, until enough may be asked: answers of
consent, wishes and the quarter are looked up for a page of candidates, not for a million records.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel import bigrams
from kernel.days import month_of
from kernel.text import fold
from kernel.words import listed, month_text
from talents import standing
from talents.asking import rules
from talents.asking.models import LONGEST_FIRST
from talents.career import standards
from talents.codes import Discipline, Industry, TitleLevel
from talents.models import Talent

PAGE, MOST_LOOKED_AT = 60, 1200
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Wanted:
    """What is looked for.

    Arguments:
        disciplines, industries: codes; she has one of them. None asks for nothing.
        words: each has to stand in what she is found by.
        details, levels: second-level disciplines and levels of titles that are wished for; one of each is enough.
        without: numbers of records that are not proposed.
    """

    disciplines: tuple = ()
    industries: tuple = ()
    words: str = ""
    details: tuple = ()
    levels: tuple = ()
    without: frozenset = frozenset()

    @property
    def wishes(self):
        """Return the conditions of what is wished for, each a step of fit."""
        wishes = []
        if self.details:
            wishes.append(Q(discipline_detail__in=self.details))
        if self.levels:
            wishes.append(Q(title_level__in=self.levels))
        return wishes

    def meets(self, fit):
        """Return the condition of who meets exactly so many of the wishes."""
        wishes, met = self.wishes, Q()
        for chosen in combinations(range(len(wishes)), fit):
            one = Q()
            for place, wish in enumerate(wishes):
                one &= wish if place in chosen else ~wish
            met |= one
        return met


@dataclass(frozen=True)
class Place:
    """One woman on a shortlist, as any department may see her that may ask her; `why` are sentences without their stop."""

    pk: int
    name: str
    title: str
    unit: str
    fields: str
    why: tuple
    department: Any = None


@dataclass(frozen=True)
class Shortlist:
    """Places in order; `more`: not everybody who fits was looked at, because most of them could not be asked."""

    places: list
    more: bool = False


def shortlist(*, kind, wanted, department, now, most=20):
    """Return the Shortlist of women whom a department may ask for something (a code of `kinds`) at `now`."""
    found, looked_at = [], 0
    for page in _pages(wanted, department, now):
        fine = set(
            rules.askable(Talent.objects.filter(pk__in=page), kind, department, now)
            .order_by()
            .values_list("pk", flat=True)
        )
        found += [pk for pk in page if pk in fine]
        looked_at += len(page)
        if len(found) >= most or looked_at >= MOST_LOOKED_AT:
            break
    return Shortlist(
        _places(found[:most], wanted), more=looked_at >= MOST_LOOKED_AT and len(found) < most
    )


def _pages(wanted, department, now):
    """Yield pages of candidates' numbers in the order they would be asked."""
    common = bool(wanted.words) and bigrams.is_common(Talent, wanted.words)
    for fit in range(len(wanted.wishes), -1, -1):
        last = None
        while True:
            page = _page(wanted, fit, last, common, department, now)
            if page:
                yield [pk for pk, _asked_at in page]
            if len(page) < PAGE:
                break
            last = page[-1]


def _page(wanted, fit, last, common, department, now):
    """Return the next [(number, when asked last)] of who meets so many wishes, behind the one that was last."""
    rows = standing.listed_but_for_consent(Talent.objects.all(), timezone.localdate(now))
    rows = rules.found_by(rows, department).filter(wanted.meets(fit), _behind(last))
    if wanted.without:
        rows = rows.exclude(pk__in=wanted.without)
    if wanted.words and not common:
        return list(_rare(rows, wanted))
    if wanted.words:
        rows = bigrams.plain_match(rows, wanted.words)
    parts = [
        part.order_by(*LONGEST_FIRST).values_list("pk", "asked_at")[:PAGE]
        for part in _fields(rows, wanted, fit)
    ]
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return sorted(found, key=lambda row: (row[1] or NEVER, row[0]))[:PAGE]


def _fields(rows, wanted, fit):
    """Return the rows apart that are each read along an index of their own.

    Whoever meets all that is wished for has one of the second-level disciplines: so few of a large discipline that they are
    not looked for among all the others. Else by discipline, by industry; where only words are asked for, by level.
    """
    whole = fit == len(wanted.wishes)
    if wanted.details and whole:
        return [_within(rows, wanted).filter(discipline_detail=code) for code in wanted.details]
    if wanted.disciplines:
        if wanted.industries:
            rows = rows.filter(industry__in=wanted.industries)
        return [rows.filter(discipline=code) for code in wanted.disciplines]
    if wanted.industries:
        return [rows.filter(industry=code) for code in wanted.industries]
    if wanted.levels and whole:
        return [rows.filter(title_level=code) for code in wanted.levels]
    return [rows]


def _rare(rows, wanted):
    """Return the page of who is found by rare words: by the index of words, then sorted.

    The order is by an expression no index has, or the planner would read the women of a field one by one.
    """
    turn = Coalesce("asked_at", Value(NEVER))
    found = bigrams.match(_within(rows, wanted), wanted.words).order_by(turn, "pk")
    return found.values_list("pk", "asked_at")[:PAGE]


def _within(rows, wanted):
    """Keep the disciplines and industries that are looked for."""
    if wanted.disciplines:
        rows = rows.filter(discipline__in=wanted.disciplines)
    if wanted.industries:
        rows = rows.filter(industry__in=wanted.industries)
    return rows


def _behind(last):
    """Return the condition of who is behind (number, when asked last) in the order."""
    if last is None:
        return Q()
    pk, asked_at = last
    if asked_at is None:
        return Q(asked_at=None, pk__gt=pk) | Q(asked_at__isnull=False)
    return Q(asked_at__gt=asked_at) | Q(asked_at=asked_at, pk__gt=pk)


# --- what is shown --------------------------------------------------------------------------------
CARD = (
    "full_name",
    "professional_title",
    "title_level",
    "unit",
    "unit_text",
    "discipline",
    "discipline_detail",
    "industry",
    "research_fields",
    "asked_at",
    "department",
)


def _places(pks, wanted):
    rows = Talent.objects.filter(pk__in=pks).select_related("unit").only(*CARD, "unit__name")
    talents = {talent.pk: talent for talent in rows}
    return [_place(talents[pk], wanted) for pk in pks if pk in talents]


def _place(talent, wanted):
    return Place(
        pk=talent.pk,
        name=talent.full_name,
        title=talent.professional_title or _level(talent),
        unit=talent.unit_name,
        fields=listed(filter(None, [_discipline(talent), *talent.research_fields])),
        why=tuple(_why(talent, wanted)),
        department=talent.department_id,
    )


def card(talent):
    """Return how a woman is shown to who may ask her: name, title, unit, fields, and nothing of why."""
    return _place(talent, Wanted())


def _discipline(talent):
    return Discipline(talent.discipline).label if talent.discipline else ""


def _level(talent):
    return TitleLevel(talent.title_level).label if talent.title_level else ""


def _why(talent, wanted):
    """Yield what of it fits, and how long she has waited."""
    if talent.discipline in wanted.disciplines:
        yield _("学科：%(words)s") % {"words": _discipline(talent)}
    if talent.industry in wanted.industries:
        yield _("行业：%(words)s") % {"words": Industry(talent.industry).label}
    if wanted.words:
        yield _found_in(talent, wanted.words)
    if talent.discipline_detail in wanted.details:
        words = standards.words("discipline_detail", talent.discipline_detail)
        yield _("二级学科：%(words)s") % {"words": words}
    if talent.title_level in wanted.levels:
        yield _("职称：%(words)s") % {"words": _level(talent)}
    if talent.asked_at is None:
        yield _("还没有被邀请过")
    else:
        yield _("上次被邀请：%(month)s") % {"month": month_text(month_of(talent.asked_at))}


def _found_in(talent, words):
    """Say where the words stand: in her research where they do, else in her record."""
    terms = bigrams.terms(words)
    fields = [one for one in talent.research_fields if any(term in fold(one) for term in terms)]
    if fields:
        return _("研究方向：%(words)s") % {"words": listed(fields)}
    return _("档案里有“%(words)s”") % {"words": words}
