"""The talent database: two records made one and two again, an erasure asked for at once, a list taken out, a CV."""

import io
import os
import signal
import subprocess
import zipfile
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from events.models import Booking
from talents.cv import content, documents
from talents.doubles.models import Merge
from talents.erasure.models import Erasure
from talents.exports import operations as exports
from talents.exports import running
from talents.exports.models import Export, ExportPiece
from talents.models import Talent
from tests import factories
from tools.attack import world
from tools.attack.browser import at_once, broken_down
from tools.attack.cases import Outcome, case
from tools.bootstrap import PYTHON

REASON = {"reason": "与本人电话核实过，是同一人"}


def clerk(**more):
    """Return a clerk of the women's federation."""
    return factories.staff("department_clerk", phone=world.phone(), **more)


# --- two records of one woman -----------------------------------------------------------------------
def doubles():
    """Return (her record with an account, the one a unit reported, a booking of each)."""
    her = world.woman("欧阳若兰")
    reported = factories.talent(user=None, full_name="欧阳若兰")
    event, other = world.event(capacity=9), world.event(capacity=9)
    now = timezone.now()
    mine, theirs = factories.booking(event, her, now), factories.booking(other, reported, now)
    return her, reported, [mine, theirs]


def united_at_once(port, her, reported):
    """Have sixteen clerks make one of two records, each way and with itself; return the answers."""
    clerks = [world.browser(port, clerk()) for _n in range(4)]
    ways = [(her, reported), (reported, her), (her, her), (reported, reported)]
    jobs = [
        lambda b=browser, k=keep, o=other: b.post(
            reverse("admin:talents_talent_merge", args=[k.pk, o.pk]), REASON
        )
        for browser in clerks
        for keep, other in ways
    ]
    return at_once(jobs, 16)


def wrong_of_two(her, reported, bookings):
    """Return what is wrong with two records that were made one, "" where nothing is."""
    for talent in (her, reported):
        talent.refresh_from_db()
    merges = list(Merge.objects.filter(kept__in=[her, reported], undone_at=None))
    if len(merges) != 1:
        return f"{len(merges)} merges"
    keep, lose = merges[0].kept, merges[0].lost
    if (keep.user_id is None, lose.user_id, lose.state) != (False, None, "merged"):
        return "her account is lost"
    moved = Booking.objects.filter(pk__in=[b.pk for b in bookings], talent=keep).count()
    return "" if moved == len(bookings) else f"{moved} of {len(bookings)} bookings"


@case
def records_united_at_once(attack):
    """Make one of two records by sixteen clerks at once, each way and with itself, then two again: once each."""
    her, reported, bookings = doubles()
    answers = united_at_once(attack.port, her, reported)
    wrong = wrong_of_two(her, reported, bookings)
    keep = her if Talent.objects.get(pk=her.pk).state == "verified" else reported
    path = reverse("admin:talents_talent_undo_merge", args=[keep.pk])
    clerks = [world.browser(attack.port, clerk()) for _n in range(8)]
    answers += at_once([lambda b=b: b.post(path, REASON) for b in clerks], 8)
    apart = {b.pk: b.talent_id for b in Booking.objects.filter(pk__in=[b.pk for b in bookings])}
    states = sorted(Talent.objects.filter(pk__in=[her.pk, reported.pk]).values_list("state"))
    back = apart == {b.pk: b.talent_id for b in bookings} and states == [("verified",)] * 2
    faults = broken_down(answers)
    return Outcome(
        len(answers),
        bool(wrong) or not back or faults > 0,
        f"{wrong or 'one merge'}, {'two again as before' if back else 'not as before'}, {faults} faults",
    )


@records_united_at_once.control
def _(attack):
    her, reported, bookings = doubles()
    answers = united_at_once(attack.unguarded, her, reported)
    wrong, faults = wrong_of_two(her, reported, bookings), broken_down(answers)
    figure = f"without the records' locks: {wrong or 'one merge'}, {faults} faults"
    return Outcome(len(answers), bool(wrong) or faults > 0, figure)


# --- erasing, again and again -----------------------------------------------------------------------
def asked_again_and_again(port):
    """Have her ask sixteen times at once to be erased; return (she, answers, how many erasures wait)."""
    her = world.woman()
    browser, path = world.browser(port, her.user, proved=True), reverse("ask_erasure")
    answers = at_once([lambda: browser.post(path)] * 16, 16)
    return her, answers, Erasure.objects.waiting().filter(user=her.user).count()


@case
def erasure_asked_at_once(attack):
    """Ask sixteen times at once to be erased, take it back and ask again: one waits, none after it is taken back."""
    her, answers, waiting = asked_again_and_again(attack.port)
    browser = world.browser(attack.port, her.user, proved=True)
    answers += at_once([lambda: browser.post(reverse("withdraw_erasure"))] * 8, 8)
    left = Erasure.objects.waiting().filter(user=her.user).count()
    answers.append(browser.post(reverse("ask_erasure")))
    again, faults = Erasure.objects.waiting().filter(user=her.user).count(), broken_down(answers)
    return Outcome(
        len(answers),
        (waiting, left, again) != (1, 0, 1) or faults > 0,
        f"{waiting} waits, {left} when taken back, {again} asked again, {faults} faults",
    )


@erasure_asked_at_once.control
def _(attack):
    _her, answers, waiting = asked_again_and_again(attack.unguarded)
    faults = broken_down(answers)
    figure = f"without the account's lock: {waiting} waits, {faults} faults"
    return Outcome(len(answers), waiting != 1 or faults > 0, figure)


