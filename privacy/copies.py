"""A copy of everything the portal holds about one person, for her to take away (PIPL art. 45).

Each app declares its part (`personal_data` in its portal.py). The worker puts them together: one JSON file
with Chinese and English words beside each value, an index to read, and the files she uploaded. The result is
kept encrypted for two days; she alone can fetch it.
"""

import base64
import io
import json
import logging
import zipfile
from datetime import date, datetime, timedelta

from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kernel import outages, portal
from kernel.errors import Conflict, Refused
from kernel.words import in_both_languages, listed, moment_text, stamp
from kernel.worker import nudge_on_commit
from privacy import audit, limits
from privacy.models import CopyState, DataCopy, DataCopyPiece

logger = logging.getLogger(__name__)
DAY = timedelta(days=1)
MOST_A_DAY = 3
KEPT_FOR = timedelta(days=2)
MOST_ATTEMPTS = 3
PIECE = 1 << 20  # bytes


def why_not_hers(user, by):
    """Return why `by` may not have the copy of `user` (DomainError), or None: she alone, and the system."""
    if by is None or by.pk == user.pk:
        return None
    return Refused("not_yours", _("只能办理您自己的个人信息副本。"))


def why_not_request(user, at):
    """Return why she cannot ask for a copy at the moment `at` (DomainError), or None."""
    asked = DataCopy.objects.filter(user=user, requested_at__gt=at - DAY)
    if asked.count() < MOST_A_DAY:
        return None
    sentence = _("一天最多申请 %(most)s 次，请明天再来；已备好的副本仍可下载。") % {
        "most": MOST_A_DAY
    }
    return Conflict("too_many_copies", sentence)


@transaction.atomic
def request_copy(*, user, by, now):
    """Ask for a copy of what the portal holds about `user`; returns the DataCopy.

    Asking while one is being made returns that one. Raises what `why_not_hers` and `why_not_request` return.
    """
    if error := why_not_hers(user, by):
        raise error
    limits.lock(user)
    waiting = DataCopy.objects.filter(user=user, state=CopyState.REQUESTED).first()
    if waiting:
        return waiting
    if error := why_not_request(user, now):
        raise error
    copy = DataCopy.objects.create(user=user, requested_at=now)
    audit.record("privacy.request_copy", user, by=by, at=now, copy=copy.pk)
    nudge_on_commit("privacy.tasks.make_copies")
    return copy


def make_due(*, now):
    """Make every copy that was asked for; one that fails stops none of the others."""
    for copy in DataCopy.objects.filter(state=CopyState.REQUESTED).order_by("pk"):
        make(copy=copy, now=now)


def make(*, copy, now):
    """Put one copy together; whoever comes second, or after it is made, changes nothing.

    A worker that is killed leaves it asked for. What fails MOST_ATTEMPTS times is given up and says so.
    """
    waiting = DataCopy.objects.filter(pk=copy.pk, state=CopyState.REQUESTED)
    waiting.update(attempts=models.F("attempts") + 1)
    try:
        with transaction.atomic():
            copy = waiting.select_for_update(skip_locked=True).select_related("user").first()
            if copy:
                _fill(copy, now)
    except Exception as error:
        if outages.is_outage(error):
            raise
        logger.error("copy %s failed: %s", copy.pk, type(error).__name__)
        waiting.filter(attempts__gte=MOST_ATTEMPTS).update(state=CopyState.FAILED)


def _fill(copy, now):
    data = archive(copy.user, now)
    for number, start in enumerate(range(0, len(data), PIECE)):
        piece = base64.b64encode(data[start : start + PIECE]).decode()
        DataCopyPiece.objects.create(copy=copy, number=number, content=piece)
    copy.state, copy.size = CopyState.READY, len(data)
    copy.ready_at, copy.expires_at = now, now + KEPT_FOR
    copy.save()
    audit.record("privacy.make_copy", copy.user, by=None, at=now, copy=copy.pk)


def why_not_download(copy, at):
    """Return why a copy cannot be fetched at the moment `at` (DomainError), or None."""
    if copy.state == CopyState.READY and at < copy.expires_at:
        return None
    return Conflict("copy_not_there", _("这份副本还没有备好，或已到期删除，请重新申请。"))


@transaction.atomic
def download_copy(*, copy, by, now):
    """Return a copy as (bytes of the zip, its name); that it was fetched is recorded.

    Raises what `why_not_hers` and `why_not_download` return.
    """
    if error := why_not_hers(copy.user, by) or why_not_download(copy, now):
        raise error
    audit.record("privacy.download_copy", copy.user, by=by, at=now, copy=copy.pk)
    pieces = copy.pieces.order_by("number")
    data = b"".join(base64.b64decode(piece.content) for piece in pieces)
    return data, f"我的个人信息-{timezone.localtime(copy.ready_at):%Y%m%d}.zip"


def drop_expired(*, now):
    """Delete the contents of copies whose time is over; returns how many were dropped."""
    DataCopyPiece.objects.filter(copy__expires_at__lte=now).delete()
    over = DataCopy.objects.filter(state=CopyState.READY, expires_at__lte=now)
    return over.update(state=CopyState.DROPPED)


# --- what is in it ---------------------------------------------------------------------------------


def archive(user, now):
    """Return the zip of everything the apps hold about `user`, as bytes."""
    parts = portal.listed("personal_data")
    content = {
        "made_at": now.isoformat(),
        "parts": [_part(part, user) for part in parts],
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archived:
        archived.writestr("data.json", json.dumps(content, ensure_ascii=False, indent=1))
        for language, name in (("zh-hans", "index.html"), ("en", "index.en.html")):
            archived.writestr(name, _index(content, language, now))
        for part in parts:
            for name, data in part.files(user):
                archived.writestr(f"files/{name}", data)
    return out.getvalue()


def _index(content, language, now):
    """Return the page to read: the words of each value, in one language."""
    parts = [
        (
            part["title"][language],
            [(group["title"][language], _lines(group, language)) for group in part["groups"]],
        )
        for part in content["parts"]
    ]
    with translation.override(language):
        context = {"parts": parts, "language": language, "made_at": moment_text(now)}
        return render_to_string("privacy/copy_index.html", context)


def _lines(group, language):
    return [
        [(cell["label"][language], cell["words"][language]) for cell in row]
        for row in group["rows"]
    ]


def _part(part, user):
    groups = [
        {
            "title": in_both_languages(lambda title=group.title: title),
            "rows": [[_cell(row, field) for field in group.fields] for row in group.rows],
        }
        for group in part.collect(user)
    ]
    return {"title": in_both_languages(lambda: part.title), "groups": groups}


def _cell(row, field):
    """Return one value with its words: {field, label, value, words}; label and words in both languages."""
    name, label = (field, None) if isinstance(field, str) else field
    if label is None:
        label = row._meta.get_field(name).verbose_name
    return {
        "field": name,
        "label": in_both_languages(lambda: label),
        "value": _plain(getattr(row, name)),
        "words": in_both_languages(lambda: _shown(row, name)),
    }


def _plain(value):
    """Return a value as JSON has it."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)


def _shown(row, name):
    """Return a value as people read it, in the language that is active."""
    if display := getattr(row, f"get_{name}_display", None):
        return display()
    value = getattr(row, name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, (list, tuple)):
        return listed(value)
    return stamp(value) if isinstance(value, datetime) else str(value)
