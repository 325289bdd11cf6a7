"""Profiles, interests and contracts as the tests need them."""

from django.contrib.auth.models import Group

from entrepreneurship.transfer import profiles
from entrepreneurship.transfer.models import TransferProfile
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
