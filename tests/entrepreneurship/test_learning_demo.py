"""What the demo says of training and coaching, on a timeline of its own."""

from collections import Counter

import pytest

from entrepreneurship.learning import demo
from entrepreneurship.learning.models import (
    CoachingProposal,
    CoachingTalk,
    Enrolment,
    TrainingCertificate,
)
from events.models import Event
from liangjiang.demo import World
from tests import factories

pytestmark = pytest.mark.django_db


def test_half_a_training_one_concluded_and_coaching_in_every_state():
    world = World(factories.NOW)
    world.members = [factories.talent() for _ in range(15)]
    world.staff = {"DEMOEVENT": factories.staff("event_organiser")}
    demo.make(world)
    world.live()
    running = Enrolment.objects.filter(programme__state="open")
    assert Counter(running.values_list("risk", flat=True)) == {"": 4, "tight": 1, "lost": 1}
    assert Counter(TrainingCertificate.objects.values_list("kind", flat=True)) == {
        "completion": 4,
        "attendance": 1,
    }
    hours = Event.objects.filter(kind="coaching").order_by("starts_at")
    assert list(hours.values_list("seats_taken", "waiting")) == [(1, 0), (1, 1), (0, 0)]
    assert CoachingTalk.objects.exclude(confirmed_at=None).get().earned is not None
    assert CoachingProposal.objects.get().state == "open"
