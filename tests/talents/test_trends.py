"""Trends: stock and flow add up, cohorts are followed as a plain loop would, each number leads to its list."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Department
from cloud_home.models import Ask
from events.models import Booking
from kernel.days import begin
from kernel.portal import TakingPart
from reports import figures as report_figures
from talents import facets, operations, reports, tasks
from talents.models import CareerSnapshot, Talent, TrendFigures
from talents.trends import changes, cohorts, figures, keeping, parts, shown, tally
from tests import factories
from tests.cloud_home import make as cloud_home

pytestmark = pytest.mark.django_db
PAGE = "/admin/talents/talent/trends/"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def at(day):
    return begin(day) + timedelta(hours=10)


def entered(day, **fields):
    """A woman taken in on a day."""
    fields = {"title_level": "intermediate", "tier": ""} | fields
    moment = at(day)
    return factories.talent(verified_at=moment, updated_at=moment, created_at=moment, **fields)


def becomes(talent, day, **fields):
    """Change a record as an operation does, on a day."""
    for name, value in fields.items():
        setattr(talent, name, value)
    talent.updated_at = at(day)
    talent.save()


DAY = date(2026, 11, 20)


def test_stock_and_flow_add_up():
    first = entered(date(2023, 3, 1))
    second = entered(date(2024, 5, 1), tier="reserve")
    entered(date(2025, 12, 31))
    becomes(first, date(2024, 2, 1), title_level="associate_senior")
    becomes(second, date(2025, 6, 1), tier="city")
    becomes(second, date(2025, 7, 1), tier="district")  # lowered: no rise
    becomes(first, date(2025, 8, 1), moved_away_on=date(2025, 8, 1), moved_away_reason="调离")
    becomes(first, date(2026, 1, 5), moved_away_on=None, moved_away_reason="")
    flows = {year.pop("year"): year for year in figures.compute(None, DAY)["flows"]}
    none = {"joined": 0, "returned": 0, "left": 0, "title": 0, "tier": 0, "rearranged": 0}
    assert flows == {
        2021: none | {"stock": 0},
        2022: none | {"stock": 0},
        2023: none | {"joined": 1, "stock": 1},
        2024: none | {"joined": 1, "title": 1, "stock": 2},
        2025: none | {"joined": 1, "left": 1, "tier": 1, "stock": 2},
        2026: none | {"returned": 1, "stock": 3},
    }
    assert flows[2026]["stock"] == Talent.objects.active().count()


def test_who_is_there_is_counted_by_each_dimension_in_one_pass():
    hospital = factories.unit("重庆示例医院", kind="hospital")
    entered(
        date(2024, 1, 1),
        tier="city",
        unit=hospital,
        birth_month=date(1990, 12, 1),
        discipline="320",
    )
    entered(DAY - timedelta(days=30), birth_month=date(1990, 11, 1), discipline="320")
    entered(date(2024, 1, 1), state="left")
    gone = entered(date(2024, 1, 1))
    becomes(gone, date(2025, 1, 1), moved_away_on=date(2025, 1, 1), moved_away_reason="调离")
    stock = figures.compute(None, DAY)["stock"]
    assert stock["tier"] == {"city": [1, 0], "": [1, 1]}
    assert stock["title_level"] == {"intermediate": [2, 1]}
    assert stock["age"] == {"35": [1, 0], "36": [1, 1]}
    assert stock["discipline"] == {"320": [2, 1]}
    plain = Talent.objects.active().order_by().values_list("unit__kind").annotate(n=Count("pk"))
    assert {code: n for code, (n, _new) in stock["unit_kind"].items()} == {
        kind or "": n for kind, n in plain
    }


def followed(day):
    """Cohorts by a plain loop over each woman's snapshots: what the SQL has to equal."""
    found = {}
    for talent in Talent.objects.order_by("pk"):
        rows = list(CareerSnapshot.objects.filter(talent_id=talent.pk).order_by("day", "pk"))
        entry = next(row for row in rows if row.state == "verified" and row.was_state == "")
        for kind, column, ranks in (
            ("title", "title_level", changes.TITLES),
            ("tier", "tier", changes.TIERS),
        ):
            start = ranks.get(getattr(entry, column), -1)
            if not 0 <= start < max(ranks.values()):
                continue
            cohort = found.setdefault((entry.day.year, kind), [0, dict.fromkeys(cohorts.AFTER, 0)])
            cohort[0] += 1
            rises = [
                row.day
                for row in rows
                if row.was_state == row.state == "verified"
                and ranks.get(getattr(row, column), -1) > start
            ]
            for after in cohorts.AFTER:
                end = entry.day.replace(year=entry.day.year + after)
                cohort[1][after] += bool(rises and min(rises) < end)
    return {
        key: (of, {str(a): n for a, n in after.items() if date(key[0] + a, 12, 31) < day})
        for key, (of, after) in found.items()
    }


