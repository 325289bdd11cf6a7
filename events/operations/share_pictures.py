"""The picture programs show of a public event: asked for where what it says may have changed, drawn by the worker."""

from events import share_pictures
from events.models import Event, SharePicture
from kernel.share_pictures import ask, keep


def ask_for_picture(event):
    """Have the picture of an event drawn where it has none that is true.

    Of one that is not for everybody it is taken away in this transaction. For operations that hold the event's lock.
    """
    if not (event.is_public and event.published_at):
        SharePicture.objects.filter(event=event).delete()
        return
    task, true = "events.tasks.draw_share_pictures", share_pictures.mark(event)
    ask(SharePicture.objects, true, task, event=event)


def draw_share_picture(*, picture, now):
    """Draw the picture of an event. The worker does so, and without a lock: drawing takes a fifth of a second.

    Where the event says something else by then, or is not for everybody any more, nothing is kept: whoever changed
    it asked again. Returns whether it was kept.
    """
    event = _event(picture)
    said = share_pictures.mark(event)
    return keep(picture, share_pictures.drawn(event), said, _said_now, now)


def _said_now(picture):
    return share_pictures.mark(_event(picture))


def _event(picture):
    """Return the event of a picture as it stands now."""
    return Event.objects.get(pk=picture.pk)
