"""One step of `make deadline`, as a process of its own: `python -m tools.deadline.rush '{"step": "night", …}'`.

The one argument is JSON; `step` names one of STEPS, the rest are its arguments. Prints one JSON object. Runs as the
application's role on the database of its environment.
"""

import hashlib
import json
import multiprocessing
import statistics
import sys
import time
from collections import Counter
from datetime import timedelta

import django

from tools.points.rush import forked, tried

PROCESSES = 16
TITLE, CONTROL = "截止夜", "对照"
COLUMNS = [
    {"name": "年份", "kind": "number", "limit": 4},
    {"name": "项目", "kind": "text", "limit": 60},
]
END = b"\ntrailer<</Size 1>>\nstartxref\n0\n%%EOF\n"


def paper(number, size):
    """Return the bytes of a PDF nobody else has, `size` long: what is not a picture of text does not compress."""
    body = hashlib.shake_256(str(number).encode()).digest(size)
    return b"%PDF-1.7\n" + body + END


def digest(data):
    """Return what tells whether a file is whole."""
    return hashlib.sha256(data).hexdigest()


# --- steps -----------------------------------------------------------------------------------------
def make(women, title=TITLE):
    """Make a call with a text, a table and a line for files, and women who have begun; returns how many."""
    from django.utils import timezone

    from accounts.models import User
    from calls import operations
    from liangjiang.management.commands.load_world import make_women
    from talents.models import Talent
    from tests.calls import make as things

    now = timezone.now()
    call = things.draft(
        now, title=title, lines=False, closes_at=now + timedelta(days=1), opens_at=now
    )
    things.line(call, "主要事迹", limit=2000, now=now)
    things.line(call, "项目", kind="table", columns=COLUMNS, most=5, now=now)
    things.line(call, "证明材料", kind="file", file_kinds=["pdf"], now=now)
    operations.open_call(call=call, by=None, now=now)
    first = User.objects.filter(code__startswith="LOAD").count()
    for her in Talent.objects.filter(pk__in=make_women(first, first + women, now)):
        operations.start_application(call=call, talent=her, by=None, now=now)
    return {"women": women}


def night(seconds, late, size, processes=PROCESSES):
    """Let everybody save, upload and hand in until a deadline in so many seconds; the last `late` women come behind it.

    The clock closes the call when the deadline has come, while the others are at work.
    """
    from django.utils import timezone

    from calls import operations
    from calls.models import Call

    call = Call.objects.get(title=TITLE)
    deadline = timezone.now() + timedelta(seconds=seconds)
    _move_deadline(call, deadline)
    rows = _begun(call)
    in_time, behind = rows[: len(rows) - late], rows[len(rows) - late :]

    def work(number):
        for place in range(number, len(in_time), processes):
            _wait_until(deadline - timedelta(seconds=seconds * (1 - place / len(in_time))))
            yield hand_in(in_time[place], size)
        for place in range(number, len(behind), processes):
            _wait_until(deadline + timedelta(seconds=0.01))
            yield hand_in(behind[place], size)

    def close():
        _wait_until(deadline + timedelta(seconds=0.001))
        operations.close_call(call=call, by=None, now=timezone.now())

    said, took = forked(work, processes, close)
    return {"took": took} | told(said) | kept(call, said)


def _move_deadline(call, deadline):
    """Let a call end at a moment: the database lets a deadline move later only, so the call is a draft meanwhile."""
    from calls.models import Call

    call.applications.update(deadline=deadline)
    rows = Call.objects.filter(pk=call.pk)
    rows.update(state="draft")
    rows.update(closes_at=deadline)
    rows.update(state="open")
    call.refresh_from_db()


def _begun(call):
    return list(call.applications.select_related("talent__user", "call").order_by("pk"))


def _wait_until(moment):
    from django.utils import timezone

    time.sleep(max(0.0, (moment - timezone.now()).total_seconds()))


def hand_in(application, size):
    """Save unfinished, upload, save, hand in as her browser does; returns what she was told, as JSON values."""
    from django.utils import timezone

    from calls import operations

    text, table, files = application.call.fields.all()
    data, about = paper(application.pk, size), {"application": application}
    by = application.talent.user
    steps = (
        (operations.save_answers, {"answers": {text.pk: "写到一半"}}),
        (operations.attach_files, {"field": files, "sent": [("证明.pdf", data)]}),
        (
            operations.save_answers,
            {"answers": {text.pk: f"事迹{by.pk}", table.pk: [["2024", "试"]]}},
        ),
        (operations.submit_application, {}),
    )
    began = time.perf_counter()
    for operation, given in steps:
        answer, _found = tried(operation, **about, **given, by=by, now=timezone.now())
        if answer != "done":
            break
    return {
        "pk": application.pk,
        "answer": answer,
        "digest": digest(data),
        "ms": (time.perf_counter() - began) * 1000,
    }


def told(said):
    """Return what was answered and how long one took."""
    times = [one["ms"] for one in said if one["answer"] == "done"]
    cuts = statistics.quantiles([*times, *times], n=20)  # of a single one as well
    return {
        "answers": Counter(one["answer"] for one in said),
        "p50": cuts[9],
        "p95": cuts[18],
        "most": max(times),
    }


def kept(call, said):
    """Return what became of a night, counted from the rows: what was told against what is there."""
    from privacy import pieces

    done = {one["pk"]: one for one in said if one["answer"] == "done"}
    rows = {row.pk: row for row in _begun(call) if row.number}
    files = {
        pk: [digest(pieces.read(file.pieces)) for file in row.attachments.all()]
        for pk, row in rows.items()
    }
    numbers = sorted(row.number for row in rows.values())
    moments = [row.submitted_at for row in rows.values()]
    return {
        "asked": len(said),
        "in": len(rows),
        "lost": len(done.keys() - rows.keys()),
        "untold": len(rows.keys() - done.keys()),
        "late": sum(moment > call.closes_at for moment in moments),
        "files_not_whole": sum(files.get(pk) != [one["digest"]] for pk, one in done.items()),
        "gapless": numbers == list(range(1, len(numbers) + 1)),
        "saved_late": call.applications.filter(saved_at__gt=call.closes_at).count(),
    }


def control(processes=4):
    """Give numbers without holding the last one: each reads it before any writes, so the constraint has to refuse."""
    from calls.models import Call, Numbering
    from calls.operations import applying

    call = Call.objects.get(title=CONTROL)
    rows = _begun(call)[:processes]
    all_have_read = multiprocessing.get_context("fork").Barrier(len(rows))

    def read_then_write(call):
        number = Numbering.objects.get(call=call).last + 1
        all_have_read.wait(timeout=60)
        Numbering.objects.filter(call=call).update(last=number)
        return number

    applying._next_number, held = read_then_write, applying._next_number
    try:
        said, _took = forked(lambda number: [hand_in(rows[number], 1000)], len(rows))
    finally:
        applying._next_number = held
    return told(said) | kept(call, said)


STEPS = {"make": make, "night": night, "control": control}


def main(order):
    """Do one step and print what it found."""
    django.setup()
    import notices.tasks  # noqa: F401  (loaded once, not in each of the sixteen)

    print(json.dumps(STEPS[order.pop("step")](**order)))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