def test_cohorts_are_followed_as_a_plain_loop_does():
    levels = ["", "none", "primary", "intermediate", "associate_senior", "senior"]
    for number in range(24):
        level = number % 6
        woman = entered(date(2020 + number % 5, 1 + number % 12, 2), title_level=levels[level])
        if number % 3 and level < 5:
            day = date(2021 + number % 5, 1 + (number * 7) % 12, 3)
            becomes(woman, max(day, date(2020 + number % 5, 12, 31)), title_level=levels[level + 1])
        if number % 4 == 0:
            becomes(woman, date(2025, 6, 1 + number), tier="district")
        if number % 6 == 0:
            becomes(
                woman,
                date(2026, 1, 1 + number),
                moved_away_on=date(2026, 1, 1),
                moved_away_reason="调离",
            )
    found = figures.compute(None, DAY)["cohorts"]
    counted = {
        (one["year"], kind): (one[kind]["of"], one[kind]["after"])
        for one in found
        for kind in ("title", "tier")
        if one[kind]["of"]
    }
    assert counted == followed(DAY)
    assert any(n for _of, after in counted.values() for n in after.values())


def flow(department=None, year=2026):
    """What became of a department's women (of all) in a year."""
    flows = figures.compute(department and department.pk, DAY)["flows"]
    return next(one for one in flows if one["year"] == year)


def test_a_record_that_is_handed_over_is_counted_where_it_is():
    first, second = factories.department(), factories.department("trade_union")
    woman = entered(date(2025, 3, 1), department=first)
    operations.hand_over(talent=woman, department=second, by=None, now=at(date(2026, 2, 1)))
    found = [(flow(one)["rearranged"], flow(one)["stock"]) for one in (first, second, None)]
    assert found == [(-1, 0), (1, 1), (0, 1)]
    woman = Talent.objects.get(pk=woman.pk)
    away = {"day": date(2026, 3, 1), "reason": "调离两江新区", "now": at(date(2026, 3, 1))}
    operations.move_away(talent=woman, by=None, **away)
    found = [(flow(one)["left"], flow(one)["stock"]) for one in (first, second, None)]
    assert found == [(0, 0), (1, 0), (1, 0)]


def test_a_double_that_is_merged_is_no_woman_who_left():
    keep, lose = (entered(date(2025, 3, 1), user=None, source="import") for _ in range(2))
    becomes(keep, date(2025, 6, 1), title_level="associate_senior")
    given = {"reason": "电话核实是同一人", "by": None, "now": at(date(2026, 2, 1))}
    merged = operations.merge_records(keep=keep, lose=lose, **given)
    assert [flow()[name] for name in ("left", "rearranged", "stock")] == [0, -1, 1]
    (cohort,) = figures.compute(None, DAY)["cohorts"]
    assert cohort["title"]["of"] == 1
    given |= {"now": at(date(2026, 2, 2)), "reason": "经核对是两个人"}
    operations.undo_merge(merge=merged, **given)
    counted = [flow()[name] for name in ("returned", "left", "rearranged", "stock")]
    assert counted == [0, 0, 0, 2]


def test_what_a_clerk_sets_right_is_no_rise_but_the_tier_she_gives_is():
    woman = entered(date(2024, 3, 1), professional_title="副研究员")
    given = {"reason": "录入错误更正", "by": None, "now": at(date(2025, 2, 1))}
    operations.correct(talent=woman, changes={"title_level": "associate_senior"}, **given)
    operations.correct(talent=woman, changes={"tier": "city"}, **given)
    becomes(Talent.objects.get(pk=woman.pk), date(2025, 3, 1), position="主任")
    assert [flow(year=2025)[name] for name in ("title", "tier")] == [0, 1]
    (cohort,) = figures.compute(None, DAY)["cohorts"]
    assert [cohort[kind]["after"]["1"] for kind in ("title", "tier")] == [0, 1]


