"""What needs two people: an administrator alone, with an accomplice who may nothing yet."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.urls import reverse

from accounts.models import JointAction, User
from accounts.roles import staff_roles
from tests import factories
from tools.attack import world
from tools.attack.cases import Outcome, case

WHY = "新来的同事，分管活动"


def page(name, *args):
    """Return the address of a page in the admin."""
    return reverse(f"admin:{name}", args=args)


def account_form(user, **changed):
    """Return what the page of an account sends."""
    form = {
        "full_name": user.full_name,
        "department": user.department_id,
        "roles": list(user.groups.values_list("name", flat=True)),
        "reason": WHY,
    }
    return form | ({"is_active": "on"} if user.is_active else {}) | changed


def second_account(browser):
    """Make an account with every role of the staff; returns what tells whether it has them."""
    phone, roles = world.phone(), sorted(staff_roles())
    department = factories.department().pk
    browser.post(
        page("accounts_user_add"),
        {
            "full_name": "陈新",
            "phone": phone,
            "department": department,
            "roles": roles,
            "reason": WHY,
        },
    )
    made = User.objects.get_by_phone(phone)
    return lambda: made is not None and made.groups.exists()


def more_roles(browser):
    """Give somebody who has none a role."""
    friend = factories.user("陈新", phone=world.phone(), department=factories.department())
    address = page("accounts_user_change", friend.pk)
    browser.post(address, account_form(friend, roles=["auditor"]))
    return lambda: friend.groups.exists()


def opened_again(browser):
    """Open the account of a clerk who has left."""
    closed = factories.staff("department_clerk", phone=world.phone(), is_active=False)
    address = page("accounts_user_change", closed.pk)
    browser.post(address, account_form(closed, is_active="on"))
    return lambda: User.objects.get(pk=closed.pk).is_active


def her_phone(browser):
    """Put a phone of one's own on a colleague's account."""
    colleague = factories.staff("event_organiser", phone=world.phone())
    phone = world.phone()
    browser.post(page("accounts_user_replace_phone", colleague.pk), {"phone": phone, "reason": WHY})
    return lambda: User.objects.get(pk=colleague.pk).phone == phone


def her_second_factor(browser):
    """Take a colleague's second factor off."""
    colleague = factories.staff("event_organiser", phone=world.phone())
    secret = get_adapter().encrypt("x")
    Authenticator.objects.create(user=colleague, type="totp", data={"secret": secret})
    browser.post(page("accounts_user_reset_second_factor", colleague.pk), {"reason": WHY})
    return lambda: not Authenticator.objects.filter(user=colleague).exists()


def sensitive_event(browser):
    """Put a friend in charge of a sensitive event whose organiser has left."""
    gone = factories.staff("event_organiser", phone=world.phone(), is_active=False)
    event = world.event(organiser=gone, sensitive_topic=True)
    friend = factories.staff("event_organiser", phone=world.phone())
    form = {"organiser": friend.pk, "reason": WHY}
    browser.post(page("events_event_take_over", event.pk), form)
    return lambda: type(event).objects.get(pk=event.pk).organiser_id == friend.pk


WAYS = (second_account, more_roles, opened_again, her_phone, her_second_factor, sensitive_event)


def went_through(attack, confirmed_by):
    """Try every way as one administrator, then confirm as `confirmed_by` (of both); (ways open before, and afterwards)."""
    boss, colleague = (factories.staff("administrator", phone=world.phone()) for _ in range(2))
    browser = world.browser(attack.port, boss)
    tried = {way.__name__: way(browser) for way in WAYS}
    at_once = [name for name, is_done in tried.items() if is_done()]
    second = world.browser(attack.port, confirmed_by(boss, colleague))
    asked = list(JointAction.objects.waiting().filter(requested_by=boss))
    for action in asked:
        second.post(page("accounts_jointaction_confirm", action.pk))
    return at_once, [name for name, is_done in tried.items() if is_done()], len(asked)


@case
def alone_with_the_keys(attack):
    """Get a second account, roles, a leaver's or colleague's account, a sensitive event, as one administrator. Nothing goes through."""
    at_once, through, asked = went_through(attack, lambda boss, colleague: boss)
    return Outcome(
        len(WAYS) + asked,
        bool(at_once or through),
        f"{len(WAYS)} ways, {asked} requests confirmed by herself: {through or 'none'} through",
    )


@alone_with_the_keys.control
def _(attack):
    at_once, through, asked = went_through(attack, lambda boss, colleague: colleague)
    return Outcome(
        len(WAYS) + asked,
        not at_once and len(through) == len(WAYS),
        f"confirmed by a colleague: {len(through)} of {len(WAYS)} through",
    )
