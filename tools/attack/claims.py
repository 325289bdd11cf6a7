"""Records that are claimed while something else happens to them: merged, erased, taken up from a list."""

import time

from django.db import close_old_connections
from django.urls import reverse
from django.utils import timezone

from talents.doubles.models import Merge
from talents.erasure import operations as erasure
from talents.erasure.models import Erasure
from talents.imports import operations as imports
from talents.imports.models import ImportRow, ImportRun
from talents.models import Claim, Talent
from tests import factories
from tests.talents.imports import workbooks
from tools.attack import world
from tools.attack.browser import at_once, broken_down
from tools.attack.cases import Outcome, case
from tools.attack.files import WORKING
from tools.attack.talents import REASON, clerk

NAME = "令狐若兰"


def claimed_and_merged(port):
    """Have her claim a record with an old phone; clerks grant that and merge the record away at once.

    Return (her account, the record, the other record, answers).
    """
    account = factories.user("欧阳若兰", phone=world.phone())
    factories.consent(account, "talent_database", granted=True)
    wanted = factories.talent(user=None, full_name="欧阳若兰", phone=world.phone())
    other = factories.talent(user=None, full_name="欧阳若兰")
    she = world.browser(port, account)
    form = {"full_name": "欧阳若兰", "phone": wanted.phone}
    answers = [she.post(reverse("profile_claim"), form)]
    claim = Claim.objects.get(user=account)
    grant = reverse("admin:talents_claim_grant", args=[claim.pk])
    merge = reverse("admin:talents_talent_merge", args=[other.pk, wanted.pk])
    desks = [world.browser(port, clerk()) for _n in range(8)]
    jobs = [lambda b=b: b.post(grant, {"talent": wanted.pk}) for b in desks[::2]]
    chosen = REASON | {"phone": "keep"}
    jobs += [lambda b=b: b.post(merge, chosen) for b in desks[1::2]]
    return account, wanted, other, answers + at_once(jobs, 8)


def wrong_after_merging(account, wanted, other):
    """Return what is wrong with a record that was claimed and merged at once, "" where nothing is."""
    records = list(Talent.objects.filter(user=account))
    claim = Claim.objects.get(user=account)
    ended = Talent.objects.get(pk=wanted.pk).state, Talent.objects.get(pk=other.pk).state
    if sorted(ended) not in (["merged", "verified"], ["verified", "verified"]):
        return f"the records are {ended}"
    if ended[0] != "merged" and Merge.objects.filter(lost=wanted, undone_at=None).exists():
        return "merged, and a record still"
    if len(records) > 1:
        return f"she has {len(records)} records"
    if claim.state == "granted" and [record.state for record in records] != ["verified"]:
        return "granted, and she has no record"
    if claim.state != "granted" and records:
        return f"the claim is {claim.state}, and she has a record"
    return ""


@case
def claimed_while_merged(attack):
    """Grant a claim by four clerks while four others merge the record away, six times: she has one record or none."""
    wrong, answers = [], []
    for _again in range(6):
        account, wanted, other, given = claimed_and_merged(attack.port)
        wrong += filter(None, [wrong_after_merging(account, wanted, other)])
        answers += given
    faults = broken_down(answers)
    figure = f"{', '.join(wrong) or 'each time as it should be'}, {faults} faults"
    return Outcome(len(answers), bool(wrong) or faults > 0, figure)


@claimed_while_merged.control
def _(attack):
    account, wanted, other, answers = claimed_and_merged(attack.unguarded)
    wrong, faults = wrong_after_merging(account, wanted, other), broken_down(answers)
    figure = f"without the records' locks: {wrong or 'as it should be'}, {faults} faults"
    return Outcome(len(answers), bool(wrong) or faults > 0, figure)


# --- erased, claimed and listed --------------------------------------------------------------------
def alone(job):
    """Return a job that runs with connections of its own."""

    def run():
        close_old_connections()
        try:
            return job()
        finally:
            close_old_connections()

    return run


def listed(her, by):
    """Return a run of a list that names her, read and waiting to be confirmed."""
    row = workbooks.person(name=NAME, id=None, phone=her.phone, birth="1990年9月")
    run = imports.upload(
        file_name="名单.xlsx",
        data=workbooks.form(row).getvalue(),
        department=by.department,
        by=by,
        now=timezone.now(),
    )
    return rested(run)


def rested(run):
    """Wait until the worker has done with a run; return it."""
    for _again in range(200):
        run.refresh_from_db()
        if run.state not in WORKING:
            break
        time.sleep(0.1)
    return run


def erased_claimed_and_listed(port, erase):
    """Erase a reported record, claim it with its own phone and write a list that names her, all at once.

    Return (her account, the record, answers).
    """
    account = factories.user(NAME, phone=world.phone())
    factories.consent(account, "talent_database", granted=True)
    her = factories.talent(user=None, full_name=NAME, phone=account.phone, source="import")
    staff, now = clerk(), timezone.now()
    run = listed(her, staff)
    due = Erasure.objects.create(
        talent=her, ground="written", asked_by=staff, asked_at=now, due_at=now
    )
    she, form = world.browser(port, account), {"full_name": NAME}
    jobs = [lambda: she.post(reverse("profile_claim"), form)] * 4
    jobs += [
        alone(lambda: erase(due)),
        alone(lambda: imports.confirm(run=run, by=staff, now=timezone.now()) and None),
    ]
    answers = at_once(jobs, 6)
    if ImportRun.objects.filter(pk=run.pk).exists():
        rested(run)
    return account, her, [answer for answer in answers if answer is not None]


def left_of(account, her):
    """Return what is left of a woman who was erased, "" for nothing."""
    her.refresh_from_db()
    if her.state != "erased":
        return f"the record is {her.state}"
    if her.user_id or her.full_name or her.search_text:
        return "the erased record says who she was"
    again = Talent.objects.filter(full_name=NAME, phone_index=account.phone_index)
    rows = [row for row in ImportRow.objects.order_by("-pk")[:50] if NAME in (row.content or "")]
    if again.exists() or rows:
        return f"{again.count()} new records, {len(rows)} rows of lists"
    return ""


@case
def erased_while_claimed_and_listed(attack):
    """Erase a reported record while she claims it and a list that names her is written, four times: nothing is left."""
    left, answers = [], []
    for _again in range(4):
        account, her, given = erased_claimed_and_listed(
            attack.port, lambda due: erasure.erase(erasure=due, now=timezone.now()) and None
        )
        left += filter(None, [left_of(account, her)])
        answers += given
    faults = broken_down(answers)
    figure = f"{', '.join(left) or 'nothing is left'}, {faults} faults"
    return Outcome(len(answers), bool(left) or faults > 0, figure)


@erased_while_claimed_and_listed.control
def _(attack):
    def careless(due):
        Talent.objects.filter(pk=due.talent_id).update(state="erased", full_name="", user=None)

    account, her, answers = erased_claimed_and_listed(attack.port, careless)
    left = left_of(account, her)
    figure = f"its columns emptied and no more: {left or 'nothing is left'}"
    return Outcome(len(answers), bool(left), figure)
