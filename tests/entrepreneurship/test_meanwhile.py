"""What was true when a page was opened is asked again behind the lock; two who act at once leave no half of either."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from entrepreneurship.bases import operations as bases
from entrepreneurship.finance import operations as finance
from entrepreneurship.finance import personal_data as finance_data
from entrepreneurship.finance.figures import with_ours
from entrepreneurship.finance.models import Referral
from entrepreneurship.transfer import contracts, interests, matching, profiles
from entrepreneurship.transfer.models import TransferProfile
from entrepreneurship.ventures import operations as ventures
from entrepreneurship.ventures import personal_data as venture_data
from entrepreneurship.ventures.models import Venture, VentureCheck, VentureFounder
from kernel.errors import DomainError
from kernel.portal import Person
from notices.models import Notice
from talents.models import Talent
from tests import factories
from tests.entrepreneurship import finance_make, make, transfer_make
from tests.waits import beside

NOW = factories.NOW
TODAY = date(2026, 11, 23)
KEPT = {"by": None, "now": NOW}
database = pytest.mark.django_db


def refused(operation, **given):
    """Return the code of a refusal, None where there was none."""
    try:
        operation(**given)
    except DomainError as error:
        return error.code


def gone(talent):
    """Let a record leave the database, while somebody holds it as it was."""
    Talent.objects.filter(pk=talent.pk).update(state="left")
    return talent


# --- ventures -------------------------------------------------------------------------------------
@database
def test_who_has_handed_a_venture_over_takes_nobody_out_and_asks_nobody_in():
    one = make.venture(share="10")
    other = make.founder(one)
    keeper = one.talent.user
    held = VentureFounder.objects.select_related("venture__talent", "talent").get(pk=other.pk)
    assert held.venture.talent.user_id == keeper.pk  # read as it was
    ventures.hand_over_venture(founder=other, **KEPT)
    about = {"by": keeper, "now": NOW}
    assert refused(ventures.end_founder, founder=held, **about) == "not_keeper"
    assert refused(ventures.hand_over_venture, founder=held, **about) == "not_keeper"
    invitation = {"venture": held.venture, "role": "market", "share": "5"}
    assert refused(ventures.invite_founder, **invitation, **about) == "not_keeper"
    assert make.fresh(other).ended_at is None


@database
def test_the_share_of_a_link_is_hers_once_she_has_accepted_it():
    one = make.venture(share="10")
    held = make.link(one)
    her = make.woman(full_name="何创")
    ventures.accept_founder(founder=make.fresh(held), talent=her, **KEPT)
    about = {"founder": held, "role": "other", "share": "1", "by": one.talent.user, "now": NOW}
    assert refused(ventures.set_founder, **about) == "not_hers"


@database
def test_a_record_that_left_meanwhile_begins_nothing():
    her, one, service = gone(make.woman()), make.venture(), make.service()
    held = make.link(one)
    values = {"name": "新的", "industry": "M"}
    known = Venture.objects.count()
    assert refused(ventures.create_venture, talent=her, values=values, **KEPT) == "not_verified"
    assert refused(ventures.accept_founder, founder=held, talent=her, **KEPT) == "not_verified"
    asked = {"service": service, "talent": her, "words": "两个工位", "contact": "12345"}
    assert refused(bases.ask_base, **asked, **KEPT) == "not_verified"
    offered = {"kind": "offer", "values": transfer_make.WORDS, "talent": her}
    assert refused(profiles.begin_profile, **offered, **KEPT) == "not_verified"
    said = {"profile": transfer_make.published(), "words": transfer_make.SAID, "form": "licence"}
    assert refused(interests.express_interest, **said, talent=her, **KEPT) == "not_verified"
    assert Venture.objects.count() == known


@database
def test_a_venture_that_is_closed_is_neither_reminded_nor_unknown():
    one = make.venture()
    year = timedelta(days=366)
    ventures.ask_check(venture=one, now=NOW + year)
    assert list(VentureCheck.objects.to_remind(NOW + 2 * year)) == [VentureCheck.objects.get()]
    at = NOW + year
    ventures.enter_stage(venture=one, stage="closed", day=at.date(), by=None, now=at)
    assert not VentureCheck.objects.to_remind(NOW + 2 * year).exists()
    assert not VentureCheck.objects.to_close(NOW + 2 * year).exists()
    assert not Venture.objects.overdue().exists()
    closed = make.fresh(one)
    about = {"venture": closed, "by": None, "now": at}
    assert refused(ventures.answer_check, values=make.answers(), **about) == "venture_closed"
    ventures.answer_check(values=make.answers(alive=False), **about)
    ventures.take_stage_back(venture=closed, by=None, now=at)


@database
def test_who_keeps_a_venture_after_another_was_erased_is_told():
    one = make.venture(share="10")
    other = make.founder(one)
    venture_data.erase(Person(one.talent.user, (one.talent,)), NOW)
    assert make.fresh(one).talent == other.talent
    told = Notice.objects.get(kind="entrepreneurship.venture_handed")
    assert told.recipient == other.talent.user


# --- bases ----------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_a_service_that_is_ended_while_it_is_written_stays_ended(guarded, monkeypatch):
    """The control leaves the base's lock out: what is written brings the service back."""
    one = make.service()
    if not guarded:
        rows = type(one.base).objects
        monkeypatch.setattr(bases, "_locked_base", lambda base: rows.get(pk=base.pk))
        monkeypatch.setattr(bases, "_locked_service", lambda found, by: found)

    def end():
        bases.end_service(service=one, **KEPT)

    def write():
        bases.save_service(base=one.base, service=one, values=make.offer(cost="免费"), **KEPT)

    met = beside(end, write)
    assert (met, make.fresh(one).ended_at) == (("service_ended", NOW) if guarded else (None, None))


