"""One call of every operation of the theme, for tests/test_rights.py."""

from entrepreneurship.transfer import profiles
from entrepreneurship.transfer.models import TransferProfile
from tests import factories
from tests.entrepreneurship import transfer_make as make
from tests.rights import call

REASON = "请写清检测的速度"


def _owner(given):
    return given["profile"].talent.user


def _mediator(given):
    return make.mediator()


def _endorser(given):
    return make.contact(given["profile"].newest.endorser)


def _withdrawn():
    return profiles.withdraw_profile(profile=make.published(), by=None, now=factories.NOW)


def _ending():
    profile = make.published()
    TransferProfile.objects.filter(pk=profile.pk).update(expires_on="2026-12-01")
    return TransferProfile.objects.get(pk=profile.pk)


OTHERS = {"another unit's contact": make.contact}
UNITS = {"insider": _endorser, "others": OTHERS}

CALLS = (
    call(
        profiles.begin_profile,
        lambda: {
            "talent": factories.talent(),
            "kind": "offer",
            "values": make.WORDS,
        },
        insider=lambda given: given["talent"].user,
        others=OTHERS,
    ),
    call(
        profiles.edit_profile,
        lambda: {"profile": make.draft(), "values": make.WORDS | {"title": "新名称"}},
        insider=_owner,
        others=OTHERS,
    ),
    call(
        profiles.submit_profile,
        lambda: {"profile": make.draft(), "affirmed": True, "novelty": True},
        insider=_owner,
        others=OTHERS,
    ),
    call(
        profiles.take_back_profile,
        lambda: {"profile": make.submitted()},
        insider=_owner,
        others=OTHERS,
    ),
    call(
        profiles.discard_profile, lambda: {"profile": make.draft()}, insider=_owner, others=OTHERS
    ),
    call(
        profiles.withdraw_profile,
        lambda: {"profile": make.published()},
        insider=_owner,
        others=OTHERS,
    ),
    call(
        profiles.show_profile_again,
        lambda: {"profile": _withdrawn()},
        insider=_owner,
        others=OTHERS,
    ),
    call(profiles.renew_profile, lambda: {"profile": _ending()}, insider=_owner, others=OTHERS),
    call(profiles.endorse_profile, lambda: {"profile": make.endorsing()}, **UNITS),
    call(
        profiles.refuse_endorsement,
        lambda: {"profile": make.endorsing(), "wish": REASON},
        **UNITS,
    ),
    call(
        profiles.return_profile,
        lambda: {"profile": make.submitted(), "wish": REASON},
        insider=_mediator,
    ),
    call(profiles.publish_profile, lambda: {"profile": make.submitted()}, insider=_mediator),
    call(
        profiles.hide_profile,
        lambda: {"profile": make.published(), "reason": REASON},
        insider=_mediator,
    ),
    call(profiles.unhide_profile, lambda: {"profile": make.hidden()}, insider=_mediator),
    call(
        profiles.export_profiles,
        lambda: {"rows": TransferProfile.objects.all()},
        insider=_mediator,
        reads_only=True,
    ),
)
