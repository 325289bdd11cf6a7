"""Lists of the admin: what an address may ask, counts that are true, chips, columns, windows."""

import re
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, label_for_field
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from unfold.admin import ModelAdmin
from unfold.utils import display_for_label

from calls.models import Due, FollowStep
from events.models import Event
from kernel.admin.base import StaffAdmin
from kernel.portal import MOST_COUNTED
from kernel.text import HAN
from kernel.words import day_text, moment_text
from networks.members.models import Membership
from privacy.models import AuditEntry
from talents.admin import TalentAdmin
from talents.models import Export, ImportRun, Talent
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
EVENTS, TALENTS = "events_event", "talents_talent"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def enter(client, *roles, **fields):
    person = factories.staff(*roles, **fields)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person


def shown(client, model, **query):
    return client.get(reverse(f"admin:{model}_changelist"), query).context["cl"]


def many(count, **fields):
    department = factories.department()
    people = [
        Talent(
            full_name=f"王{number:04d}",
            department=department,
            state="verified",
            verified_at=NOW,
            created_at=NOW,
            updated_at=NOW,
            **fields,
        )
        for number in range(count)
    ]
    return Talent.objects.bulk_create(people)


LISTS = [model._meta.label_lower.replace(".", "_") for model in admin.site._registry]
UNFIT = [
    "starts_at__year=999999",
    "starts_at__gte=2026-11-01T00:00:00%2B18:00",
    "at__gte=0001-01-01T00:00:00%2B18:00",
    "at_from=0001-01-01",
    "made_at_from=9999-12-31&made_at_to=x",
    "state__exact=%00",
    "state__regex=(",
    "q=%00",
    "id__exact=99999999999999999999999",
    "department__id__exact=99999999999999999999999",
    "department__id__exact=x",
    "measure__exact=1e9",
    "unit__id__exact=%F0%9F%98%80",
    "o=99999999999999999999.x.-7",
    "p=99999999999999999999",
    "after=99999999999999999999999",
    "cols=password",
    "purpose__in=,,,",
    "groups__id__exact=-1",
    "e=1",
]


@pytest.mark.parametrize("model", LISTS)
def test_no_address_of_a_list_breaks_it(client, model):
    boss = factories.user(is_staff=True, is_superuser=True)
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse(f"admin:{model}_changelist")
    answers = {query: client.get(f"{address}?{query}").status_code for query in UNFIT}
    assert {query: code for query, code in answers.items() if code not in (200, 302, 400)} == {}


def test_comparisons_no_filter_offers_are_refused(client):
    enter(client, "department_clerk")
    address = reverse("admin:events_event_changelist")
    refused = ["starts_at__year=999999", "starts_at__gte=2026-11-01", "measure__gt=2", "title=a"]
    assert [client.get(f"{address}?{query}").status_code for query in refused] == [400] * 4
    offered = ["measure__exact=2", "kind__exact=salon", "state__in=draft,published"]
    assert [client.get(f"{address}?{query}").status_code for query in offered] == [200] * 3


def test_a_list_counts_no_further_than_a_thousand_and_says_so(client):
    enter(client, "department_clerk")
    many(MOST_COUNTED + 3)
    page = shown(client, TALENTS, state__exact="all")
    assert (page.result_count, page.paginator.count_text) == (MOST_COUNTED, f"{MOST_COUNTED}+")
    answer = client.get(reverse("admin:talents_talent_changelist"), {"state__exact": "all"})
    assert f"{MOST_COUNTED}+ 条" in answer.content.decode()
    Talent.objects.filter(pk__in=Talent.objects.values("pk")[:3]).delete()
    assert shown(client, TALENTS, state__exact="all").paginator.count_text == str(MOST_COUNTED)


def test_what_stands_for_left_out_pages_leads_nowhere_and_the_page_one_is_on_says_so(client):
    enter(client, "department_clerk")
    many(TalentAdmin.list_per_page * 12)
    html = client.get(
        reverse(f"admin:{TALENTS}_changelist"), {"state__exact": "all"}
    ).content.decode()
    pages = html.partition('class="portal-pages"')[2].partition("</nav>")[0]
    assert re.findall(r"[?&;]p=([^&\"]+)", pages) == ["2", "3", "4", "11", "12"]
    assert pages.count('aria-current="page"') == 1 and "…</span>" in pages


def test_the_rows_behind_the_window_are_reached_in_their_order(client):
    enter(client, "department_clerk")
    many(MOST_COUNTED + 30)
    first = shown(client, TALENTS, state__exact="all")
    second = shown(client, TALENTS, state__exact="all", after=str(first.paginator.ids[-1]))
    assert f"after={first.paginator.ids[-1]}" in first.next_window
    expected = list(Talent.objects.order_by("-pk").values_list("pk", flat=True))
    assert first.paginator.ids + second.paginator.ids == expected
    assert (second.next_window, "after" in second.first_window) == ("", False)


