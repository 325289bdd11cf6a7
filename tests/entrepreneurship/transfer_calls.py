"""One call of every operation of the theme, for tests/test_rights.py."""

from datetime import date

from entrepreneurship.transfer import contracts, interests, matching, profiles
from entrepreneurship.transfer.models import (
    TransferContract,
    TransferInterest,
    TransferMatch,
    TransferProfile,
)
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


def _answering(given):
    return given["interest"].profile.talent.user


def _asking(given):
    return make.contact(given["interest"].seeker_unit)


def _his(given):
    return given["interest"].mediator


def _kept(given):
    return given["contract"].interest.mediator


def _declined():
    return interests.decline_interest(
        interest=make.interest(), reason="busy", by=None, now=factories.NOW
    )


def _payment():
    contract = make.signed()
    return contracts.add_payment(
        contract=contract, amount=1000, day=TODAY, by=contract.interest.mediator, now=factories.NOW
    )


def _registered():
    contract = make.signed()
    return contracts.register_contract(
        contract=contract,
        registration="R-1",
        amount=1000,
        day=TODAY,
        by=contract.interest.mediator,
        now=factories.NOW,
    )


TODAY = date(2026, 11, 23)
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
    call(
        interests.express_interest,
        lambda: {
            "profile": make.published(),
            "unit": factories.unit(),
            "words": make.SAID,
            "form": "licence",
        },
        insider=lambda given: make.contact(given["unit"]),
        others=OTHERS,
    ),
    call(
        interests.withdraw_interest,
        lambda: {"interest": make.interest()},
        insider=_asking,
        others=OTHERS,
    ),
    call(
        interests.confirm_interest,
        lambda: {"interest": make.answered()} | make.CONTACT,
        insider=_asking,
        others=OTHERS,
    ),
    call(
        interests.accept_interest,
        lambda: {"interest": make.interest()} | make.CONTACT,
        insider=_answering,
        others=OTHERS,
    ),
    call(
        interests.decline_interest,
        lambda: {"interest": make.interest(), "reason": "busy"},
        insider=_answering,
        others=OTHERS,
    ),
    call(
        interests.reconsider_interest,
        lambda: {"interest": _declined()},
        insider=_answering,
        others=OTHERS,
    ),
    call(
        interests.take_on_interest,
        lambda: {"interest": make.agreed()},
        insider=_mediator,
    ),
    call(
        interests.hand_over_interest,
        lambda: {"interest": make.mediated(), "mediator": make.mediator(full_name="石经理")},
        insider=_his,
        others={"another mediator": make.mediator},
    ),
    call(
        interests.note_confidentiality,
        lambda: {"interest": make.mediated(), "day": TODAY, "sent": [("协议.pdf", make.PDF)]},
        insider=_his,
        others={"another mediator": make.mediator},
    ),
    call(
        interests.read_document,
        lambda: {"file": make.confidential().files.get()},
        insider=lambda given: given["file"].interest.mediator,
        others={"another mediator": make.mediator},
    ),
    call(
        interests.end_interest,
        lambda: {"interest": make.mediated(), "reason": "price"},
        insider=_answering,
        others={"another mediator": make.mediator},
    ),
    call(
        interests.undo_step,
        lambda: {"interest": make.mediated(), "reason": REASON},
        insider=_his,
        others={"another mediator": make.mediator},
    ),
    call(
        matching.put_match_aside,
        lambda: {"match": make.match()},
        insider=lambda given: given["match"].offer.talent.user,
        others=OTHERS,
    ),
    call(
        contracts.enter_contract,
        lambda: {"interest": make.confidential(), "values": make.terms()},
        insider=_his,
        others={"another mediator": make.mediator},
    ),
    *(
        call(
            operation,
            arguments,
            insider=_kept,
            others={"another mediator": make.mediator},
        )
        for operation, arguments in (
            (
                contracts.change_contract,
                lambda: {"contract": make.contract(), "values": make.terms(kind="service")},
            ),
            (
                contracts.start_notice,
                lambda: {"contract": make.contract(is_public_owner=True), "day": TODAY},
            ),
            (contracts.sign_contract, lambda: {"contract": make.contract(), "day": TODAY}),
            (
                contracts.register_contract,
                lambda: {
                    "contract": make.signed(),
                    "registration": "R-1",
                    "amount": 1000,
                    "day": TODAY,
                },
            ),
            (
                contracts.add_payment,
                lambda: {"contract": make.signed(), "amount": 1000, "day": TODAY},
            ),
            (
                contracts.undo_registration,
                lambda: {"contract": _registered(), "reason": REASON},
            ),
            (contracts.undo_signing, lambda: {"contract": make.signed(), "reason": REASON}),
            (contracts.void_contract, lambda: {"contract": make.signed(), "reason": REASON}),
        )
    ),
    call(
        contracts.take_back_payment,
        lambda: {"payment": _payment(), "reason": REASON},
        insider=lambda given: given["payment"].contract.interest.mediator,
        others={"another mediator": make.mediator},
    ),
    call(
        contracts.export_contracts,
        lambda: {"rows": TransferContract.objects.all()},
        insider=_mediator,
        reads_only=True,
    ),
    call(
        interests.export_interests,
        lambda: {"rows": TransferInterest.objects.all()},
        insider=_mediator,
        reads_only=True,
    ),
    call(
        matching.export_matches,
        lambda: {"rows": TransferMatch.objects.all()},
        insider=_mediator,
        reads_only=True,
    ),
    call(profiles.retry_profile, lambda: {"row": make.published()}, insider=_mediator),
)
