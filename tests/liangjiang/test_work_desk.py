"""A number on the work desk is true for whoever reads it; what she may not see is not shown, least of all as 0."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import roles
from kernel import portal
from tests import factories
from tests.care_points import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


@pytest.fixture
def _one_of_each():
    """Something this month for each of the figures."""
    now = timezone.now()
    talent = factories.talent(verified_at=now)
    start = now + timedelta(days=1)
    booking = factories.booking(factories.event(starts_at=start), talent, now=now)
    type(booking).objects.filter(pk=booking.pk).update(checked_in_at=now, checked_in_by=None)
    make.give(talent, 100, now=now)
    make.redeem(talent, make.service(station=make.station()), now=now)


@pytest.mark.parametrize("role", sorted(roles.staff_roles()))
def test_no_figure_is_zero_where_there_is_something(client, role, _one_of_each):
    person = factories.staff(role)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get(reverse("admin:index")).context["figures"]
    allowed = [f for f in portal.listed("figures") if person.has_perm(f.permission)]
    assert [label for label, _count, _unit in shown] == [str(f.label) for f in allowed]
    assert [label for label, count, _unit in shown if not count] == []
