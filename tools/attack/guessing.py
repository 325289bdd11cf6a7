"""Trying until something fits: identity numbers, codes, passwords; and locking the owner out by trying."""

import json
import re
import secrets
import time
from collections import Counter
from datetime import date, timedelta

from allauth.account.models import EmailAddress

from talents.models import Claim, Talent
from tests import factories
from tests.talents.imports.workbooks import identity
from tools.attack import world
from tools.attack.browser import at_once, broken_down
from tools.attack.cases import Outcome, case

LOGIN, ASK_CODE, CONFIRM = (
    "/accounts/login/",
    "/accounts/login/code/",
    "/accounts/login/code/confirm/",
)
STEP, CLAIM, HOME = "/me/profile/1/", "/me/profile/claim/", "/me/"
TOKENS = re.compile(
    r'name="(?:csrfmiddlewaretoken|key)" value="[^"]*"|[0-9a-f]{32,}|[A-Za-z0-9]{64}'
)
NAME = "苏锦时"


def some_day():
    """Return a day somebody was born on whose number no case has used."""
    return date(1970, 1, 1) + timedelta(days=secrets.randbelow(9000))


def candidates(born, count):
    """Return `count` valid numbers of women born that day in one district, as an attacker would list them."""
    return [identity(f"{born:%Y%m%d}", order=f"{order:03d}") for order in range(0, 2 * count, 2)]


def code_sent_to(attack, phone):
    """Return the newest six digits sent to a phone, "" where nothing came."""
    for path in sorted(attack.outbox.glob("*.json"), reverse=True):
        message = json.loads(path.read_text())
        if message["to"] == phone and (found := re.search(r"\b\d{6}\b", message["body"])):
            return found[0]
    return ""


def shape(answer):
    """Return what an answer shows, without what is drawn anew each time."""
    return answer.status, answer.location, TOKENS.sub("", answer.text)


def consenting(name=NAME):
    """Return somebody with an account and both consents, and no record."""
    person = factories.user(name, phone=world.phone())
    for purpose in ("talent_database", "identity_number"):
        factories.consent(person, purpose)
    return person


def register(port, numbers):
    """Type each number into step 1 as somebody else; return what the answers look like, by number."""
    browser, seen = world.browser(port, consenting()), {}
    for number in numbers:
        born = date(int(number[6:10]), int(number[10:12]), 1)
        form = {
            "full_name": NAME,
            "birth_month_year": born.year,
            "birth_month_month": born.month,
            "id_number": number,
        }
        status, location, text = shape(browser.post(STEP, form))
        seen[number] = status, location, text.replace(number, "")
    return seen


def guess_by_registering(port, born):
    numbers = candidates(born, 34)
    factories.talent(user=None, full_name=NAME, source="import", id_number=numbers[33])
    answers = register(port, numbers)
    if answers[numbers[0]][0] != 302:
        raise AssertionError(f"step 1 answered {answers[numbers[0]][0]}, nothing was saved")
    differ = answers[numbers[33]] != answers[numbers[32]]
    found = f"the true one {'differs' if differ else 'reads like the others'}"
    return Outcome(
        len(numbers),
        differ,
        f"{len(numbers)} numbers, {len(set(answers.values()))} kinds of answer: {found}",
    )


@case
def identity_registered(attack):
    """Find out a woman's number by typing candidates into one's own profile. Every answer is the same."""
    return guess_by_registering(attack.port, some_day())


@identity_registered.control
def _(attack):
    return guess_by_registering(attack.unguarded, some_day())


def guess_by_claiming(port, born, address):
    """Claim with candidate numbers from 30 accounts of one address; how many went through, and whose it is now."""
    numbers = candidates(born, 30)
    record = factories.talent(
        user=None, full_name=NAME, source="import", id_number=numbers[-1], phone=world.phone()
    )
    before, answers = Claim.objects.count(), []
    for number in numbers:
        browser = world.browser(port, consenting(), address)
        answers.append(browser.post(CLAIM, {"full_name": NAME, "id_number": number}))
    evaluated = Claim.objects.count() - before
    record.refresh_from_db()
    shapes = Counter((a.status, a.location) for a in answers)
    hers = record.user_id is not None or record.id_number != numbers[-1]
    return Outcome(
        len(numbers), evaluated > 20 or hers,
        f"{evaluated} of 30 looked at, record {'taken' if hers else 'still its own'}, {len(shapes)} kinds of answer",
    )  # fmt: skip


