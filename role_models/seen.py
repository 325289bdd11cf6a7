"""What somebody had before her when she decides: a page carries its mark, and nothing that came since is decided unseen."""

import hashlib
import json

from role_models.models import WORDS


def photos(story):
    """Return the mark of a story's photos with their words, as she chooses among them."""
    rows = story.photos.order_by("pk").values_list("pk", "alt", "alt_en", "credit")
    return _mark(list(rows))


def review(story, version):
    """Return the mark of what the second pair of eyes approves: a version (or None) and the photos that go with it."""
    rows = story.photos.filter(agreed_at__isnull=False).order_by("pk")
    words = [version.pk, *(getattr(version, name) for name in WORDS)] if version else []
    return _mark([words, [[pk, at.isoformat()] for pk, at in rows.values_list("pk", "agreed_at")]])


def _mark(facts):
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
