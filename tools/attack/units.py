"""Units that say more than they may: of women of others, and of their own again and again."""

import json

from django.utils import timezone

from notices.models import Notice
from talents.endorsing import Endorsement
from talents.models import Proposal
from tests import factories
from tools.attack import world
from tools.attack.browser import at_once, broken_down
from tools.attack.cases import Outcome, case
from tools.attack.interface import API, api, key, token

SCOPES = ("talents:read", "talents:confirm", "talents:endorse")
TIMES = 60


def unit_with_token(port):
    """Return (unit, token) of a partner with all it may have."""
    unit = factories.unit()
    made, secret = key(unit, SCOPES)
    return unit, token(port, made.client_id, secret)


def shared(unit, agreed=True):
    """Return a woman of a unit who answered whether it may read her."""
    her = world.woman("欧阳若兰", unit=unit)
    factories.consent(her.user, "unit_sharing", granted=agreed)
    return her


def send(port, bearer, method, path, body, **headers):
    """Send JSON with a token."""
    sent = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"} | headers
    return api(port).ask(method, f"{API}{path}", json.dumps(body).encode(), headers=sent)


def said_of(port, bearer, women):
    """Have a unit say of each that she changed, left and is endorsed; return (answers, answers to nobody at all)."""
    answers, nobody = [], []
    for code, name in [*((w.code, w.full_name) for w in women), ("NOBODYATALL", "欧阳若兰")]:
        kept = nobody if code == "NOBODYATALL" else answers
        for number, more in enumerate(
            (
                {"answer": "changed", "position": "所长", "professional_title": "研究员"},
                {"answer": "left", "unit_name": "别处研究院"},
                {"answer": "correct"},
            )
        ):
            body = {"as_of": timezone.localdate().isoformat(), "people": [{"code": code} | more]}
            once = {"Idempotency-Key": f"attack-{code}-{number}"}
            answer = send(port, bearer, "POST", "/talents/confirmations/", body, **once)
            kept.append((answer.status, answer.text.replace(code, "")))
        path, body = f"/talents/{code}/endorsement/", {"full_name": name, "endorsed": True}
        answer = send(port, bearer, "PUT", path, body)
        kept.append((answer.status, answer.text.replace(code, "")))
    return answers, nobody


@case
def unit_speaks_of_others(attack):
    """Say of women of another unit, and of one who withdrew, that they changed, left, are endorsed: as of nobody."""
    unit, bearer = unit_with_token(attack.port)
    women = [shared(factories.unit()), shared(unit, agreed=False)]
    before = {w.pk: (w.confirm_from, w.confirmed_at) for w in women}
    answers, nobody = said_of(attack.port, bearer, women)
    for one in women:
        one.refresh_from_db()
    asked = {w.pk: (w.confirm_from, w.confirmed_at) for w in women} != before
    proposed = Proposal.objects.filter(talent__in=women).count()
    endorsed = Endorsement.objects.filter(talent__in=women).count()
    told = set(answers) - set(nobody)
    return Outcome(
        len(answers),
        bool(proposed or endorsed or asked or told),
        f"{proposed} proposals, {endorsed} endorsements, {len(told)} answers unlike those of nobody",
    )


@unit_speaks_of_others.control
def _(attack):
    unit, bearer = unit_with_token(attack.port)
    her = shared(unit)
    answers, _nobody = said_of(attack.port, bearer, [her])
    endorsed = Endorsement.objects.filter(talent=her).count()
    return Outcome(len(answers), endorsed > 0, f"of its own: {endorsed} endorsement")


def endorsed_again(port):
    """Have a unit endorse its woman and take it back, 60 times and sixteen at once; return (her, answers)."""
    unit, bearer = unit_with_token(port)
    her = shared(unit)
    path = f"/talents/{her.code}/endorsement/"

    def say(endorsed):
        body = {"full_name": her.full_name, "endorsed": endorsed}
        return send(port, bearer, "PUT", path, body)

    answers = [say(number % 2 == 0) for number in range(TIMES)]
    return her, answers + at_once([lambda: say(True)] * 16, 16)


def told_and_standing(her):
    """Return (notices she got of endorsements, endorsements that stand, endorsements there ever were)."""
    told = Notice.objects.filter(recipient=her.user, kind="talents.endorsed").count()
    rows = Endorsement.objects.filter(talent=her)
    return told, rows.standing().count(), rows.count()


@case
def unit_endorses_all_day(attack):
    """Endorse a woman and take it back without end: she is told once, few rows come of it."""
    her, answers = endorsed_again(attack.port)
    told, standing, rows = told_and_standing(her)
    faults = broken_down(answers)
    return Outcome(
        len(answers),
        told > 1 or standing > 1 or rows > 3 or faults > 0,
        f"told {told} times, {standing} stands of {rows}, {faults} faults",
    )


@unit_endorses_all_day.control
def _(attack):
    her, answers = endorsed_again(attack.unguarded)
    told, _standing, rows = told_and_standing(her)
    return Outcome(len(answers), rows > 3, f"without the count: told {told} times, {rows} rows")
