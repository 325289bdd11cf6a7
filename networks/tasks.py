"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from kernel.sweeps import sweep
from networks.elections import operations as elections
from networks.members import operations as members
from networks.members.models import Membership
from networks.meter import activity
from networks.meter import operations as meter
from networks.posts.models import Term


@shared_task(name="networks.tasks.follow_associations")
def follow_associations():
    """Hourly: remind of elections and memberships, tell what is overdue or lapsed, ask those nothing was heard of.

    No right and no list waits for it: who is in office and who is a member are questions of the day.
    """
    now = timezone.now()
    today = timezone.localdate(now)
    sweep(Term.objects.to_remind(today), elections.remind_of_election, "term", now=now)
    sweep(Term.objects.to_tell(today), elections.tell_overdue, "term", now=now)
    sweep(Membership.objects.to_remind(today), members.remind_member, "membership", now=now)
    sweep(Membership.objects.to_lapse(today), members.lapse_membership, "membership", now=now)
    sweep(activity.to_ask(now), meter.ask_silent, "association", now=now)