@case
def identity_claimed(attack):
    """Take a record a unit reported by guessing its number. A number is no proof; 20 tries an hour from one address."""
    return guess_by_claiming(attack.port, some_day(), "198.51.100.7")


@identity_claimed.control
def _(attack):
    return guess_by_claiming(attack.unguarded, some_day(), "198.51.100.8")


def guess_claim_code(attack, port):
    """Claim with the right number, then guess the code that went to the phone of the record, sixteen at once."""
    number = candidates(some_day(), 1)[0]
    record = factories.talent(
        user=None, full_name=NAME, source="import", id_number=number, phone=world.phone()
    )
    browser = world.browser(port, consenting())
    browser.post(CLAIM, {"full_name": NAME, "id_number": number})
    claim = Claim.objects.latest("pk")
    wrong = [f"{(int(claim.code) + n) % 10**6:06d}" for n in range(1, 17)]
    answers = at_once([lambda code=code: browser.post(CLAIM, {"code": code}) for code in wrong])
    last = browser.post(CLAIM, {"code": claim.code})
    record.refresh_from_db()
    claim.refresh_from_db()
    return record.user_id is not None, claim.tries, [*answers, last]


@case
def claim_code_at_once(attack):
    """Guess a claim's code sixteen times in one moment, the right one last. Five tries are looked at."""
    taken, tries, answers = guess_claim_code(attack, attack.port)
    faults = broken_down(answers)
    return Outcome(
        17,
        taken or tries > 5 or faults,
        f"{tries} looked at, record {'taken' if taken else 'kept'}, {faults} faults",
    )


@claim_code_at_once.control
def _(attack):
    number, code = candidates(some_day(), 1)[0], "123456"
    factories.talent(
        user=None, full_name=NAME, source="import", id_number=number, phone=world.phone()
    )
    browser = world.browser(attack.port, consenting())
    browser.post(CLAIM, {"full_name": NAME, "id_number": number})
    claim = Claim.objects.latest("pk")
    Claim.objects.filter(pk=claim.pk).update(code=code)
    browser.post(CLAIM, {"code": code})
    taken = Talent.objects.get(pk=claim.talent_id).user_id is not None
    return Outcome(1, taken, "the first try with the right code takes it: the judge sees it")


def guess_code_at_once(attack, port):
    """Ask for a code to a victim's phone, guess 24 wrong ones at once and the right one among the last."""
    attack.next_hour()
    victim = world.woman().user
    browser = world.browser(port)
    browser.post(ASK_CODE, {"by": "phone", "phone": victim.phone})
    code = code_sent_to(attack, victim.phone)
    wrong = [f"{(int(code) + n) % 10**6:06d}" for n in range(1, 25)]
    cookies = dict(browser.cookies)

    def one(typed, wait=0.0):
        def guess():
            time.sleep(wait)
            mine = world.browser(port, address=browser.address)
            mine.cookies = dict(cookies)
            return mine.post(CONFIRM, {"code": typed})

        return guess

    answers = at_once([*map(one, wrong), one(code, 0.05)], 25)
    inside = [
        a
        for a in answers
        if not isinstance(a, Exception) and a.status == 302 and a.location == HOME
    ]
    return len(answers), bool(inside), broken_down(answers)


@case
def code_at_once(attack):
    """Break the three tries of a one-time code by 25 guesses in one moment, five times over."""
    ended = [guess_code_at_once(attack, attack.port) for _ in range(5)]
    inside, faults = sum(one[1] for one in ended), sum(one[2] for one in ended)
    return Outcome(
        sum(one[0] for one in ended),
        inside > 0 or faults > 0,
        f"inside {inside} of 5 times, {faults} faults",
    )


@code_at_once.control
def _(attack):
    ended = [guess_code_at_once(attack, attack.unguarded) for _ in range(5)]
    inside = sum(one[1] for one in ended)
    return Outcome(sum(one[0] for one in ended), inside > 0, f"inside {inside} of 5 times")