def test_a_share_of_a_small_group_has_its_interval():
    # Wilson's own: 95 % of 0/10, 5/10, 10/10.
    assert [shown.interval(n, 10) for n in (0, 5, 10)] == [(0, 28), (24, 76), (72, 100)]
    assert shown.share_words(1, 4) == "25%（95% 区间 5%–70%）"
    assert shown.share_words(50, 100) == "50%"


def test_a_clerk_reads_her_departments_and_each_number_leads_to_its_list(client):
    clerk = factories.staff("department_clerk")
    other = factories.department("trade_union")
    year = timezone.localdate().year
    entered(date(year - 1, 3, 1), department=clerk.department, discipline="320")
    risen = entered(date(year - 2, 3, 1), department=clerk.department)
    becomes(risen, date(year - 1, 4, 1), title_level="senior", tier="city")
    entered(date(year - 1, 3, 1), department=other)
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(PAGE)
    assert page.status_code == 200
    rows = {row["year"]: row for row in page.context["years"]}
    assert [count for count, _query in rows[year - 1]["changes"]] == [1, 0, 1, 1, 0]
    for row in rows.values():
        for count, query in row["changes"]:
            listed = client.get("/admin/talents/talent/" + query).context["cl"].result_count
            assert listed == count, query
    for _title, bars in page.context["stock"]:
        for bar in bars:
            if bar.query:
                listed = client.get("/admin/talents/talent/" + bar.query).context["cl"].result_count
                assert listed == bar.count, bar.query
    assert page.context["departments"] == []
    assert client.get(PAGE, {"department": other.pk}).context["of"] == clerk.department


def test_who_sees_all_departments_reads_all_and_each(client):
    entered(date(2025, 3, 1), department=factories.department("trade_union"))
    entered(date(2025, 3, 1))
    auditor = factories.staff("department_reviewer", "auditor")
    client.force_login(auditor, backend="django.contrib.auth.backends.ModelBackend")
    of_all = {row["year"]: row["stock"].count for row in client.get(PAGE).context["years"]}
    one = client.get(PAGE, {"department": factories.department("trade_union").pk})
    of_one = {row["year"]: row["stock"].count for row in one.context["years"]}
    assert (of_all[2025], of_one[2025]) == (2, 1)
    english = client.get(f"/en{PAGE}").text
    assert ("Trade Union" in english, "总工会" in english) == (True, False)


def test_the_page_costs_the_same_for_one_and_for_many(client):
    clerk = factories.staff("department_clerk")
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    counts = []
    for more in (1, 2):
        for _ in range(more):
            entered(date(2025, 3, 1), department=clerk.department)
        TrendFigures.objects.all().delete()
        keeping.of(clerk.department, now=timezone.now())
        client.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_they_are_computed_by_night_and_anew_when_asked(client):
    clerk = factories.staff("department_clerk")
    now = timezone.now()
    keeping.of(clerk.department, now=now - timedelta(hours=5))
    entered(date(2025, 3, 1), department=clerk.department)
    assert keeping.of(clerk.department, now=now).figures["flows"][-1]["stock"] == 0
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(PAGE, follow=True)
    assert [str(m) for m in answer.context["messages"]] == ["已按现在的数据重新计算。"]
    assert answer.context["years"][0]["stock"].count == 1
    answer = client.post(PAGE, follow=True)
    assert [str(m) for m in answer.context["messages"]] == ["十分钟内刚算过，数字没有变。"]
    tasks.refresh_trends()
    assert TrendFigures.objects.count() == Department.objects.count() + 1
    tasks.refresh_trends()
    assert TrendFigures.objects.count() == Department.objects.count() + 1


def test_of_a_long_database_the_worker_computes(client, monkeypatch):
    monkeypatch.setattr(keeping, "LONG", 1)  # 200,000 rows take minutes to make
    clerk = factories.staff("department_clerk")
    entered(date(2025, 3, 1), department=clerk.department)
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(PAGE)
    assert (TrendFigures.objects.count(), "正在后台计算" in page.content.decode()) == (0, True)
    assert "人才库每年增减" not in page.content.decode()
    said = client.post(PAGE, follow=True).context["messages"]
    assert [str(m) for m in said] == ["正在后台重新计算，大约一分钟后刷新本页。"]
    tasks.refresh_trends()  # what the worker does
    assert client.get(PAGE).context["years"][0]["stock"].count == 1


