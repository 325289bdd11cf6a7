"""Home, measures and policy: what a visitor reads, in both languages and without a database row."""

from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.html import strip_tags

from liangjiang import policy
from liangjiang.measures import MEASURES, SECTIONS
from tests import factories

pytestmark = pytest.mark.django_db
SOURCE = settings.BASE_DIR / "docs" / "policy" / "ten-measures.zh.txt"


def test_home_without_events_says_what_to_do(client):
    """The empty state is there and the ten measures are."""
    page = client.get("/").content.decode()
    assert "近期还没有安排活动" in page
    assert page.count('class="measure"') == 10


def test_home_shows_the_next_events_in_order_and_no_more_than_four(client):
    """The soonest come first; over, draft and cancelled ones do not show."""
    for days in (5, 1, 3, 2, 4):
        factories.event(title=f"第{days}天", starts_at=_in(days))
    factories.event(title="已结束", starts_at=_in(-9))
    factories.event(title="草稿", state="draft", published_at=None, starts_at=_in(1))
    page = client.get("/").content.decode()
    places = [page.find(f"第{days}天") for days in (1, 2, 3, 4)]
    assert places == sorted(places)
    assert min(places) > 0
    assert "第5天" not in page
    assert "已结束" not in page
    assert "草稿" not in page


def test_home_says_the_day_of_an_event_once_and_has_a_place_for_role_models(client):
    event = factories.event(starts_at=_in(5))
    page = client.get("/").content.decode()
    start = timezone.localtime(event.starts_at)
    said = unescape(strip_tags(page[page.index('id="next"') : page.index('id="models"')]))
    assert said.count(f"{start.month}月") == 1
    models = page[page.index('id="models"') :]
    kinds = ("女科学家", "女企业家", "女医师", "女工匠")
    assert [kind in models[: models.index("</ul>")] for kind in kinds] == [True] * 4


def _in(days):
    """Nine in the morning: an event of the late evening ends on another day, and names both."""
    return timezone.localtime().replace(hour=9, minute=0) + timedelta(days=days)


@pytest.mark.parametrize("number", range(1, 11))
def test_each_measure_has_a_page_with_departments_and_the_policy(client, number):
    """Plain words, at least two departments by their full names, the policy's paragraph, a way on."""
    measure = MEASURES[number - 1]
    page = unescape(client.get(f"/measures/{number}/").content.decode())
    assert measure.number == number
    assert str(measure.title) in page
    assert policy.measure_text(number) in page
    for code in measure.leads:
        assert factories.department(code).name in page
    assert f'href="/policy/#{measure.anchor}"' in page
    assert "门户的工作分工" in page
    assert f'href="/{measure.path}"' in page


def test_departments_are_named_in_english_on_english_pages(client):
    """Their own English names, not ours."""
    page = client.get("/en/measures/3/").content.decode()
    assert unescape(factories.department("industry_promotion").name_en) in unescape(page)
    assert factories.department("industry_promotion").name not in page


def test_the_ten_measures_stand_under_the_five_sections_of_the_policy(client):
    """Sections hold 2, 2, 3, 2 and 1 measures, in order."""
    assert [sum(m.section == n for m in MEASURES) for n, _ in SECTIONS] == [2, 2, 3, 2, 1]
    assert [m.number for m in MEASURES] == list(range(1, 11))
    page = client.get("/measures/").content.decode()
    assert page.count('class="measure"') == 10


def test_every_department_leads_something():
    """None of the seven bodies is forgotten."""
    codes = {code for measure in MEASURES for code in measure.leads}
    assert len(codes) == 7


def test_a_measure_that_does_not_exist_is_not_found(client):
    """There are ten, from 1."""
    assert client.get("/measures/0/").status_code == 404
    assert client.get("/measures/11/").status_code == 404


def test_the_policy_is_shown_word_for_word(client):
    """Every line of the text, in order, and nothing else between the article's tags."""
    page = client.get("/policy/").content.decode()
    article = page[page.index("<article") : page.index("</article>")]
    shown = [line.strip() for line in unescape(strip_tags(article)).splitlines() if line.strip()]
    issued = [line.strip() for line in SOURCE.read_text("utf-8").splitlines() if line.strip()]
    assert shown == issued
    for number in range(1, 11):
        assert f'id="measure-{number}"' in article


def test_the_language_switch_keeps_page_and_query(client):
    """From /measures/3/?a=1 to /en/measures/3/?a=1 and back."""
    assert 'href="/en/measures/3/?a=1"' in client.get("/measures/3/?a=1").content.decode()
    assert 'href="/measures/3/?a=1"' in client.get("/en/measures/3/?a=1").content.decode()


def test_the_language_switch_stays_on_the_site(client):
    """A path that begins with two slashes does not become another site's address."""
    page = client.get("/en//evil.example/", follow=False)
    assert b'href="//evil.example' not in page.content


def test_pages_write_nothing_inline(client):
    """The content security policy allows neither inline script nor style."""
    for path in ("/", "/measures/", "/measures/8/", "/policy/", "/style-guide/", "/nowhere/"):
        page = client.get(path).content.decode()
        assert " style=" not in page
        assert "<style" not in page
        assert "<script>" not in page
        assert " onclick=" not in page


def test_the_style_guide_shows_both_themes(client):
    """Light and dark, each with a form that kept a wrong value."""
    page = client.get("/style-guide/").content.decode()
    assert page.count('data-theme="') == 2
    assert page.count('value="1400000123"') == 2
    assert page.count("手机号是 11 位数字") == 4  # at the field and in the summary


def test_a_signed_in_woman_gets_her_own_navigation(client):
    """The tab bar and the way to her page replace the way to register."""
    client.force_login(factories.user())
    page = client.get("/").content.decode()
    assert 'class="tabs"' in page
    assert "注册并建档" not in page
    assert "去我的主页" in page


@pytest.mark.parametrize("address", ["/", "/events/", "/points/services/", "/privacy/"])
def test_a_link_checker_may_ask_for_the_head_alone(client, address):
    assert client.head(address).status_code == 200
