"""The demo world: made by the operations it shows, so that a rule that changes under it is noticed here."""

from datetime import datetime

import pytest
from django.utils import timezone

from advisory.suggestions.models import Assignment, Contest, Suggestion, SuggestionState
from calls.demo.finished import FINISHED
from calls.models import Call
from cloud_home.models import Topic
from entrepreneurship.finance.models import Referral
from entrepreneurship.plans.models import PlanMember
from entrepreneurship.ventures.models import Venture
from events.models import Booking, Certificate, Event, Material, Photo
from honours.models import Award, HonourCertificate, Recommendation
from kernel import bigrams
from liangjiang.demo import World
from role_models.models import Story
from talents.career.models import CareerEntry
from talents.models import Talent

pytestmark = pytest.mark.django_db
# Half past four at night: the portal's day began while the event of today was under way.
NIGHT = datetime(2026, 11, 27, 4, 30, tzinfo=timezone.get_default_timezone())


def test_it_is_made_in_one_go_with_something_of_everything():
    World(NIGHT, women=40).build()
    kinds = (Event, Booking, Certificate, Material, Photo, Topic)
    assert [kind.__name__ for kind in kinds if not kind.objects.exists()] == []
    found = bigrams.match(Talent.objects.all(), "噪声检测")
    works = Talent.objects.filter(career__name__contains="噪声检测").distinct()
    assert {*found} == {*works} != set()
    states = set(Booking.objects.values_list("state", flat=True))
    assert {"confirmed", "waitlisted", "offered", "attended", "absent"} <= states
    unclaimed = CareerEntry.objects.filter(talent__user=None)
    assert set(unclaimed.values_list("source", flat=True)) == {"import"}
    call = Call.objects.get(title=FINISHED["title"])
    results = sorted(call.applications.values_list("state", flat=True))
    assert results == ["awarded"] * 3 + ["not_awarded", "not_endorsed", "reserve"]
    notice = call.notices.get()
    assert (notice.state, notice.objections.get().state) == ("ended", "dismissed")
    upward = Recommendation.objects.filter(application__call=call).order_by("pk")
    assert [one.state for one in upward] == ["granted", "granted", "not_granted"]
    awards = Award.objects.filter(pk__in=upward.values("award"))
    assert [one.earned is not None for one in awards] == [True, True]
    assert HonourCertificate.objects.filter(award__in=awards).count() == 2
    assert Story.objects.shown().get(award__in=awards).talent_id in {
        one.talent_id for one in awards
    }
    # Twelve women found twelve ventures, and every theme speaks of these.
    ventures = Venture.objects.order_by("name")
    assert ventures.count() == ventures.values("talent").distinct().count() == 12
    assert Referral.objects.exclude(venture__name="").values("venture").distinct().count() == 7
    # Suggestions in every state: one overdue, one that promises a second reply, one whose effect is contested.
    assert set(Suggestion.objects.values_list("state", flat=True)) == set(SuggestionState.values)
    late = Assignment.objects.overdue(timezone.localdate(NIGHT)).leading()
    promised = Suggestion.objects.filter(second_on__gt=timezone.localdate(NIGHT))
    assert (late.count() > 0, promised.count() > 0) == (True, True)
    assert Contest.objects.waiting().count() == 1
    cohort = PlanMember.objects.order_by("pk").values_list("venture__name", flat=True)
    assert list(cohort) == ["两江视界", "碧流环境"]