# --- a list taken out -------------------------------------------------------------------------------
def ordered(by):
    """Return an Export of this clerk that no worker has seen yet."""
    rows = list(Talent.objects.visible_to(by).order_by("pk").values_list("pk", flat=True)[:60])
    return Export.objects.create(
        by=by,
        department=by.department,
        reason="报送年度统计",
        columns=["code", "full_name", "unit_name"],
        rows=rows,
        total=len(rows),
        asked_at=timezone.now(),
    )


def fetched(port, user, export):
    """Ask for a file as somebody; return (whether it came, the answer)."""
    answer = world.browser(port, user).post(reverse("admin:talents_export_fetch", args=[export.pk]))
    return answer.body[:2] == b"PK", answer


@case
def lists_of_others(attack):
    """Fetch a list somebody else took out, her own after her right, her department or its time is gone."""
    by, now = clerk(), timezone.now()
    export = ordered(by)
    running.work(export.pk)
    others = [clerk(), factories.staff("administrator", phone=world.phone()), world.woman().user]
    tried = [fetched(attack.port, other, export) for other in others]
    by.department = factories.department("trade_union")
    by.save()
    tried.append(fetched(attack.port, by, export))
    by.department = factories.department()
    by.save()
    groups = list(by.groups.all())
    by.groups.clear()
    tried.append(fetched(attack.port, by, export))
    by.groups.set(groups)
    Export.objects.filter(pk=export.pk).update(expires_at=now - timedelta(minutes=1))
    tried.append(fetched(attack.port, by, export))
    came, faults = (
        sum(there for there, _answer in tried),
        broken_down([answer for _there, answer in tried]),
    )
    return Outcome(
        len(tried), came > 0 or faults > 0, f"{came} of {len(tried)} came, {faults} faults"
    )


@lists_of_others.control
def _(attack):
    by = clerk()
    export = ordered(by)
    running.work(export.pk)
    came, answer = fetched(attack.port, by, export)
    return Outcome(
        1, came, f"she herself: HTTP {answer.status}, {'the file' if came else 'no file'}"
    )


KILLED = """
import os, signal, django
django.setup()
from talents.exports import running
running.PIECE, store = 2000, running.Pieces._store
def stored(pieces, size):
    store(pieces, size)
    if pieces.number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
running.Pieces._store = stored
running.work({pk})
"""


@case
def list_written_and_killed(attack):
    """Kill -9 what writes a long list after two pieces: what is left cannot be fetched, the next one writes it whole."""
    by = clerk()
    export, code = killed_writing(attack, by)
    came, answer = fetched(attack.port, by, export)
    silent = timezone.now() - running.SILENCE - timedelta(seconds=1)
    Export.objects.filter(pk=export.pk).update(heartbeat_at=silent)
    running.work(export.pk)
    export.refresh_from_db()
    data = b"".join(exports.fetch_export(export=export, by=by, now=timezone.now()))
    whole = zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    return Outcome(
        1,
        code != -signal.SIGKILL or came or answer.status >= 500 or not whole,
        f"exit {code}, {'a half file came' if came else 'nothing came'}, then {'whole' if whole else 'broken'}",
    )


def killed_writing(attack, by):
    """Return (an Export whose writer was killed after two pieces, its exit code)."""
    export = ordered(by)
    done = subprocess.run(
        [PYTHON, "-c", KILLED.format(pk=export.pk)],
        env=os.environ | attack.env,
        capture_output=True,
        check=False,
    )
    return export, done.returncode


@list_written_and_killed.control
def _(attack):
    export, _code = killed_writing(attack, clerk())
    pieces = ExportPiece.objects.filter(export=export).count()
    Export.objects.filter(pk=export.pk).update(
        state="ready", expires_at=timezone.now() + timedelta(days=1)
    )
    export.refresh_from_db()
    data = b"".join(exports.fetch_export(export=export, by=export.by, now=timezone.now()))
    broken = not zipfile.is_zipfile(io.BytesIO(data))
    figure = f"{pieces} pieces taken for the file: {'broken' if broken else 'whole'}"
    return Outcome(1, broken, figure)


# --- her CV -----------------------------------------------------------------------------------------
ODD = (
    '#panic("x")',
    '#read("/etc/passwd")',
    "$x$ @ref <label> `raw`",
    "=HYPERLINK(1)",
    "<w:t>&amp;]]>",
    "\ufffe\uffff\x01",
    "长" * 4000,
)


def taken(browser, kind):
    """Return the answer to her asking for her CV."""
    form = {"language": "zh-hans", "kind": kind, "parts": ["research"]}
    return browser.post(reverse("cv"), form)


@case
def odd_words_in_a_cv(attack):
    """Stop the CV, or have it run or read something, by what stands in the record: markup, control characters, length."""
    answers = []
    for word in ODD:
        her = world.woman(research_fields=[word[i : i + 40] for i in range(0, len(word), 40)])
        browser = world.browser(attack.port, her.user)
        answers += [(kind, taken(browser, kind)) for kind in ("pdf", "docx")]
    starts = {"pdf": b"%PDF", "docx": b"PK\x03\x04"}
    made = sum(answer.body[:4] == starts[kind] for kind, answer in answers)
    read = sum(b"root:" in answer.body for _kind, answer in answers)
    faults = broken_down([answer for _kind, answer in answers])
    return Outcome(
        len(answers),
        made < len(answers) or read > 0 or faults > 0,
        f"{made} of {len(answers)} made, {faults} faults",
    )


@odd_words_in_a_cv.control
def _(attack):
    stopped = 0
    for word in ODD:
        made = content.data(world.woman(), [])
        made["sections"] = [{"title": "研究方向", "lines": [[word, "", ""]]}]
        try:
            documents.docx(made)
        except ValueError:
            stopped += 1
    return Outcome(len(ODD), stopped > 0, f"put in as typed {stopped} stops Word's file")