def test_the_monthly_report_tells_the_years_changes_in_whole_tens():
    for _ in range(12):
        factories.talent()
    keeping.refresh(None, now=factories.NOW)
    kept = TrendFigures.objects.get(department=None)
    kept.figures["flows"][-1] |= {"title": 12, "left": 9}
    kept.save()
    told = report_figures.monthly(date(2026, 11, 1), now=factories.NOW)["talents"]
    assert told["flows"] == {"returned": None, "left": None, "title": 10, "tier": None}
    shown = reports.tables(told)[-1]
    assert (str(shown.labels["title"]), shown.counts) == ("晋升职称", told["flows"])
    # A report of the months before that changes were told.
    assert reports.tables({**told, "flows": {}})[-1].counts == {}


def test_staff_of_no_department_read_no_figures(client):
    """No department is not every department."""
    clerk = factories.staff("department_clerk")
    clerk.department = None
    clerk.save()
    client.force_login(clerk)
    assert client.get(PAGE).status_code == 403


def plain_stock(end, name):
    """Whom the database held at the end of a day, by the newest snapshot of each: what the sums have to equal."""
    found = Counter()
    for talent in Talent.objects.all():
        rows = CareerSnapshot.objects.filter(talent=talent, day__lte=end).order_by("-day", "-pk")
        newest = rows.first()
        if newest and newest.state == "verified":
            age = facets.age_band(talent.birth_month, end)
            found[age if name == "age" else getattr(newest, name)] += 1
    return dict(found)


def a_few_years():
    """Women who come, move between codes, leave and come back over some years."""
    hospital, school = (
        factories.unit("医院", kind="hospital"),
        factories.unit("大学", kind="school"),
    )
    some = [
        entered(date(2021 + n % 4, 3, 1), unit=[hospital, school, None][n % 3], discipline=field)
        for n, field in enumerate(["320", "510", "320", "", "510", "520", "320"])
    ]
    for number, talent in enumerate(some):
        talent.birth_month = date(1984 + 3 * number, 5, 1)
        year = 2024 + number % 3
        moves = {"unit": school} if number % 2 else {"discipline": "510", "tier": "city"}
        becomes(talent, date(year, 4, 1), title_level="senior", **moves)
    gone = {"moved_away_on": date(2025, 6, 1), "moved_away_reason": "调离"}
    becomes(some[0], date(2025, 6, 1), **gone)
    becomes(some[1], date(2025, 6, 1), **gone)
    becomes(some[1], date(2026, 6, 1), moved_away_on=None, moved_away_reason="")
    return some


def test_stock_and_flow_of_each_dimension_equal_a_plain_count():
    a_few_years()
    computed = figures.compute(None, DAY)
    for name, codes in computed["by_year"].items():
        for at, year in enumerate(changes.years(DAY)):
            stock = {code: of["stock"][at] for code, of in codes.items() if of["stock"][at]}
            assert stock == plain_stock(min(date(year, 12, 31), DAY), name), (name, year)
            for figure in ("joined", "returned", "left", "title", "tier", "stock"):
                summed = sum(of[figure][at] for of in codes.values())
                assert summed == computed["flows"][at][figure], (name, year, figure)
    risen = computed["by_year"]["discipline"]["510"]["tier"]
    assert risen == [0, 0, 0, 2, 1, 1]


