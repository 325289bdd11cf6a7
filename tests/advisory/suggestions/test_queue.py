"""What of suggestions waits for somebody: each line for whose it is, and gone once it is done."""

from datetime import timedelta

import pytest
from django.utils import timezone

from advisory.suggestions import board, operations, queue
from kernel import sweeps
from tests.advisory.suggestions import stages
from tests.advisory.suggestions.stages import LEAD

pytestmark = pytest.mark.django_db


def counts(user, *lines):
    now = timezone.now()
    return [line(user, now).count for line in lines]


def test_what_waits_for_the_coordinator():
    lines = (queue.to_file, queue.to_assign, queue.handed_back, queue.extensions)
    coordinator, lead = stages.clerk(), stages.clerk(LEAD)
    assert counts(coordinator, *lines) == [0, 0, 0, 0]
    now, of = timezone.now(), stages.campaign()
    stages.sent(of=of)
    stages.filed(of=of)
    back, more = stages.assigned(of=of), stages.assigned(of=of)
    operations.not_ours(assignment=back, words="不归我们管", by=None, now=now)
    operations.ask_extension(assignment=more, days=10, reason="需要会商", by=None, now=now)
    # What was handed back is led by nobody either.
    assert counts(coordinator, *lines) == [1, 2, 1, 1]
    assert counts(lead, *lines) == [0, 0, 0, 0]
    operations.decide_extension(extension=more.extension, granted=True, words="", by=None, now=now)
    assert counts(coordinator, queue.extensions) == [0]


def test_an_extension_nobody_decided_waits_no_more_once_there_is_a_reply(client):
    coordinator, now = stages.clerk(), timezone.now()
    assignment = stages.assigned()
    operations.ask_extension(assignment=assignment, days=10, reason="需要会商", by=None, now=now)
    where = "/admin/advisory/assignment/?extension=waiting"

    def shown():
        (asked,) = [
            line
            for line in board.part(coordinator, timezone.localdate()).lines
            if line.words == "延期待批复"
        ]
        client.force_login(coordinator)
        return asked.value, client.get(where).context["cl"].result_count

    assert shown() == (1, 1)
    stages.signed(row=assignment.suggestion)
    assert shown() == (0, 0)


def test_what_the_clock_could_not_do_is_shown_to_the_coordinator():
    effect = stages.confirmed().effects.get(months=6)
    lines = (queue.suggestions_set_aside, queue.effects_set_aside)
    coordinator, elsewhere = stages.clerk(), stages.clerk("trade_union")
    assert counts(coordinator, *lines) == [0, 0]
    for row in (effect, effect.adoption.suggestion):
        row.sweep_failures = sweeps.MOST_FAILURES
        row.save(update_fields=["sweep_failures"])
    assert counts(coordinator, *lines) == [1, 1]
    assert counts(elsewhere, *lines) == [0, 0]


def test_what_waits_for_a_department_and_who_signs_for_it():
    lines = (queue.late, queue.due)
    lead, elsewhere, signer = stages.clerk(LEAD), stages.clerk("trade_union"), stages.signer()
    long_ago = timezone.now() - timedelta(days=100)
    of = stages.campaign(long_ago)
    stages.assigned(of=of, now=long_ago)
    stages.handed_in(of=stages.campaign())
    assert counts(lead, *lines) == [1, 1]
    assert counts(elsewhere, *lines) == [0, 0]
    assert counts(signer, queue.to_sign) == [1]
    assert counts(stages.signer("trade_union"), queue.to_sign) == [0]


def test_second_replies_effects_adoptions_and_contests():
    now = timezone.now()
    day = timezone.localdate(now)
    lead, coordinator = stages.clerk(LEAD), stages.clerk()
    reply = stages.signed(answer="B", second_on=day + timedelta(days=1))
    stages.entered()
    stages.contested()
    assert counts(coordinator, queue.to_confirm, queue.contests) == [1, 1]
    assert counts(lead, queue.second, queue.to_tell) == [0, 0]
    reply.suggestion.second_on = day
    reply.suggestion.save(update_fields=["second_on"])
    assert counts(lead, queue.second) == [1]
