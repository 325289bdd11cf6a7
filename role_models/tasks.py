"""What the clock starts."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from kernel.sweeps import sweep
from role_models import operations
from role_models.models import StorySharePicture, TalkInvitation, TalkRequest

UNTOUCHED = timedelta(days=3)


@shared_task
def remind_of_talks():
    """Every hour: remind staff of requests nobody works on, and of women who have not answered."""
    now = timezone.now()
    waiting = TalkRequest.objects.to_remind(now - UNTOUCHED)
    sweep(waiting, operations.remind_of_request, "request", now=now)
    late = TalkInvitation.objects.to_remind(now)
    sweep(late, operations.remind_of_answer, "invitation", now=now)


@shared_task
def draw_share_pictures():
    """When asked for, and every five minutes: draw the pictures of stories whose address is passed on."""
    operations.ask_for_missing()
    asked = StorySharePicture.objects.to_draw()
    sweep(asked, operations.draw_share_picture, "picture", now=timezone.now())
