"""The page for a meeting tool's list: uploaded, looked through, applied, undone. Nothing of the file is kept."""

import json
from uuid import UUID, uuid4

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events import operations
from events.door.pages import at_door
from events.meeting_list import reading
from kernel.access import needs
from kernel.errors import DomainError, Invalid


@needs("events.check_in_booking")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_list(request, code):
    """Show the form; a file (`file`) is answered by the preview, the preview (`times`) applied, `undo` undoes one."""
    event, context = at_door(request, code), {}
    try:
        if "undo" in request.POST:
            return _undo(request, event)
        if "times" in request.POST:
            return _apply(request, event)
        if request.method == "POST":
            context = _preview(request, event)
    except DomainError as error:
        context = {"error": error}
    context |= {"event": event, "applied": event.meeting_lists.select_related("applied_by")[:10]}
    status = 422 if "error" in context else 200
    return render(request, "events/meeting_list.html", context, status=status)


def _preview(request, event):
    if "file" not in request.FILES:
        raise Invalid("file_missing", _("请选择会议软件导出的名单文件。"), field="file")
    found = reading.read(request.FILES["file"], event)
    people = [person for person in found if person.candidates and person.times]
    unclear = [person.name for person in found if not person.times]
    # Without a blank in it, so that a kept form (accounts.kept) does not show it as what she wrote.
    times = json.dumps([[_sent(*row) for row in p.clear] for p in people], separators=(",", ":"))
    strangers = [person.name for person in found if not person.candidates]
    said = {"people": people, "strangers": strangers, "unclear": unclear}
    return said | {"times": times, "key": uuid4()}


def _sent(came, left):
    """Return a time as the preview carries it."""
    return [came.isoformat(), left.isoformat() if left else ""]


def _apply(request, event):
    key, times = _chosen(request.POST)
    applied = operations.apply_list(
        event=event, times=times, key=key, by=request.user, now=timezone.now()
    )
    sentence = ngettext("已登记 %(n)s 人到场。", "已登记 %(n)s 人到场。", applied.people)
    messages.success(request, sentence % {"n": applied.people})
    return redirect("meeting_list", code=event.code)


def _chosen(sent):
    """Return (key, {code of a booking: its times}) of a preview that comes back. Raises Invalid."""
    try:
        key, found = UUID(sent.get("key", "")), {}
        for number, rows in enumerate(json.loads(sent["times"])):
            if booking := sent.get(f"who-{number}"):
                found.setdefault(booking, []).extend(map(_times, rows))
    except (ValueError, TypeError, RecursionError):
        raise Invalid("list_changed", _("名单没有送到，请重新上传文件。"), field="file") from None
    return key, found


def _times(row):
    came, left = (parse_datetime(text) if text else None for text in row)
    if came is None or came.tzinfo is None or (left and left.tzinfo is None):
        raise ValueError(row)
    return came, left


def _undo(request, event):
    number = request.POST["undo"]
    applied = get_object_or_404(
        event.meeting_lists, pk=int(number) if number.isdecimal() and len(number) < 18 else 0
    )
    operations.undo_list(applied=applied, by=request.user, now=timezone.now())
    messages.success(request, _("已撤销这份名单，由它登记的到场和时间都已去掉。"))
    return redirect("meeting_list", code=event.code)
