"""What is hers: her copy, her files, her public page, and an erasure killed with -9."""

import os
import signal
import subprocess
import threading
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from privacy import copies
from talents.career import operations as career
from talents.erasure import operations
from talents.erasure.models import Erasure
from talents.models import Talent
from talents.public import operations as public_page
from tests import factories
from tools.attack import world
from tools.attack.browser import at_once, broken_down
from tools.attack.cases import Outcome, case
from tools.bootstrap import PYTHON

FILES = (b"PK\x03\x04", b"%PDF")
NAME, PAPER = "欧阳若兰", "一篇只有她知道的论文"


def hers():
    """Return a woman with a copy of her data and an entry of her career with its file."""
    now = timezone.now()
    her = world.woman(NAME)
    entry = career.save_entry(
        talent=her,
        kind="achievement",
        values={"sort": "paper", "name": PAPER, "began": now.date().replace(day=1)},
        evidence=("证明.pdf", b"%PDF-1.7 hers"),
        by=her.user,
        now=now,
    )
    copy = copies.request_copy(user=her.user, by=her.user, now=now)
    copies.make(copy=copy, now=now)
    return her, entry, copy


def addresses(her, entry, copy):
    """Return (method, address) of everything that names something of hers."""
    admin = [
        reverse(f"admin:talents_talent_{page}", args=[her.pk])
        for page in ("change", "erase", "unite")
    ]
    own = [reverse("download_copy", args=[copy.pk])]
    own += [
        reverse(name, args=[entry.pk])
        for name in ("career_entry", "career_evidence", "career_delete", "career_restore")
    ]
    return [(method, path) for path in [*own, *admin] for method in ("GET", "POST")]


def tried_by(port, user, wanted):
    """Ask for all of it as somebody; return (address of what was shown or done, faults of the server)."""
    browser = world.browser(port, user)
    answers = [
        (path, browser.post(path) if method == "POST" else browser.ask(method, path))
        for method, path in wanted
    ]
    shown = [p for p, a in answers if PAPER in a.text or NAME in a.text or a.body[:4] in FILES]
    return shown, broken_down([answer for _path, answer in answers])


@case
def hers_asked_for_by_others(attack):
    """Fetch or change her copy, her career, its file and her record by their ids, as another woman and as staff of others."""
    her, entry, copy = hers()
    wanted, shown, faults = addresses(her, entry, copy), [], 0
    outsiders = [
        world.woman().user,
        factories.staff("department_clerk", department_code="trade_union", phone=world.phone()),
        factories.staff("event_organiser", phone=world.phone()),
    ]
    for user in outsiders:
        seen, broke = tried_by(attack.port, user, wanted)
        shown, faults = shown + seen, faults + broke
    entry.refresh_from_db()
    kept = entry.deleted_at is None
    return Outcome(
        len(wanted) * len(outsiders),
        bool(shown) or faults > 0 or not kept,
        f"{len(shown)} shown {shown or ''}, {faults} faults, entry {'kept' if kept else 'deleted'}",
    )


@hers_asked_for_by_others.control
def _(attack):
    her, entry, copy = hers()
    wanted = [("GET", path) for method, path in addresses(her, entry, copy) if method == "GET"][:3]
    shown, _faults = tried_by(attack.port, her.user, wanted)
    return Outcome(3, len(shown) >= 2, f"she herself: {len(shown)} shown")


# --- erasing -------------------------------------------------------------------------------------------
KILLED = """
import os, signal, django
django.setup()
from django.utils import timezone
from talents.erasure import operations
from talents.erasure.models import Erasure
from talents.models import Talent
erasure, now = Erasure.objects.get(pk={pk}), timezone.now()
die = lambda *args, **fields: os.kill(os.getpid(), signal.SIGKILL)
if {whole}:
    operations.audit.record = die
    operations.erase(erasure=erasure, now=now)
# Row by row, as it would be without the transaction.
Talent.objects.filter(pk=erasure.talent_id).update(full_name="")
die()
"""


def killed_erasing(attack, whole):
    """Kill a process that erases a woman, before it commits; return (its exit code, her record, her account)."""
    her, past = world.woman(NAME), timezone.now() - timedelta(minutes=1)
    erasure = Erasure.objects.create(
        user=her.user, talent=her, ground="herself", asked_at=past, due_at=past + timedelta(days=7)
    )
    Erasure.objects.filter(pk=erasure.pk).update(due_at=past)
    script = KILLED.format(pk=erasure.pk, whole=whole)
    done = subprocess.run(
        [PYTHON, "-c", script], env=os.environ | attack.env, capture_output=True, check=False
    )
    her.refresh_from_db()
    her.user.refresh_from_db()
    return done.returncode, her, erasure


@case
def hers_erased_and_killed(attack):
    """Kill -9 what erases a woman at the last moment: nothing half erased, and the next one completes it."""
    code, her, erasure = killed_erasing(attack, whole=True)
    half = her.full_name != NAME or her.user.full_name != NAME
    operations.erase(erasure=erasure, now=timezone.now())
    done = Talent.objects.get(pk=her.pk).state == "erased"
    return Outcome(
        1,
        code != -signal.SIGKILL or half or not done,
        f"exit {code}, {'half erased' if half else 'whole'}, then {'erased' if done else 'left'}",
    )


@hers_erased_and_killed.control
def _(attack):
    _code, her, _erasure = killed_erasing(attack, whole=False)
    half = her.full_name != NAME and her.user.full_name == NAME
    return Outcome(1, half, f"without the transaction: {'half erased' if half else 'whole'}")


# --- the public page -----------------------------------------------------------------------------------
def published(name):
    """Return a woman whose page everybody may read, and its address."""
    her, now = world.woman(name, position="总工程师"), timezone.now()
    own = {"user": her.user, "by": her.user, "now": now}
    public_page.save_page(shown=["position"], readable=False, may_be_indexed=False, **own)
    page = public_page.publish_page(**own)
    return her, reverse("person", args=[page.address])


def read_while_taken_back(attack, really):
    """Have sixteen strangers read her page while she takes it back; return the statuses of reads begun afterwards."""
    her, address = published(NAME)
    browser, gone, late = world.browser(attack.port, her.user), threading.Event(), []

    def read():
        stranger = world.browser(attack.port)
        for _n in range(12):
            afterwards = gone.is_set()
            status = stranger.ask("GET", address).status
            if afterwards:
                late.append(status)

    def take_back():
        if really:
            browser.post(reverse("public_take_back"))
        gone.set()

    at_once([read] * 8 + [take_back] + [read] * 8, 16)
    return late


@case
def hers_page_taken_back(attack):
    """Read her public page while she takes it back: nobody who asks after her answer came gets it from anywhere."""
    late = read_while_taken_back(attack, really=True)
    shown = sum(status == 200 for status in late)
    return Outcome(len(late), shown > 0 or not late, f"{shown} of {len(late)} later reads shown")


@hers_page_taken_back.control
def _(attack):
    late = read_while_taken_back(attack, really=False)
    shown = sum(status == 200 for status in late)
    return Outcome(len(late), shown > 0, f"left on: {shown} of {len(late)} shown")
