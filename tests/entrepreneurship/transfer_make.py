"""Profiles, interests and contracts as the tests need them."""

from django.contrib.auth.models import Group
from django.utils import timezone

from entrepreneurship.transfer import contracts, interests, matching, profiles
from entrepreneurship.transfer.models import TransferMatch, TransferProfile
from tests import factories

NOW = factories.NOW
NUMBER = "201710601862.3"
WORDS = {
    "title": "晶圆边缘缺陷的在线检测",
    "problem": "晶圆边缘的细小缺陷靠人眼抽检，漏检多，流到后道才发现。",
    "advantage": "漏检率从 3% 降到 0.4%，每片 2 秒",
    "field": "510",
    "readiness": 6,
    "forms": ["licence", "joint"],
    "keywords": ["晶圆检测", "机器视觉"],
    "rights_kind": "invention",
    "application_number": NUMBER,
    "is_service": False,
    "is_abroad": False,
}
NEEDED = {
    "title": "产线上的晶圆缺陷检测",
    "problem": "我们的产线需要机器视觉做晶圆检测，现在靠人眼抽检。",
    "advantage": "漏检率低于 1%",
    "readiness": 5,
    "forms": ["licence"],
    "rights_kind": "",
    "application_number": "",
}


def mediator(**fields):
    """Return a technology mediator."""
    return factories.staff(
        "technology_mediator", full_name=fields.pop("full_name", "江经理"), **fields
    )


def contact(unit=None):
    """Return a unit's contact."""
    person = factories.user("冯联系", unit=unit or factories.unit())
    person.groups.set(Group.objects.filter(name="unit_contact"))
    return person


def draft(talent=None, unit=None, kind="offer", now=NOW, **values):
    """Return a profile nobody has handed in: of a woman, or of a unit."""
    words = WORDS | (NEEDED if kind == "need" else {}) | values
    if unit is None:
        talent = talent or factories.talent(full_name="周雨桐")
    about = {"unit": unit} if unit else {"talent": talent}
    return profiles.begin_profile(kind=kind, values=words, by=None, now=now, **about)


def service(unit=None, **fields):
    """Return a draft of a service invention."""
    talent = factories.talent(full_name="周雨桐", unit=unit or factories.unit())
    return draft(talent=talent, is_service=True, **fields)


def submitted(profile=None, now=NOW, by=None, **fields):
    """Return a profile that was handed in, with everything affirmed."""
    profile = profile or draft(now=now, **fields)
    profiles.submit_profile(profile=profile, affirmed=True, novelty=True, by=by, now=now)
    return TransferProfile.objects.get(pk=profile.pk)


def endorsing(**fields):
    """Return a service invention that waits for its unit."""
    return submitted(service(**fields))


def published(by=None, now=NOW, **fields):
    """Return a profile everybody may read."""
    profile = submitted(now=now, **fields)
    profiles.publish_profile(profile=profile, by=by or mediator(), now=now)
    return TransferProfile.objects.get(pk=profile.pk)


def hidden():
    """Return a profile staff took off."""
    return profiles.hide_profile(profile=published(), reason="权属有争议", by=None, now=NOW)


# --- interests and contracts ----------------------------------------------------------------------
SAID = "我们想在三条产线上试用，先从许可谈起。"
CONTACT = {"contact": "138-0000-0000", "agrees": True, "agrees_abroad": False}
PDF = b"%PDF-1.7 x\n%%EOF"


def interest(profile=None, unit=None, talent=None, now=NOW, **fields):
    """Return an interest nobody has answered, of a unit or of a woman."""
    profile = profile or published()
    seeker = {"talent": talent} if talent else {"unit": unit or factories.unit()}
    said = {"words": SAID, "form": "licence"} | seeker | fields
    return interests.express_interest(profile=profile, by=None, now=now, **said)


def answered(now=NOW, **fields):
    """Return an interest its owner agrees to."""
    return interests.accept_interest(
        interest=interest(now=now, **fields), by=None, now=now, **CONTACT
    )


def agreed(now=NOW, **fields):
    """Return an interest both agree to."""
    return interests.confirm_interest(
        interest=answered(now=now, **fields), by=None, now=now, **CONTACT
    )


def mediated(by=None, now=NOW, **fields):
    """Return an interest with a mediator."""
    return interests.take_on_interest(
        interest=agreed(now=now, **fields), by=by or mediator(), now=now
    )


def confidential(by=None, now=NOW, **fields):
    """Return an interest whose confidentiality agreement is on file."""
    found = mediated(by=by, now=now, **fields)
    return interests.note_confidentiality(
        interest=found,
        day=timezone.localdate(now),
        sent=[("保密协议.pdf", PDF)],
        by=found.mediator,
        now=now,
    )


def terms(**values):
    """Return what is entered of a contract."""
    return {
        "number": "YT-2026-001",
        "kind": "licence",
        "amount_signed": "360000",
        "price_way": "negotiated",
        "is_public_owner": False,
    } | values


def contract(by=None, now=NOW, found=None, **values):
    """Return a contract that is to be signed."""
    found = found or confidential(by=by, now=now)
    return contracts.enter_contract(
        interest=found, values=terms(**values), by=found.mediator, now=now
    )


def signed(by=None, now=NOW, **values):
    """Return a signed contract."""
    made = contract(by=by, now=now, **values)
    day = timezone.localdate(now)
    return contracts.sign_contract(contract=made, day=day, by=made.interest.mediator, now=now)


def paid(found, by, now=NOW):
    """Return a signed contract of an interest with one payment."""
    made = contract(found=found, now=now)
    about = {"contract": made, "day": timezone.localdate(now), "by": by, "now": now}
    contracts.sign_contract(**about)
    contracts.add_payment(amount=1000, **about)
    return made


def match(talent=None, now=NOW):
    """Return the match of an offer and a need."""
    offer = published(talent=talent, now=now)
    published(unit=factories.unit(), kind="need", now=now)
    matching.match_profile(profile=offer, now=now)
    return TransferMatch.objects.get(offer=offer)
