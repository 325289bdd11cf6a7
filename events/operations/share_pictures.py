"""The picture programs show of a public event: asked for where what it says may have changed, drawn by the worker."""

from django.db import transaction

from events import share_pictures
from events.models import Event, SharePicture
from kernel.worker import nudge_on_commit


def ask_for_picture(event):
    """Have the picture of an event drawn where it has none that is true.

    Of one that is not for everybody it is taken away in this transaction. For operations that hold the event's lock.
    """
    if not (event.is_public and event.published_at):
        SharePicture.objects.filter(event=event).delete()
        return
    drawn = SharePicture.objects.filter(event=event).exclude(drawn_at=None)
    if drawn.filter(mark=share_pictures.mark(event)).exists():
        return
    asked = {"drawn_at": None, "sweep_failures": 0}
    SharePicture.objects.update_or_create(event=event, defaults=asked)
    nudge_on_commit("events.tasks.draw_share_pictures")


def draw_share_picture(*, picture, now):
    """Draw the picture of an event. The worker does so, and without a lock: drawing takes a fifth of a second.

    Where the event says something else by then, or is not for everybody any more, nothing is kept: whoever changed
    it asked again. Returns whether it was kept.
    """
    event = _event(picture)
    return _keep(picture, share_pictures.mark(event), share_pictures.drawn(event), now)


@transaction.atomic
def _keep(picture, mark, png, now):
    picture = SharePicture.objects.select_for_update().filter(pk=picture.pk).first()
    if picture is None or share_pictures.mark(_event(picture)) != mark:
        return False
    picture.mark, picture.png, picture.drawn_at = mark, png, now
    picture.save()
    return True


def _event(picture):
    """Return the event of a picture as it stands now."""
    return Event.objects.get(pk=picture.pk)
