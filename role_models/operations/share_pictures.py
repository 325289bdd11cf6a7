"""What follows where everybody sees something else of a story: pages are rendered and its share picture drawn anew."""

from kernel import content
from kernel.share_pictures import ask, keep
from role_models import share_pictures
from role_models.models import Story, StorySharePicture

TASK = "role_models.tasks.draw_share_pictures"


def shown_anew(story):
    """Say that what everybody sees of a story may have changed. For operations that hold its lock.

    The picture of one that is not shown any more is taken away in this transaction, and so is one with a photo that
    is not shown any more; its view asks again all the same.
    """
    content.touch()
    true = share_pictures.mark(story)
    if true is None:
        StorySharePicture.objects.filter(story=story).delete()
    else:
        ask(StorySharePicture.objects, true, TASK, story=story)


def ask_for_missing():
    """Ask for the pictures of shown stories that have none: of one whose honour stands again nobody asked."""
    for story in Story.objects.shown().filter(share_picture=None).order_by("pk"):
        if true := share_pictures.mark(story):
            ask(StorySharePicture.objects, true, TASK, story=story)


def draw_share_picture(*, picture, now):
    """Draw the picture of a story. The worker does so, and without a lock: drawing takes a fifth of a second.

    Where the story says something else by then, or is not shown any more, nothing is kept: whoever changed it asked
    again. Returns whether it was kept.
    """
    story = _story(picture)
    said = share_pictures.mark(story)
    if said is None:
        return False
    return keep(picture, share_pictures.drawn(story), said, _said_now, now)


def _said_now(picture):
    return share_pictures.mark(_story(picture))


def _story(picture):
    """Return the story of a picture as it stands now."""
    return Story.objects.select_related("award").get(pk=picture.pk)