def guess_password(port, networks):
    """Try wrong passwords from many networks, then the right one from a new place; was it looked at?"""
    victim = world.woman(password=True).user
    for number in range(networks):
        world.browser(port).post(
            LOGIN, {"login": victim.phone, "password": f"两江Camellia{number}"}
        )
    right = world.browser(port).post(LOGIN, {"login": victim.phone, "password": world.PASSWORD})
    return right.status == 302


@case
def password_from_many_networks(attack):
    """Guess one woman's password from twenty networks. After five misses in five minutes no guess is looked at."""
    inside = guess_password(attack.port, 20)
    return Outcome(
        21, inside, f"the right one as the 21st: {'let in' if inside else 'not looked at'}"
    )


@password_from_many_networks.control
def _(attack):
    inside = guess_password(attack.unguarded, 20)
    return Outcome(21, inside, f"{'let in' if inside else 'not looked at'}")


def lock_out(port):
    """Try wrong passwords and codes against a victim, then let her in at the device she always uses."""
    victim = world.woman(password=True).user
    hers = world.browser(port)
    hers.post(LOGIN, {"login": victim.phone, "password": world.PASSWORD})
    hers.post("/accounts/logout/")
    for _n in range(12):
        world.browser(port).post(LOGIN, {"login": victim.phone, "password": "wrong-Camellia"})
    answer = hers.post(LOGIN, {"login": victim.phone, "password": world.PASSWORD})
    return answer.status == 302


@case
def lock_out_of_a_victim(attack):
    """Keep a woman out of her account by failing in her name. The device she signed in with is let in."""
    inside = lock_out(attack.port)
    return Outcome(12, not inside, f"at her own device: {'let in' if inside else 'kept out'}")


@lock_out_of_a_victim.control
def _(attack):
    victim = world.woman(password=True).user
    for _n in range(12):
        world.browser(attack.port).post(
            LOGIN, {"login": victim.phone, "password": "wrong-Camellia"}
        )
    answer = world.browser(attack.port).post(
        LOGIN, {"login": victim.phone, "password": world.PASSWORD}
    )
    return Outcome(
        13,
        answer.status != 302,
        "at a device nobody knows: kept out" if answer.status != 302 else "let in",
    )


SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105
SECOND = "/accounts/2fa/authenticate/"


def shut_second_factor(port):
    """Fail at the second factor of a victim with her password in hand; returns (her own browser, one nobody knows), with her code."""
    from allauth.mfa.totp.internal import auth as totp

    victim = world.woman(password=True).user
    credentials = {"login": victim.phone, "password": world.PASSWORD}
    hers = world.browser(port)
    hers.post(LOGIN, credentials)
    hers.post("/accounts/logout/")
    totp.TOTP.activate(victim, SECRET)
    for _n in range(8):
        stranger = world.browser(port)
        stranger.post(LOGIN, credentials)
        stranger.post(SECOND, {"code": "000000"})
    answers = []
    for browser in (world.browser(port), hers):
        browser.post(LOGIN, credentials)
        counter = next(iter(totp.yield_hotp_counters_from_time()))
        code = totp.format_hotp_value(totp.hotp_value(SECRET, counter))
        answers.append(browser.post(SECOND, {"code": code}).status == 302)
    return answers


@case
def second_factor_shut(attack):
    """Keep a woman out by failing at her second factor. The device she signed in with is let in."""
    attack.unknown, inside = shut_second_factor(attack.port)
    return Outcome(20, not inside, f"at her own device: {'let in' if inside else 'kept out'}")


@second_factor_shut.control
def _(attack):
    words = "let in" if attack.unknown else "kept out"
    return Outcome(1, not attack.unknown, f"at a device nobody knows: {words}")


RESET, NEW_PASSWORD = "/accounts/password/reset/", "/accounts/password/reset/confirm/"


def ask_reset(attack, browser, address):
    """Ask for a new password by mail and return whether the page of the code comes."""
    return browser.post(RESET, {"email": address}).status == 302


def use_up_resets(attack, address):
    """Ask in her name and type wrong codes, from one network, until nothing goes any more; returns the browser."""
    stranger = world.browser(attack.port)
    for _n in range(12):
        ask_reset(attack, stranger, address)
        for _try in range(4):
            stranger.post(NEW_PASSWORD, {"code": "000000"})
    return stranger


