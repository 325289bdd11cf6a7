"""What is told about stories. The same may be told twice of one story, so the moment is in the key."""

from accounts.models import User
from notices.operations import Letter, page_link, queue_all


def told_of(story):
    """Return how the key of everything begins that is told of a story."""
    return f"{story.code}@"


def _key(story, now):
    return f"{told_of(story)}{now:%Y%m%d%H%M%S}"


def _to_her(kind, story, now, **context):
    user = story.talent.user
    if user:
        link = page_link("my_story", story.code)
        queue_all([Letter(kind, user, _key(story, now), context, link=link)], at=now)


def _to_staff(kind, people, story, now, **context):
    link = page_link("admin:role_models_story_change", story.pk)
    rows = [Letter(kind, person, _key(story, now), context, link=link) for person in people]
    queue_all(rows, at=now)


def _editor(version):
    """Return who wrote last, where she still works here."""
    return User.objects.filter(pk=version.edited_by_id, is_active=True, is_staff=True)


def asked(story, version, now):
    """Ask her to read the draft."""
    _to_her("role_models.asked", story, now, title=version.title)


def agreed(story, version, now):
    """Tell who wrote it that she agrees."""
    _to_staff("role_models.agreed", _editor(version), story, now, title=version.title)


def wished(story, version, now):
    """Tell who wrote it that she would have it otherwise; what she wrote stands on the page."""
    _to_staff("role_models.wished", _editor(version), story, now, title=version.title)


def published(story, version, now):
    """Tell her that it is out, of a correction that it was corrected without asking; of one that is not shown nothing."""
    if not story.is_shown:
        return
    kind = "role_models.corrected" if version.is_minor else "role_models.published"
    _to_her(kind, story, now, title=version.title)


def hidden(story, now):
    """Tell her that it was taken off, and why."""
    _to_her("role_models.hidden", story, now, reason=story.hidden_reason)


def shown_again(story, now):
    """Tell her that staff show it again, where everybody can read it now."""
    if story.is_shown:
        _to_her("role_models.shown_again", story, now)


def photo_waits(photo, now):
    """Ask her about a photo, where the story is past being written: else she is asked with the draft."""
    if photo.story.published_at:
        _to_her("role_models.photo_asked", photo.story, now)


def withdrawn(story, now):
    """Tell who wrote it last that she has withdrawn it."""
    _tell_editor("role_models.withdrawn", story, now)


def allowed_again(story, now):
    """Tell who wrote it last that she agrees again."""
    _tell_editor("role_models.allowed_again", story, now)


def _tell_editor(kind, story, now):
    version = story.versions.order_by("-number").first()
    _to_staff(kind, _editor(version), story, now, title=version.title)