@pytest.mark.parametrize("descending", ["", "-"])
def test_a_window_goes_on_past_rows_without_a_value(descending):
    from kernel.admin.changelist import _behind

    rows = many(6)
    for number, row in enumerate(rows[:3]):
        row.submitted_at = NOW.replace(minute=number // 2)
        row.save()
    ordered = Talent.objects.order_by(f"{descending}submitted_at", "pk")
    ids = list(ordered.values_list("pk", flat=True))
    behind = [list(_behind(ordered, str(pk)).values_list("pk", flat=True)) for pk in ids]
    assert behind == [ids[place + 1 :] for place in range(6)]


def test_what_narrows_a_list_stands_above_it_and_can_be_taken_away(client):
    enter(client, "department_clerk")
    unit = factories.unit("重庆示例大学")
    page = shown(client, TALENTS, unit__id__exact=str(unit.pk), tier__exact="city")
    chips = [(str(name), str(value)) for name, value, _without in page.chips]
    assert chips == [("状态", "待审核"), ("单位", "重庆示例大学"), ("人才层次", "市级")]
    without = [address for _name, _value, address in page.chips]
    assert without[2] == f"?unit__id__exact={unit.pk}"
    assert "state__exact=all" in without[0]


def test_show_all_shows_all(client):
    enter(client, "department_clerk")
    factories.talent(full_name="已入库")
    factories.talent(full_name="待审核", state="submitted", submitted_at=NOW)
    narrowed = shown(client, TALENTS, tier__exact="city")
    everything = reverse("admin:talents_talent_changelist") + narrowed.everything
    listed = client.get(everything).context["cl"]
    assert [talent.full_name for talent in listed.result_list] == ["待审核", "已入库"]
    assert listed.chips == []


def test_an_empty_list_offers_only_what_shows_more(client):
    """A filter that holds by itself is taken off by 显示全部; with nothing to take off, nothing is offered."""
    enter(client, "department_clerk")
    address = reverse("admin:talents_talent_changelist")
    narrowed, page = shown(client, TALENTS), client.get(address)
    box = page.content.decode().partition('class="portal-nothing"')[2].partition("</form>")[0]
    assert ("没有符合条件的记录" in box, f'href="{narrowed.everything}"' in box) == (True, True)
    whole = client.get(address + narrowed.everything)
    assert whole.context["cl"].chips == []
    assert "还没有记录" in whole.content.decode()
    for words in ("显示全部", "清除筛选"):
        assert words not in whole.content.decode()


def test_an_empty_list_says_what_adding_is(client):
    enter(client, "department_clerk")
    said = {TALENTS: [], EVENTS: ["添加活动"], "talents_importrun": ["导入名单"]}
    for model, words in said.items():
        page = client.get(reverse(f"admin:{model}_changelist")).content.decode()
        box = page.partition('class="portal-nothing"')[2].partition("</form>")[0]
        assert [one for one in ("添加活动", "导入名单") if one in box] == words


def test_the_filter_button_and_clearing_know_the_filters_that_hold_by_themselves(client):
    enter(client, "department_clerk")
    page = shown(client, TALENTS)
    assert (page.has_active_filters, page.clear_all_filters_qs) == (True, page.everything)
    assert shown(client, TALENTS, state__exact="all").has_active_filters is False


def test_columns_are_chosen_and_the_first_always_stays(client):
    enter(client, "department_clerk")
    page = shown(client, EVENTS, cols=["seats", "password"], time="all")
    assert page.list_display == ["action_checkbox", "title", "seats"]
    assert [name for name, _words, is_shown in page.columns if is_shown] == ["title", "seats"]
    assert page.kept_for_columns == [("time", "all")]


def test_chosen_columns_are_remembered_for_their_list_until_they_are_forgotten(client):
    enter(client, "department_clerk")
    default = shown(client, EVENTS, time="all").list_display
    shown(client, EVENTS, cols=["title", "seats"], time="all")
    assert shown(client, EVENTS, time="all").list_display == ["action_checkbox", "title", "seats"]
    assert "seats" not in shown(client, TALENTS).list_display
    forgotten = shown(client, EVENTS, time="all").default_columns
    client.get(reverse(f"admin:{EVENTS}_changelist") + forgotten)
    assert shown(client, EVENTS, time="all").list_display == default


@pytest.mark.parametrize("cookie", ["password", "", "a b;c", "title__x.password"])
def test_a_remembered_choice_that_names_no_column_is_none(client, cookie):
    enter(client, "department_clerk")
    default = shown(client, EVENTS).list_display
    client.cookies["columns"] = cookie
    assert shown(client, EVENTS).list_display == default


def test_dates_say_the_weekday_as_our_own_sentences_do():
    with translation.override("zh-hans"):
        assert date_format(NOW, "DATETIME_FORMAT").partition(" ")[2] == "(周一) 02:00"
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert date_format(localtime(NOW), "DATETIME_FORMAT") == moment_text(NOW)
            assert date_format(localdate(NOW), "DATE_FORMAT") == day_text(localdate(NOW))


def test_a_period_holds_both_its_days_by_the_clock_of_chongqing(client):
    from privacy import audit

    enter(client, "auditor")
    moments = ["2026-11-20T15:59Z", "2026-11-20T16:00Z", "2026-11-21T15:59Z", "2026-11-21T16:00Z"]
    person = factories.user()
    for moment in moments:
        at = datetime.fromisoformat(moment.replace("Z", "+00:00"))
        audit.record("privacy.reveal", person, by=None, at=at)
    query = {"at_from": "2026-11-21", "at_to": "2026-11-21", "action": "privacy.reveal"}
    found = shown(client, "privacy_auditentry", **query).result_list
    assert [f"{entry.at:%dT%H:%M}" for entry in found] == ["21T15:59", "20T16:00"]


def test_the_tick_box_of_a_row_is_unfolds_own():
    """Put together once for each language instead of rendered for each row."""
    row = SimpleNamespace(pk=4711)
    for language in ("zh-hans", "en"):
        with translation.override(language):
            own = StaffAdmin.action_checkbox(None, row)
            assert own == ModelAdmin.action_checkbox(None, row)
            assert 'value="4711"' in own


def test_no_field_or_column_is_called_by_its_name_in_the_code(rf):
    """Django makes an English name of a field that has none: it stood in Chinese pages as "Notice"."""
    request = rf.get("/admin/")
    request.user = factories.user(is_staff=True, is_superuser=True)
    nameless = []
    for model, page in admin.site._registry.items():
        offered = page.offered_columns() if isinstance(page, StaffAdmin) else page.list_display
        named = {field.name for field in model._meta.fields} | {*page.readonly_fields, *offered}
        own_page = model in (Export, ImportRun, Talent)  # templates with words of their own
        fields = [] if own_page else flatten_fieldsets(page.get_fieldsets(request))
        names = {*fields, *offered} & named
        labels = {name: str(label_for_field(name, model, page)) for name in names}
        nameless += [
            (model, name) for name, words in labels.items() if not re.search(f"[{HAN}]", words)
        ]
    assert nameless == [(AuditEntry, "id")]


def with_states():
    """Return the admin classes whose lists show a coloured state of their rows."""
    registered = admin.site._registry.values()
    kept = [one for one in registered if any(f.name == "state" for f in one.model._meta.fields)]
    return [one for one in kept if hasattr(one, "state_shown")]


TIMES = {  # an event's state is said together with how far it is, an export's with whether it is kept still
    Event: {
        name: NOW + timedelta(days=40_000) for name in ("starts_at", "ends_at", "booking_closes_at")
    },
    Export: {"expires_at": NOW + timedelta(days=40_000)},
    Due: {"step": FollowStep(kind="report")},
    # A membership's state is said together with whether it is in force.
    Membership: {"joined_on": date(2020, 1, 1), "valid_until": date(2999, 1, 1)},
}
SAID = {(Due, "open"): "待提交"}  # of an instalment it says something else


@pytest.mark.parametrize("model_admin", with_states(), ids=lambda one: one.model._meta.label)
def test_every_state_stands_in_words_whether_it_has_a_colour_or_not(model_admin):
    model, shown_as = model_admin.model, model_admin.state_shown
    for state, words in model._meta.get_field("state").choices:
        row = model(state=state, **TIMES.get(model, {}))
        label = display_for_label(shown_as(row), "—", shown_as.label)
        said = SAID.get((model, state), str(words))
        assert re.sub(r"<[^>]*>", "", label).strip() == said


def test_what_the_filters_offer_is_fetched_by_itself(client):
    client.force_login(factories.staff("department_clerk"))
    address = reverse(f"admin:{TALENTS}_changelist")
    page = client.get(address).content.decode()
    panel = client.get(address, headers={"HX-Request": "true", "HX-Target": "filters"})
    text, offered = panel.content.decode(), 'name="tier__exact"'
    assert (page.count('id="filters"'), page.count(offered)) == (1, 0)
    assert (text.count('id="filters"'), text.count(offered), text.count("<html")) == (1, 1, 0)


def test_a_list_narrowed_by_a_year_says_which(client):
    from advisory.consultations.models import ShareTarget

    enter(client, "department_clerk")
    target = {"department": factories.department(), "percent": 40, "set_at": NOW}
    ShareTarget.objects.create(year=2026, **target)
    ShareTarget.objects.create(year=2027, **target)
    found = shown(client, "advisory_sharetarget", year="2026")
    assert [row.year for row in found.result_list] == [2026]
    assert [words for _title, words, _without in found.filter_chips] == ["2026"]