def test_a_unit_that_changes_its_kind_takes_its_women_along_from_that_day_on():
    """Nobody came, rose or left by that, and who has left is counted out of the kind she had."""
    unit, other = factories.unit("研究院", kind="institute"), factories.unit("大学", kind="school")
    start = date(timezone.localdate().year - 1, 3, 1)
    entered(start, unit=unit, tier="city")
    entered(start, unit=other)
    gone = entered(start, unit=unit)
    gone_on = start + timedelta(days=90)
    becomes(gone, gone_on, moved_away_on=gone_on, moved_away_reason="调离")
    before = CareerSnapshot.objects.count()
    unit.kind = "hospital"
    unit.save()
    unit.save()
    assert CareerSnapshot.objects.count() == before + 1
    computed = figures.compute(None, timezone.localdate())
    assert {code: of["stock"][-2:] for code, of in computed["by_year"]["unit_kind"].items()} == {
        "institute": [1, 0],
        "hospital": [0, 1],
        "school": [1, 1],
    }
    assert {name: computed["flows"][-1][name] for name in tally.FIGURES} == {
        "stock": 2,
        "joined": 0,
        "returned": 0,
        "left": 0,
        "title": 0,
        "tier": 0,
    }


def test_each_figure_by_year_leads_to_its_list(client):
    clerk = factories.staff("department_clerk")
    a_few_years()
    keeping.refresh(clerk.department, now=begin(DAY))
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    gone, asked = Talent.objects.moved_away().count(), 0
    for by in ("discipline", "unit_kind", "age"):
        for show in ("stock", "joined", "title", "left"):
            page = client.get(PAGE, {"by": by, "show": show}).context["by_year"]
            assert (page.dimension, page.figure) == (by, show)
            for _words, cells in page.rows:
                for count, query in (cell for cell in cells[:2] if cell[0]):
                    listed = client.get("/admin/talents/talent/" + query).context["cl"]
                    assert 0 <= count - listed.result_count <= gone, query
                    asked += listed.result_count == count
    assert asked > 12
    page = client.get(PAGE, {"by": "nothing", "show": "else"}).context["by_year"]
    assert (page.dimension, page.figure) == ("tier", "stock")
    for broken in ("stock-2025.tier.x", "stock-1900", "left-1900", "joined-2025.name.x", "x"):
        assert client.get("/admin/talents/talent/", {"change": broken}).status_code == 302


def test_what_an_older_portal_kept_is_computed_anew(client, monkeypatch):
    clerk = factories.staff("department_clerk")
    old = TrendFigures.objects.create(
        department=clerk.department, computed_at=timezone.now(), figures={"flows": []}
    )
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    with monkeypatch.context() as long:
        long.setattr(keeping, "LONG", 0)  # 50,000 rows take a minute to make
        assert "正在后台计算" in client.get(PAGE).text
    assert client.get(PAGE).context["computed"]
    old.refresh_from_db()
    assert old.figures["form"] == figures.FORM


def results(client, query):
    """Return the ids a list of the admin holds."""
    listed = client.get("/admin/talents/talent/" + query)
    assert listed.status_code == 200, query
    return set(listed.context["cl"].queryset.values_list("pk", flat=True))


def clerk_of_trends(client):
    """A clerk who has her department's trends computed now; returns the page's context."""
    clerk = factories.staff("department_clerk")
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(PAGE).context


def test_each_cohort_leads_to_its_women_and_to_those_who_rose(client):
    """The lists hold who the figures count, by the plain loop; a name that says no cohort leads nowhere."""
    day = timezone.localdate()
    levels = ["primary", "intermediate", "senior", ""]
    for number in range(12):
        woman = entered(date(day.year - 4, 1 + number, 2), title_level=levels[number % 4])
        if number % 3 == 0:
            becomes(woman, date(day.year - 3 + number % 2, 6, 1), title_level="senior", tier="city")
    moved = {"moved_away_on": date(day.year - 1, 6, 1), "moved_away_reason": "调离"}
    becomes(woman, moved["moved_away_on"], **moved)
    page = clerk_of_trends(client)
    plain, asked = followed(day), 0
    for kind, (_question, rows) in zip(("title", "tier"), page["cohorts"], strict=True):
        for year, (count, query), shares in rows:
            of, reached = plain[year, kind]
            assert (count, len(results(client, query))) == (of, of)
            for after, (share, behind) in zip(cohorts.AFTER, shares, strict=True):
                if share is not None:
                    assert len(results(client, behind)) == reached[str(after)]
                    asked += reached[str(after)]
    assert asked > 5
    everybody = Talent.objects.count()
    for broken in (
        "2022",
        "2022.name",
        "2022.title.4",
        "1900.title",
        "9999.tier",
        "٢٠٢٢.title",
        "x",
    ):
        listed = client.get("/admin/talents/talent/", {"cohort": broken, "state__exact": "all"})
        assert listed.status_code == 302, broken
    assert len(results(client, "?state__exact=all")) == everybody


