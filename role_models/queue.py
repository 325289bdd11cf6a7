"""What of the app's work waits for somebody."""

from django.utils.translation import gettext as _

from kernel.admin.queue import capped, changelist
from kernel.portal import Task
from role_models.models import (
    RequestState,
    Story,
    StoryVersion,
    TalkRequest,
    VersionState,
)


def to_publish(user, now):
    """Return the line about stories she agreed to, which wait for the second pair of eyes."""
    waiting = Story.objects.visible_to(user).filter(
        versions__state=VersionState.AGREED, withdrawn_at=None
    )
    return Task(
        _("待审核的榜样故事"),
        capped(waiting),
        _("本人已经同意。写稿以外的同事看过后发布。"),
        changelist("role_models_story", "stage=agreed"),
        since=waiting.order_by("versions__agreed_at")
        .values_list("versions__agreed_at", flat=True)
        .first(),
    )


def to_write(user, now):
    """Return the line about drafts she would have otherwise."""
    wished = StoryVersion.objects.filter(state=VersionState.DRAFT).exclude(wish="")
    waiting = Story.objects.visible_to(user).filter(
        pk__in=wished.values("story"), withdrawn_at=None
    )
    return Task(
        _("本人希望修改的榜样故事"),
        capped(waiting),
        _("按她的意见改好，再请她看。"),
        changelist("role_models_story", "stage=wished"),
    )


def photos(user, now):
    """Return the line about photos she agreed to after the story was published."""
    waiting = Story.objects.visible_to(user).with_photos_to_approve()
    return Task(
        _("待审核的故事照片"),
        capped(waiting),
        _("本人已经同意展示。上传以外的同事看过后通过。"),
        changelist("role_models_story", "stage=photos"),
    )


def talks(user, now):
    """Return the line about requests for talks: to be put to somebody, or to be made an event."""
    open_ones = TalkRequest.objects.visible_to(user).filter(
        state__in=(RequestState.RECEIVED, RequestState.ACCEPTED)
    )
    waiting = open_ones.order_by("waits_since", "pk")
    return Task(
        _("待安排的宣讲申请"),
        capped(waiting),
        _("邀请愿意宣讲的人；她答应以后生成活动。"),
        changelist("role_models_talkrequest", "state__in=received,accepted"),
        since=waiting.values_list("waits_since", flat=True).first(),
    )
