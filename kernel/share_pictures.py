"""The picture that WeChat and other programs show where the address of a page is passed on.

One layout for all that have one: the programme, badges, a title, lines, and a photo beside them where there is one.
typst takes 7 MB of a process and a fifth of a second, so the worker draws; a page names the picture only while it says
what is true, else the portal's own (SHARED_BY_ALL).
"""

import hashlib
import io
import json
from pathlib import Path

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils import translation
from PIL import Image, ImageOps

from kernel import documents
from kernel.sweeps import SweptQuerySet
from kernel.worker import nudge_on_commit

TEMPLATE = Path(__file__).with_name("share_picture.typ")
SIZE = (1200, 630)  # what programs show whole
PHOTO_SIZE = (472, 630)
FACES = (0.5, 0.3)  # where a photo is cut least: faces stand in its upper half
SHARED_BY_ALL = "/share.png"  # of a page without a picture of its own
MARK_LENGTH = 16
BLANK = {"drawn_at": None, "mark": "", "content": b"", "sweep_failures": 0}


class SharePictureQuerySet(SweptQuerySet):
    """Questions about share pictures."""

    def to_draw(self):
        """Keep those that were asked for and not drawn since, without what they hold."""
        return self.filter(drawn_at=None).defer("content")


class Picture(models.Model):
    """A picture as the worker drew it; a model made of it adds what it is of, as primary key.

    `mark` tells what it says: its address ends with it.
    """

    mark = models.CharField(max_length=MARK_LENGTH, blank=True)
    content = models.BinaryField(default=bytes)
    drawn_at = models.DateTimeField(null=True, blank=True)
    sweep_failures = models.PositiveSmallIntegerField(default=0)

    objects = SharePictureQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                name="%(class)s_drawn_has_mark", condition=Q(drawn_at=None) | ~Q(mark="")
            ),
        )
        indexes = (
            models.Index(fields=["drawn_at"], name="%(class)s_to_draw", condition=Q(drawn_at=None)),
        )

    def __str__(self):
        return self.mark


def mark(said, *more):
    """Return what tells one saying (and what else the picture shows, as text) from another."""
    told = json.dumps([TEMPLATE.name, said, *more], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:MARK_LENGTH]


def drawn(said, photo=None, form="png"):
    """Return the picture, as "png" or "jpeg".

    Arguments:
        said: plain JSON values {"programme": text, "badges": [[tone, words], …], "title": text, "lines": [text, …]};
            a tone is "kind", "honour" or "alert", the first line the larger one.
        photo: the bytes of a picture that fills the right side, or None.
    """
    width = SIZE[0] - PHOTO_SIZE[0] if photo else SIZE[0]
    png = documents.render(TEMPLATE, said | {"width": width}, form="png", ppi=72)
    if form == "png" and not photo:
        return png
    with Image.open(io.BytesIO(png)) as image:
        whole = image.convert("RGB")
    if photo:
        with Image.open(io.BytesIO(photo)) as image:
            beside = ImageOps.fit(image.convert("RGB"), PHOTO_SIZE, centering=FACES)
        whole.paste(beside, (width, 0))
    out = io.BytesIO()
    whole.save(out, form.upper(), quality=88, subsampling=0)
    return out.getvalue()


def address(picture, said_now, route, *arguments):
    """Return where programs find a picture, with host; the portal's own where it is none (None) or not true.

    `said_now` is the mark of what is true, `route` and `arguments` lead to the view, the mark coming last.
    """
    if picture is None or picture.drawn_at is None or picture.mark != said_now:
        return settings.SITE_URL + SHARED_BY_ALL
    with translation.override("zh-hans"):  # one address for both languages
        return settings.SITE_URL + reverse(route, args=[*arguments, picture.mark])


def answer(request, picture, content_type):
    """Send a picture to whoever asks. Each time: of what is not for everybody any more there is none."""
    tag = f'"{picture.mark}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(bytes(picture.content), content_type=content_type)
    response["ETag"], response["Cache-Control"] = tag, "no-cache"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # others show it
    return response


# --- asked for and kept ----------------------------------------------------------------------------
def ask(rows, said_now, task, **of):
    """Have a picture drawn by `task` where there is none that is true; what is not true is forgotten at once.

    `rows` are the pictures of one model, `of` what it is of ({"event": event}), whose lock the caller holds.
    """
    if rows.filter(mark=said_now, **of).exclude(drawn_at=None).exists():
        return
    rows.update_or_create(**of, defaults=BLANK)
    nudge_on_commit(task)


@transaction.atomic
def keep(picture, content, said_then, said_now, now):
    """Keep what was drawn while it says what is true; returns whether it does.

    Drawn without a lock: `said_then` is the mark of what was drawn, `said_now` a function that takes the picture,
    locked, and returns the mark of what is true, None where there is to be no picture.
    """
    found = type(picture).objects.select_for_update(of=("self",)).filter(pk=picture.pk).first()
    if found is None or said_now(found) != said_then:
        return False
    found.mark, found.content, found.drawn_at = said_then, content, now
    found.save()
    return True