@case
def resets_used_up(attack):
    """Use up the mails and tries for a new password in a woman's name. She asks in her own network, and types it."""
    victim, address = world.woman(password=True).user, f"{secrets.token_hex(6)}@example.cn"
    EmailAddress.objects.create(user=victim, email=address, verified=True, primary=True)
    stranger = use_up_resets(attack, address)
    hers = world.browser(attack.port)
    came = ask_reset(attack, hers, address)
    answer = hers.post(NEW_PASSWORD, {"code": code_sent_to(attack, address)})
    through = came and "complete" in answer.location
    attack.shut = not ask_reset(attack, stranger, address)
    return Outcome(62, not through, f"she {'gets through' if through else 'does not get through'}")


@resets_used_up.control
def _(attack):
    return Outcome(1, attack.shut, f"the stranger: {'waits' if attack.shut else 'goes on'}")


def guess_second_factor(port, guesses):
    """Try codes of the authenticator app, each from a new sign-in and network; how many were looked at."""
    from allauth.mfa.totp.internal.auth import TOTP

    victim = world.woman(password=True).user
    TOTP.activate(victim, SECRET)
    looked_at = 0
    for number in range(guesses):
        browser = world.browser(port)
        browser.post(LOGIN, {"login": victim.phone, "password": world.PASSWORD})
        answer = browser.post(SECOND, {"code": f"{number:06d}"})
        looked_at += "动态验证码不正确" in answer.text
    return looked_at


@case
def second_factor_guessed(attack):
    """Guess the app's code with the password in hand, from forty networks. Thirty wrong ones a day are looked at."""
    looked_at = guess_second_factor(attack.port, 40)
    return Outcome(80, looked_at > 30 or not looked_at, f"{looked_at} of 40 looked at")


@second_factor_guessed.control
def _(attack):
    looked_at = guess_second_factor(attack.unguarded, 40)
    return Outcome(80, looked_at > 30, f"{looked_at} of 40 looked at")


# --- who has an account ---------------------------------------------------------------------------

SIGN_UPS = 60


def times(attack):
    """Sign up with known and unknown phones in turn; return the seconds of each kind."""
    if hasattr(attack, "sign_up_times"):
        return attack.sign_up_times
    seconds = attack.sign_up_times = {True: [], False: []}
    for number in range(SIGN_UPS):
        if number % 20 == 0:
            attack.next_hour()  # before half of the hour's messages is gone, and a picture asked for
        for known in (True, False):
            phone = world.woman().user.phone if known else world.phone()
            browser = world.browser(attack.port)
            form = {"by": "phone", "phone": phone, "password1": world.PASSWORD, "read_notice": "on"}
            started = time.perf_counter()
            answer = browser.post("/accounts/signup/", form)
            seconds[known].append(time.perf_counter() - started)
            if answer.status != 302:
                raise AssertionError(f"sign-up answered {answer.status}")
    return seconds


def area(first, second):
    """Return how well the two are told apart: 0.5 not at all, 1 always (area under the ROC curve)."""
    wins = sum((a > b) + (a == b) / 2 for a in first for b in second)
    share = wins / (len(first) * len(second))
    return max(share, 1 - share)


@case
def sign_up_timed(attack):
    """Learn by the clock whether a phone has an account (AUC ≤ 0.60 promised; 0.5 is a coin)."""
    seconds = times(attack)
    auc = area(seconds[True], seconds[False])
    return Outcome(
        2 * SIGN_UPS,
        auc > 0.65,
        f"AUC {auc:.2f} of {SIGN_UPS} and {SIGN_UPS} (0.65 with its error)",
    )


@sign_up_timed.control
def _(attack):
    """More for one kind by what the middle half of the answers differ anyway: seen."""
    seconds = times(attack)
    spread = sorted(seconds[True])
    extra = max(0.002, spread[45] - spread[15])
    auc = area([s + extra for s in seconds[True]], seconds[False])
    return Outcome(
        0, auc > 0.65, f"the same, with {extra * 1000:.0f} ms more for the known: AUC {auc:.2f}"
    )
