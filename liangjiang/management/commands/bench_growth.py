"""What `make bench-growth` measures at one size of the talent database; prints JSON."""

import json
import statistics
import time

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from accounts.models import Department
from advisory.suggestions import bench as suggestions
from kernel import bigrams
from kernel.admin.changelist import CappedPaginator, ShortWindow
from talents import facets
from talents.asking.models import kinds
from talents.asking.shortlist import Wanted, shortlist
from talents.doubles import finding
from talents.models import NOT_SHOWN, Talent
from talents.trends import cohorts, figures, keeping, parts

# Names, pinyin, initials, units, fields: rare, common, unknown.
QUERIES = (
    *("王敏", "陈静", "李秀英", "王", "欧阳", "wangmin", "lijing", "wm", "li"),
    *(
        "重庆",
        "两江",
        "研究院",
        "软件园",
        "机器人",
        "集成电路",
        "材料",
        "临床医学",
        "龘龘",
        "王 重庆",
    ),
)
# What departments look for: one discipline, several, with wishes many or hardly anybody meets, words rare and common.
WANTED = (
    Wanted(disciplines=("520",)),
    Wanted(disciplines=("520",), levels=("senior",)),
    Wanted(disciplines=("510", "580", "430"), levels=("senior", "associate_senior")),
    Wanted(disciplines=("350",), details=("35020",), levels=("senior",)),
    Wanted(disciplines=("320",), industries=("Q",)),
    Wanted(industries=("C", "I"), levels=("senior",)),
    Wanted(levels=("senior",)),
    Wanted(words="机器人"),
    Wanted(words="集成电路", levels=("senior",)),
    Wanted(words="两江", disciplines=("610",)),
    Wanted(words="龘龘"),
)
PAGE, RUNS = 25, 5
NOT_COPIED = ("id_number", "id_number_index", "phone", "phone_index")
# An account of her own for each copy, with her agreement; every twentieth lets other departments ask her.
COPY = """
    WITH model AS (
        SELECT t.*, row_number() OVER (ORDER BY t.id DESC) AS n FROM talents_talent t
         WHERE t.state = 'verified' ORDER BY t.id DESC LIMIT %(count)s
    ), made AS (
        INSERT INTO accounts_user (
            password, is_superuser, code, full_name, phone_verified, language, is_staff, is_active, date_joined,
            device_round
        )
        SELECT '', false, upper(substr(md5(clock_timestamp() || '-' || n), 1, 12)), '', false, 'zh-hans', false,
               true, clock_timestamp(), 0 FROM generate_series(1, %(count)s) n
        RETURNING id
    ), hers AS (
        SELECT id AS account, row_number() OVER () AS n FROM made
    ), agreed AS (
        INSERT INTO privacy_consent (user_id, purpose, about, recipient, granted, text_version, source, at)
        SELECT id, 'talent_database', '', '', true, 'bench', 'web', clock_timestamp() FROM made
    )
    INSERT INTO talents_talent ({columns})
    SELECT {values} FROM model t JOIN hers USING (n)
"""
OTHERS = """
    INSERT INTO privacy_consent (user_id, purpose, about, recipient, granted, text_version, source, at)
    SELECT t.user_id, 'asking', '', '', true, 'bench', 'web', clock_timestamp() FROM talents_talent t
     WHERE t.user_id %% 20 = 0 AND NOT t.others_may_ask AND t.id > %(last)s
"""


class Command(BaseCommand):
    """Grow the talent database to a size by copying its records, or time what is read of it."""

    help = __doc__

    def add_arguments(self, parser):
        """Take the size, or the order to measure."""
        parser.add_argument("--grow", type=int, default=0, help="rows there shall be")

    def handle(self, *args, grow, **options):
        """Do one of both."""
        if grow:
            _grow(grow)
            suggestions.grow(grow)
            self.stdout.write("{}")
        else:
            self.stdout.write(json.dumps(measured()))


