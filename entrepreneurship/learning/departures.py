"""When her record leaves the database: she coaches no longer, and what she proposed is taken back."""

from django.utils.translation import gettext as _

from entrepreneurship.learning.models import Coach, CoachingProposal, CoachState
from entrepreneurship.learning.operations.coaches import end_coaching
from entrepreneurship.learning.operations.proposals import withdraw_proposal

RUNNING = (CoachState.ACTIVE, CoachState.OFFERED)


def _coach(user):
    return Coach.objects.filter(user=user, state__in=RUNNING).first() if user else None


def lost(talent, now, hers):
    """Say that hours to come are cancelled."""
    if not hers or _coach(talent.user) is None:
        return []
    return [_("您提供的辅导时段会取消，预约的人会收到通知。")]


def stop_coaching(*, talent, hers, now):
    """End her coaching and take her open proposals back; the system does so, by rule."""
    if hers:
        stop(talent.user, now)
    for proposal in CoachingProposal.objects.open().filter(talent=talent):
        withdraw_proposal(proposal=proposal, by=None, now=now)


def stop(user, now):
    """End somebody's coaching, where there is one."""
    if (coach := _coach(user)) is not None:
        end_coaching(coach=coach, by=None, now=now)