def test_who_takes_part_who_does_not_and_who_never_did_each_have_their_list(client):
    """Each woman is in one of two lists; what is kept for a year says nothing of "never"."""
    came, asked, nothing = (factories.talent(full_name=name) for name in ("王来", "李问", "赵无"))
    here = {"state": "attended", "checked_in_at": timezone.now() - timedelta(days=3)}
    seat = factories.booking(factories.event(), came)
    Booking.objects.filter(pk=seat.pk).update(**here)
    circle = cloud_home.circle()
    topic = cloud_home.topic(circle, cloud_home.member(circle, came.user))
    # Her account has no record any more: of her nothing is said, and nothing of others because of her.
    for account, days in ((asked.user, 500), (factories.user(), 1)):
        asked_at = timezone.now() - timedelta(days=days)
        Ask.objects.create(topic=topic, user=account, asked_at=asked_at)
    page = clerk_of_trends(client)
    told = {str(row[0]): row[1:4] for row in page["taking_part"]}
    names = {words: [cell and cell[0] for cell in cells] for words, cells in told.items()}
    assert names == {
        "到场参加过活动": [1, 2, None],
        "申报过荣誉或项目": [0, 3, 3],
        "参加过咨询": [0, 3, 3],
        "在云之家被请教过": [0, 3, 2],
    }
    did, did_not, _never = told["到场参加过活动"]
    assert results(client, did[1]) == {came.pk}
    assert results(client, did_not[1]) == {asked.pk, nothing.pk}
    _did, did_not, never = told["在云之家被请教过"]
    assert results(client, did_not[1]) == {came.pk, asked.pk, nothing.pk}
    assert results(client, never[1]) == {came.pk, nothing.pk}
    for broken in ("events.never", "x", "asked.not.never"):
        listed = client.get("/admin/talents/talent/", {"part": broken})
        assert listed.status_code == 302, broken


def test_a_way_an_app_declares_has_its_line_its_figures_and_its_lists(client, monkeypatch):
    """Each app declares its own; the trends know none of them."""
    factories.talent()
    page = clerk_of_trends(client)
    ways = ["到场参加过活动", "申报过荣誉或项目", "参加过咨询", "在云之家被请教过"]
    assert [row[0] for row in page["taking_part"]] == ways
    consulted = factories.talent()
    ways = [TakingPart(20, "consulted", "被咨询过", lambda since: who(consulted), for_good=True)]
    listed = parts.portal.listed
    of_all = {"taking_part": ways}
    monkeypatch.setattr(parts.portal, "listed", lambda name: of_all.get(name) or listed(name))
    TrendFigures.objects.all().delete()
    page = client.get(PAGE).context
    ((words, did, did_not, never, share),) = page["taking_part"]
    assert (words, did[0], did_not[0], never[0], share[:3]) == ("被咨询过", 1, 1, 1, "50%")


def who(*talents):
    """The ids of records, as a way of taking part returns them."""
    return Talent.objects.filter(pk__in=[talent.pk for talent in talents]).values("pk")


def test_where_the_reserve_is_thin_each_number_has_its_list(client):
    older = date(timezone.localdate().year - 52, 1, 1)
    reserve = factories.talent(discipline="320", tier="reserve", birth_month=older)
    plain = factories.talent(discipline="320", tier="", birth_month=date(1990, 1, 1))
    factories.talent(discipline="110", tier="city")
    page = clerk_of_trends(client)
    cells = dict(page["thin"])["临床医学"]
    assert [results(client, query) for _count, query in cells] == [
        {reserve.pk},
        {reserve.pk, plain.pk},
        {reserve.pk},
    ]
    assert [count for count, _query in cells] == [1, 2, 1]


def test_who_said_nothing_has_her_list(client):
    blank = factories.talent(discipline="", birth_month=None)
    factories.talent(discipline="110")
    page = clerk_of_trends(client)
    bars = {str(title): bars for title, bars in page["stock"]}
    for title in ("学科", "年龄"):
        unsaid = next(bar for bar in bars[title] if bar.words == "没有填写")
        assert (unsaid.count, results(client, unsaid.query)) == (1, {blank.pk})
