"""The organiser's forms and lists offer what the operations take, in the words of their reader."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from events import operations, rules
from events.models import Event
from kernel.errors import Invalid, Refused
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def enter(client, *roles, **fields):
    person = factories.staff(*roles, **fields)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person


def offered(client, address):
    return list(client.get(address).context["adminform"].form.fields["organiser"].queryset)


def test_the_organisers_offered_are_those_the_operation_takes(client):
    clerk = enter(client, "department_clerk")
    boss = factories.staff("administrator", department_code="trade_union")
    for unfit in (
        factories.staff(),
        factories.staff("auditor"),
        factories.staff("event_organiser", department_code="trade_union"),
        factories.staff("event_organiser", is_active=False),
    ):
        assert rules.why_not_organise(clerk.department, unfit) is not None
    people = offered(client, "/admin/events/event/add/")
    assert set(people) == {clerk, boss}
    assert [rules.why_not_organise(clerk.department, person) for person in people] == [None, None]


def test_the_organisers_offered_are_those_of_the_events_department(client):
    elsewhere = factories.staff("event_organiser", department_code="trade_union")
    event = factories.event(department=factories.department("trade_union"), organiser=elsewhere)
    boss = enter(client, "administrator")
    assert set(offered(client, f"/admin/events/event/{event.pk}/change/")) == {elsewhere, boss}


def test_a_copy_is_organised_by_somebody_who_may(client):
    visitor = factories.staff("event_organiser", department_code="trade_union")
    event = factories.event(organiser=visitor)
    with pytest.raises(Invalid) as refused:
        operations.clone_event(event=event, by=visitor, now=NOW)
    assert refused.value.code == "organiser_unfit"
    assert Event.objects.count() == 1
    client.force_login(visitor)
    page = client.get(f"/admin/events/event/{event.pk}/change/")
    assert page.context["may_clone"] is False
    clerk = factories.staff("department_clerk")
    assert operations.clone_event(event=event, by=clerk, now=NOW).organiser == clerk


def test_a_booking_of_a_sensitive_event_is_cancelled_by_who_may_see_the_names():
    event = factories.event(sensitive_topic=True)
    booking = factories.booking(event)
    colleague = factories.staff("department_clerk")
    with pytest.raises(Refused):
        operations.cancel_booking(booking=booking, by=colleague, now=NOW)
    assert rules.why_not_act_for(event, booking.talent, event.organiser) is None
    assert rules.why_not_act_for(event, booking.talent, booking.talent.user) is None


def test_a_ticket_is_shown_to_its_woman_and_at_the_door_alone(client):
    booking = factories.booking(factories.event())
    address = f"/events/c/{booking.code}/"
    enter(client, "auditor")
    assert client.get(address).status_code == 404
    client.force_login(booking.talent.user)
    assert "<svg" in client.get(address).content.decode()
    client.force_login(booking.event.organiser)
    assert client.get(address).status_code == 200


def test_times_are_chosen_in_half_hours_and_measures_by_name(client):
    enter(client, "department_clerk")
    html = client.get("/admin/events/event/add/").content.decode()
    assert '<option value="14:30">14:30</option>' in html
    assert "9 · 两江巾帼关爱计划" in html
    start = timezone.now().replace(hour=6, minute=10, second=0, microsecond=0) + timedelta(days=2)
    event = factories.event(starts_at=start, title="十分开始")
    page = client.get(f"/admin/events/event/{event.pk}/change/").content.decode()
    assert '<option value="14:10" selected>14:10</option>' in page


def test_the_list_says_weekdays_and_measures(client):
    enter(client, "department_clerk")
    now = timezone.now()
    factories.event(starts_at=now + timedelta(days=1), measure=9)
    page = client.get("/admin/events/event/?measure__exact=9&cols=when&cols=measure_shown")
    changelist = page.context["cl"]
    assert [(str(a), str(b)) for a, b, _c in changelist.chips][1] == (
        "对应措施",
        "9 · 两江巾帼关爱计划",
    )
    html = page.content.decode()
    assert "(周" in html
    assert "9 · 两江巾帼关爱计划" in html
    assert client.get("/admin/events/event/?measure__exact=x").context["cl"].result_count == 0


def test_the_way_to_an_events_page_is_its_address_and_no_row_is_found_by_type_and_id(client):
    enter(client, "event_organiser")
    event = factories.event()
    page = client.get(f"/admin/events/event/{event.pk}/change/").content.decode()
    assert f'href="{event.get_absolute_url()}"' in page
    kind = ContentType.objects.get_for_model(event).pk
    assert client.get(f"/admin/r/{kind}/{event.pk}/").status_code == 404
