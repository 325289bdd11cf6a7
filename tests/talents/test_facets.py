"""How many women of a list have what: exact up to ten thousand, each number leading to the list it counts."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel.days import begin
from talents import facets
from talents.models import Talent
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LIST, PAGE = "/admin/talents/talent/", "/admin/talents/talent/facets/"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


@pytest.fixture
def clerk(client):
    person = factories.staff("department_clerk")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person


def three(**fields):
    hospital = factories.unit("重庆示例医院", kind="hospital")
    return [
        factories.talent(full_name="王敏", tier="city", title_level="senior", **fields),
        factories.talent(
            full_name="王小敏", tier="city", unit=hospital, discipline="320", **fields
        ),
        factories.talent(full_name="李敏", tier="reserve", discipline="320", **fields),
    ]


def read(client, **query):
    """Return {facet: {words: (count, address)}} of the page, and the page."""
    page = client.get(PAGE, {"state__exact": "all"} | query)
    assert page.status_code == 200
    shown = page.context["facets"]
    return {f.title: {li.words: (li.count, li.address) for li in f.lines} for f in shown}, page


def test_each_number_leads_to_the_list_it_counts(client, clerk):
    three(department=clerk.department)
    counted, page = read(client)
    assert page.context["found"] == 3
    assert {words: n for words, (n, _) in counted["人才层次"].items()} == {"储备": 1, "市级": 2}
    assert {words: n for words, (n, _) in counted["学科"].items()} == {"临床医学": 2}
    for lines in counted.values():
        for count, address in lines.values():
            rows = client.get(LIST + address).context["cl"].result_count
            assert rows == count, address


def test_what_is_searched_for_is_counted_and_a_chosen_facet_offers_the_others(client, clerk):
    three(department=clerk.department)
    counted, page = read(client, q="王", tier__exact="city")
    assert page.context["found"] == 2
    assert {words: n for words, (n, _) in counted["人才层次"].items()} == {"市级": 2}
    counted, page = read(client, tier__exact="reserve")
    assert page.context["found"] == 1
    assert {words: n for words, (n, _) in counted["人才层次"].items()} == {"储备": 1, "市级": 2}
    assert {words: n for words, (n, _) in counted["学科"].items()} == {"临床医学": 1}


def test_another_departments_women_are_not_counted(client, clerk):
    three(department=factories.department("trade_union"))
    _counted, page = read(client)
    assert (page.context["found"], page.context["facets"]) == (0, [])
    assert "这个列表里没有人" in page.content.decode()


def test_an_address_no_filter_takes_leads_back_to_the_list(client, clerk):
    answer = client.get(PAGE, {"age": "12-13"})
    assert (answer.status_code, answer.url) == (302, LIST)
    assert client.get(PAGE, {"unit__kind__startswith": "h"}).status_code == 400


def test_it_costs_the_same_for_one_and_for_many(client, clerk):
    first = three(department=clerk.department)[0]
    read(client)
    counts = []
    for rows in (Talent.objects.filter(pk=first.pk), Talent.objects.all()):
        Talent.objects.exclude(pk__in=rows).update(department=factories.department("trade_union"))
        rows.update(department=clerk.department)
        with CaptureQueriesContext(connection) as queries:
            read(client)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_ten_thousand_are_counted_and_more_are_said_to_be_more(client, clerk):
    Talent.objects.bulk_create(
        Talent(
            full_name="王敏",
            department=clerk.department,
            state="verified",
            tier="city",
            verified_at=NOW,
            created_at=NOW,
            updated_at=NOW,
        )
        for _ in range(facets.MOST_COUNTED)
    )
    counted, page = read(client)
    assert (counted["人才层次"]["市级"][0], page.context["more"]) == (10_000, False)
    factories.talent(department=clerk.department, tier="city")
    counted, page = read(client)
    assert (counted["人才层次"]["市级"][0], page.context["more"]) == (10_000, True)
    assert re.search(r"10000\+", page.content.decode())


def test_the_filter_and_the_count_agree_on_every_age():
    day, talent = date(2026, 3, 1), factories.talent()
    for months in range(12 * 15, 12 * 70):
        year, month = divmod(12 * day.year + day.month - 1 - months, 12)
        born = date(year, month + 1, 1)
        Talent.objects.filter(pk=talent.pk).update(birth_month=born)
        bands = [b for b in facets.AGE_BANDS if Talent.objects.filter(facets.born_in(b, day))]
        assert bands == [facets.age_band(born, day)], born
    assert facets.age_band(None, day) == ""


def test_the_most_fitting_come_first_and_the_next_window_goes_on(client, clerk):
    made = {
        name: factories.talent(department=clerk.department, full_name=name)
        for name in ("欧阳王敏", "王敏", "王敏之", "小王敏")
    }
    unit = factories.unit("王敏实验室")
    made["李四"] = factories.talent(department=clerk.department, full_name="李四", unit=unit)
    order = ["王敏", "王敏之", "李四", "小王敏", "欧阳王敏"]
    shown = client.get(LIST, {"q": "王敏"}).context["cl"].result_list
    assert [talent.full_name for talent in shown] == order
    for at, name in enumerate(order):
        behind = client.get(LIST, {"q": "王敏", "after": made[name].pk}).context["cl"].result_list
        assert [talent.full_name for talent in behind] == order[at + 1 :]
    by_name = client.get(LIST, {"q": "王敏", "o": "1"}).context["cl"].result_list
    assert next(talent.full_name for talent in by_name) == "李四"
    assert client.get(reverse("admin:talents_talent_facets") + "?q=王敏").context["found"] == 5


def test_the_filter_and_the_count_agree_on_when_a_record_was_confirmed():
    day, talent = date(2026, 3, 1), factories.talent()
    moments = [NOW.replace(year=2026, month=2), None]
    moments += [begin(day) - timedelta(days=d, seconds=s) for d in (365, 730) for s in (-1, 0, 1)]
    for moment in moments:
        Talent.objects.filter(pk=talent.pk).update(confirmed_at=moment)
        rows = Talent.objects.all()
        bands = [b for b in facets.confirmed_words() if rows.filter(facets.confirmed_in(b, day))]
        assert bands == [facets.confirmed_band(moment, day)], moment