def _grow(rows):
    """Copy records, without what says who somebody is, each copy born a month and entered 40 days before its model.

    Without the month all copies of a woman would be one woman's, and pairs of them grow by the square.
    """
    columns = [field.column for field in Talent._meta.concrete_fields if not field.primary_key]
    instead = dict.fromkeys(NOT_COPIED, "NULL") | {
        "user_id": "hers.account",
        # Half of them were asked before, at moments of their own.
        "asked_at": "CASE WHEN t.id % 2 = 0 THEN clock_timestamp() - random() * interval '400 days' END",
        "code": "upper(substr(md5(t.id || '-' || clock_timestamp()), 1, 12))",
        "birth_month": "(t.birth_month - interval '1 month')::date",
        "verified_at": "t.verified_at - interval '40 days'",
        "updated_at": "t.updated_at - interval '40 days'",
    }
    values = ", ".join(instead.get(column, f"t.{column}") for column in columns)
    sql = COPY.format(columns=", ".join(columns), values=values.replace("%", "%%"))
    last = Talent.objects.order_by("-pk").values_list("pk", flat=True).first()
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        while (missing := rows - Talent.objects.count()) > 0:
            cursor.execute(sql, {"count": min(missing, 50_000)})
        cursor.execute(OTHERS, {"last": last})


def measured():
    """Return {what: [median ms, 95th percentile ms]}."""
    rows = Talent.objects.exclude(state__in=NOT_SHOWN)
    middle = Talent.objects.order_by("-pk").values_list("pk", flat=True)[
        Talent.objects.count() // 2
    ]
    columns = [facet.column for facet in facets.FACETS]
    now, day = timezone.now(), timezone.localdate()
    home, *_others, other = Department.objects.order_by("order", "pk")
    keeping.refresh(None, now=now)
    never = next(one for one in parts.all_parts().values() if one.which == parts.NEVER)
    return {
        "floor: one record by its key": _timed(
            [lambda: rows.filter(pk=middle).values_list("pk").get()]
        ),
        "search: count and first page": _timed([_searching(rows, query) for query in QUERIES]),
        "facets of a search": _timed([_counting(rows, query, columns) for query in QUERIES]),
        "shortlist: who is asked next": _timed([_asking(one, home) for one in WANTED]),
        "shortlist: of another department": _timed([_asking(one, other) for one in WANTED]),
        "suggestions: similar ones": _timed(
            [suggestions.asking(*words) for words in suggestions.typed()]
        ),
        "list: count and first page": _timed([_page(CappedPaginator(rows.order_by("-pk"), PAGE))]),
        "list: a page in the middle, by keyset": _timed(
            [_page(CappedPaginator(rows.filter(pk__lt=middle).order_by("-pk"), PAGE))]
        ),
        "doubles: the next thousand records compared": _timed(
            [lambda: finding.look_again(now=now)]
        ),
        "trends: the list of who was never asked": _timed([_listed(rows, never.condition(day))]),
        "trends: the list of a cohort": _timed(
            [_listed(rows, cohorts.Cohort(day.year - 2, "title").condition)]
        ),
        "trends: computed": _timed([lambda: figures.compute(None, day)], runs=1),
        "trends: kept, as the page reads them": _timed([lambda: keeping.of(None, now=now)]),
    }


def _searching(rows, query):
    def search():
        if bigrams.is_common(Talent, query):
            return _first(ShortWindow(bigrams.newest(rows, query), PAGE))
        return _first(CappedPaginator(bigrams.ordered(rows, query), PAGE))

    return search


def _counting(rows, query, columns):
    found = bigrams.match(rows, query).order_by().values_list(*columns)
    return lambda: list(found[: facets.MOST_COUNTED + 1])


def _asking(wanted, department):
    kind = next(iter(kinds()))
    return lambda: shortlist(kind=kind, wanted=wanted, department=department, now=timezone.now())


def _listed(rows, condition):
    return _page(CappedPaginator(rows.filter(condition).order_by("-pk"), PAGE))


def _page(paginator):
    return lambda: _first(type(paginator)(paginator.object_list, PAGE))


def _first(paginator):
    return paginator.count and list(
        paginator.page(1).object_list.defer("search_text", "search_grams")
    )


def _timed(works, runs=RUNS):
    """Return [median, 95th percentile] in ms over all works, each run some times; the last one has warmed the cache."""
    times = []
    for work in works:
        for _ in range(runs):
            started = time.perf_counter()
            work()
            times.append(1000 * (time.perf_counter() - started))
    times.sort()
    return [statistics.median(times), times[int(len(times) * 0.95) - (len(times) < 2)]]