@database
def test_asked_again_after_the_words_were_forgotten_it_says_what_is_asked_now():
    one = make.request()
    bases.answer_base_request(request=one, answer="可以", **KEPT)
    type(one).objects.filter(pk=one.pk).update(words=None)
    again = bases.reopen_base_request(request=one, words="还要一间会议室", **KEPT)
    assert again.words == "还要一间会议室"


# --- finance --------------------------------------------------------------------------------------
@database
def test_who_is_not_in_the_database_is_not_introduced():
    asks = finance_make.asks()
    her = gone(asks["venture"].talent).user
    assert refused(finance.introduce, **asks, by=her, now=NOW) == "not_verified"


@pytest.mark.django_db(transaction=True)
def test_whoever_leaves_while_she_is_introduced_leaves_nothing_with_a_bank():
    asks = finance_make.asks()
    her = asks["venture"].talent
    finance_make.contact(asks["product"].bank)

    def leave():
        gone(her)
        finance_data.leave(talent=her, hers=True, now=NOW)

    def introduce():
        finance.introduce(**asks, by=her.user, now=NOW)

    assert beside(leave, introduce) == "not_verified"
    assert not Referral.objects.exists()


@database
def test_banks_totals_stand_beside_ours_in_one_query(client, settings, django_assert_num_queries):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(finance_make.officer())
    address = "/admin/entrepreneurship/banktotal/"
    one = finance_make.shown()
    finance_make.referral("received", one=one)
    said = {"bank": one.bank, "values": finance_make.quarter()}
    finance.enter_total(quarter=date(2026, 7, 1), **said, **KEPT)
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    for quarter in (date(2026, 4, 1), date(2026, 1, 1)):
        finance.enter_total(quarter=quarter, **said, **KEPT)
    with django_assert_num_queries(len(asked)):
        client.get(address)
    total = with_ours(one.bank.totals.all()).get(quarter=date(2026, 7, 1))
    assert (total.ours_received, total.ours_approved) == (0, 0)
    one.bank.totals.filter(pk=total.pk).update(quarter=date(2026, 10, 1))
    total = with_ours(one.bank.totals.all()).get(pk=total.pk)
    assert (total.ours_received, total.ours_approved) == (1, 0)


# --- transfer -------------------------------------------------------------------------------------
@database
def test_what_was_ended_is_not_signed():
    made = transfer_make.contract()
    mediator = made.interest.mediator
    interests.end_interest(interest=made.interest, reason="price", by=mediator, now=NOW)
    about = {"contract": made, "day": TODAY, "by": mediator, "now": NOW}
    assert refused(contracts.sign_contract, **about) == "interest_ended"
    interests.undo_step(interest=made.interest, reason="登记错了", by=mediator, now=NOW)
    assert contracts.sign_contract(**about).state == "signed"


@database
def test_a_match_whose_other_side_was_taken_off_leads_nowhere():
    match = transfer_make.match()
    her = match.offer.talent.user
    assert list(matching.matches_of(her, TODAY)) == [match]
    assert matching.match_profile(profile=match.offer, now=NOW) == 0  # known already
    TransferProfile.objects.filter(pk=match.need_id).update(withdrawn_at=NOW)
    assert not matching.matches_of(her, TODAY).exists()


@database
def test_a_date_is_kept_in_both_languages_whoever_publishes():
    with translation.override("en"):
        transfer_make.published()
    told = Notice.objects.get(kind="entrepreneurship.transfer_published")
    assert told.context["until"] == {
        "zh-hans": "2027年11月23日 (周二)",
        "en": "Tue 23 November 2027",
    }


@database
def test_two_records_interested_in_the_same_become_one():
    from entrepreneurship.transfer.personal_data import MOVINGS

    profile, keep, lose = transfer_make.published(), make.woman(), make.woman(full_name="林知远")
    kept = transfer_make.interest(profile, talent=keep)
    lost = transfer_make.interest(profile, talent=lose)
    moving = next(one for one in MOVINGS if one.field == "seeker")
    assert moving.move(keep, lose, NOW)["ids"] == []
    interests.withdraw_interest(interest=kept, **KEPT)
    assert moving.move(keep, lose, NOW)["ids"] == [lost.pk]
