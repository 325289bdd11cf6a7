"""The digits in a picture that are asked for while codes run short: left out, guessed, used again."""

import re

from captcha.models import CaptchaStore

from tools.attack import world
from tools.attack.browser import at_once, broken_down
from tools.attack.cases import Outcome, case
from tools.attack.messages import ASK_CODE, flood, sent_to

# Half of what one network gets in this run (tools.attack.__main__).
HALF = 10
ALARM = "SMS budget of the hour (codes)"


def run_short(attack, port, network):
    """Spend half of a network's codes, one after the other."""
    attack.next_hour()
    for number in range(HALF):
        ask(port, world.phone(), f"{network}.{number + 1}")


def ask(port, phone, address, **picture):
    """Ask for a sign-in code."""
    return world.browser(port, address=address).post(
        ASK_CODE, {"by": "phone", "phone": phone} | picture
    )


def shown(answer):
    """Return {name: value} that answers the picture of a page; read off the database, as a person reads it off the page."""
    found = re.search(r'name="picture_0"\s+value="(\w+)"', answer.text)
    if found is None:
        return {}
    read = CaptchaStore.objects.get(hashkey=found[1]).response
    return {"picture_0": found[1], "picture_1": read}


def past_the_picture(attack, port):
    """Ask for codes beyond half, with every answer but a right one of one's own; how many left, of how many asked."""
    network = world.somewhere().rpartition(".")[0]
    run_short(attack, port, network)
    answer = shown(ask(port, world.phone(), f"{network}.50"))
    wrong = {"picture_1": "00000"}
    tries = [
        *[{} for _ in range(5)],
        *[answer | wrong],
        *[answer for _ in range(3)],  # it was tried before
        *[{"picture_0": "0" * 40, "picture_1": "23456"}, {"picture_0": "", "picture_1": ""}],
        *[{"picture_0": "\x00", "picture_1": "\x00"}, {"picture_1": "23456"}],
    ]
    phones = [world.phone() for _ in tries]
    answers = [
        ask(port, phone, f"{network}.{60 + n}", **given)
        for n, (phone, given) in enumerate(zip(phones, tries, strict=True))
    ]
    return sent_to(attack, phones), len(tries), broken_down(answers)


@case
def picture_left_out(attack):
    """Get codes from a network whose half is spent: without the picture, with wrong, odd and used answers. None leaves."""
    sent, tried, faults = past_the_picture(attack, attack.port)
    return Outcome(tried, sent > 0 or faults > 0, f"{sent} of {tried} left, {faults} faults")


@picture_left_out.control
def _(attack):
    sent, tried, _faults = past_the_picture(attack, attack.unguarded)
    return Outcome(tried, sent == tried, f"never asked for: {sent} of {tried} left")


@case
def picture_used_at_once(attack):
    """Read one picture and bring it sixteen times in one moment, for sixteen phones. One code leaves."""
    network = world.somewhere().rpartition(".")[0]
    run_short(attack, attack.port, network)
    answer = shown(ask(attack.port, world.phone(), f"{network}.50"))
    phones = [world.phone() for _ in range(16)]
    jobs = [
        lambda phone=phone, n=n: ask(attack.port, phone, f"{network}.{60 + n}", **answer)
        for n, phone in enumerate(phones)
    ]
    answers = at_once(jobs)
    attack.pictures_sent = sent_to(attack, phones)
    faults = broken_down(answers)
    return Outcome(
        16,
        attack.pictures_sent != 1 or faults > 0,
        f"{attack.pictures_sent} of 16 left, {faults} faults",
    )


@picture_used_at_once.control
def _(attack):
    """A picture of its own for each: all leave that the network's budget has room for."""
    network = world.somewhere().rpartition(".")[0]
    run_short(attack, attack.port, network)
    phones = [world.phone() for _ in range(16)]
    for number, phone in enumerate(phones):
        address = f"{network}.{60 + number}"
        answer = shown(ask(attack.port, phone, address))
        ask(attack.port, phone, address, **answer)
    sent = sent_to(attack, phones)
    return Outcome(
        32, sent == HALF, f"with sixteen pictures: {sent} left, the network's other half"
    )


@case
def pictures_read_by_a_program(attack):
    """Read every picture, from 220 networks. The budget of the hour ends it: 200 codes here, with three alarms."""
    before = attack.web.log.read_text("utf-8", "replace").count(ALARM)
    attack.next_hour()
    phones = [world.phone() for _ in range(220)]
    jobs = [lambda phone=phone: read_and_ask(attack.port, phone) for phone in phones]
    at_once(jobs, 8)
    sent = sent_to(attack, phones)
    alarms = attack.web.log.read_text("utf-8", "replace").count(ALARM) - before
    return Outcome(
        220,
        not 190 <= sent <= 200 or alarms != 3,
        f"{sent} of 220 left, {alarms} alarms in the log",
    )


@pictures_read_by_a_program.control
def _(attack):
    sent = flood(attack, attack.unguarded, [(world.phone(), world.somewhere()) for _ in range(220)])
    return Outcome(220, sent > 200, f"{sent} of 220 left")


def read_and_ask(port, phone):
    """Ask for a code, and again with what the picture shows."""
    address = world.somewhere()
    if answer := shown(ask(port, phone, address)):
        ask(port, phone, address, **answer)
