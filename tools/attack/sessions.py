"""Copies of a session after its owner ended it: by signing out, a new password, on all devices, a closed account."""

from django.db import connection
from django.utils import timezone

from accounts import operations
from tools.attack import world
from tools.attack.browser import Browser
from tools.attack.cases import Outcome, case


def is_inside(cookies, port):
    """Tell whether these cookies still open her page."""
    browser = world.browser(port)
    browser.cookies |= cookies
    return browser.get("/me/").status == 200


@case
def sessions_replayed(attack):
    """Use a cookie that was copied, after its owner signed out, changed her password, or was stopped."""
    opened, tried = [], 0
    for ending in ("signs out", "changes her password", "is stopped"):
        victim = world.woman(password=True).user
        hers = world.browser(attack.port)
        hers.post("/accounts/login/", {"login": victim.phone, "password": world.PASSWORD})
        copied = {name: value for name, value in hers.cookies.items() if "sessionid" in name}
        if not is_inside(copied, attack.port):
            return Outcome(1, True, "the copy never worked")
        if ending == "signs out":
            hers.post("/accounts/logout/")
        elif ending == "changes her password":
            new = world.PASSWORD + "7"
            form = {"oldpassword": world.PASSWORD, "password1": new, "password2": new}
            hers.post("/accounts/password/change/", form)
            hers.post("/accounts/logout/")
        else:
            type(victim).objects.filter(pk=victim.pk).update(is_active=False)
        tried += 3
        if is_inside(copied, attack.port):
            opened.append(ending)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM accounts_session WHERE session_data ~ '[{}]|1[3-9][0-9]{9}'"
        )
        plain = cursor.fetchone()[0]
    return Outcome(
        tried,
        bool(opened) or plain > 0,
        f"{len(opened)} of 3 copies open anything, {plain} rows to be read in the table",
    )


@sessions_replayed.control
def _(attack):
    """The same copy while she is signed in."""
    hers = world.session(world.woman().user)
    inside = is_inside(
        {f"{Browser.prefix}{name}": value for name, value in hers.items()}, attack.port
    )
    return Outcome(1, inside, "a copy of a session that goes on opens her page")


def copies(attack, victim):
    """Return three browsers she is signed in with."""
    return [world.browser(attack.port, victim) for _ in range(3)]


def still_open(attack, browsers):
    """Return how many of these, as they were copied, open her page."""
    return sum(is_inside(dict(browser.cookies), attack.port) for browser in browsers)


@case
def signed_out_everywhere(attack):
    """Go on with copies of her sessions after she signed out everywhere from one browser. None opens."""
    hers = copies(attack, world.woman().user)
    before = still_open(attack, hers)
    copied = [dict(browser.cookies) for browser in hers]
    hers[0].post("/accounts/devices/sign-out-everywhere/")
    inside = sum(is_inside(cookies, attack.port) for cookies in copied)
    return Outcome(7, before != 3 or inside > 0, f"open before {before} of 3, afterwards {inside}")


@signed_out_everywhere.control
def _(attack):
    """She signs out of one browser alone: the others go on."""
    hers = copies(attack, world.woman().user)
    copied = [dict(browser.cookies) for browser in hers]
    hers[0].post("/accounts/logout/")
    inside = sum(is_inside(cookies, attack.port) for cookies in copied)
    return Outcome(4, inside == 2, f"signed out of one: {inside} of the copies go on")


@case
def closed_and_opened_again(attack):
    """Go on with a copied session once an account that was closed is open again. She has to sign in anew."""
    victim, now = world.woman().user, timezone.now()
    copied = [dict(browser.cookies) for browser in copies(attack, victim)]
    for is_active in (False, True):
        operations.change_user(user=victim, is_active=is_active, by=None, now=now)
    inside = sum(is_inside(cookies, attack.port) for cookies in copied)
    return Outcome(5, inside > 0, f"{inside} of 3 copies open")


@closed_and_opened_again.control
def _(attack):
    """The row alone is changed and changed back, past the operation."""
    victim = world.woman().user
    copied = [dict(browser.cookies) for browser in copies(attack, victim)]
    for is_active in (False, True):
        type(victim).objects.filter(pk=victim.pk).update(is_active=is_active)
    inside = sum(is_inside(cookies, attack.port) for cookies in copied)
    return Outcome(5, inside == 3, f"without ending them: {inside} of 3 copies open")
