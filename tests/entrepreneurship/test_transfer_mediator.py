"""What a mediator judges, takes out and sets going again; what goes abroad; what is said before two have agreed."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import transaction
from django.utils import timezone

from entrepreneurship.transfer import interests, matching, personal_data, profiles, sheet, tasks
from entrepreneurship.transfer.models import TransferInterest, TransferMatch, TransferProfile
from entrepreneurship.transfer.profiles_rules import names_contact
from entrepreneurship.transfer.queue import profiles_set_aside
from kernel.errors import DomainError
from kernel.sweeps import MOST_FAILURES, SweepFailed
from notices.models import Notice
from privacy import consents
from privacy.models import AuditEntry
from talents.operations import merging
from tests import factories
from tests.entrepreneurship import transfer_make as make

pytestmark = pytest.mark.django_db
NOW = factories.NOW


def refused(operation, **given):
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        operation(**{"by": None, "now": NOW} | given)
    return refusal.value.code


def cells(content):
    """Return the rows of a workbook's only sheet."""
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


# --- who judges -------------------------------------------------------------------------------------
def test_a_colleague_of_the_author_does_not_check_and_who_endorsed_does_not_either():
    unit = factories.unit()
    profile = make.endorsing(unit=unit)
    endorser = make.contact(unit)
    profiles.endorse_profile(profile=profile, by=endorser, now=NOW)
    of_the_unit, other = make.mediator(unit=unit), make.mediator()
    for by, code in ((of_the_unit, "own_unit"), (endorser, "not_allowed")):
        assert refused(profiles.publish_profile, profile=profile, by=by) == code
    wish = {"profile": profile, "wish": "请写清指标"}
    assert refused(profiles.return_profile, **wish, by=of_the_unit) == "own_unit"
    profiles.publish_profile(profile=profile, by=other, now=NOW)
    profiles.hide_profile(profile=profile, reason="权属有争议", by=of_the_unit, now=NOW)
    assert refused(profiles.unhide_profile, profile=profile, by=of_the_unit) == "own_unit"
    profiles.unhide_profile(profile=profile, by=other, now=NOW)
    assert TransferProfile.objects.get().is_shown(timezone.localdate(NOW))


def test_the_unit_agrees_to_the_words_it_had_before_it_alone(client):
    profile = make.endorsing()
    seen = profiles.version_mark(profile.newest)
    contact = make.contact(profile.newest.endorser)
    profiles.take_back_profile(profile=profile, by=None, now=NOW)
    words = make.WORDS | {"title": "另一个名称", "is_service": True}
    profiles.edit_profile(profile=profile, values=words, by=None, now=NOW)
    later = NOW + timedelta(minutes=5)
    profiles.submit_profile(profile=profile, affirmed=True, novelty=True, by=None, now=later)
    client.force_login(contact)
    page = f"/innovation/transfer/endorse/{profile.code}/"
    client.post(page, {"endorse": "1", "seen": seen})
    assert profile.newest.state == "endorsing"
    client.post(page, {"endorse": "1", "seen": profiles.version_mark(profile.newest)})
    assert profile.newest.state == "checking"


def test_a_unit_chosen_after_the_words_were_written_is_asked():
    her = factories.talent(unit=None)
    profile = make.draft(talent=her, is_service=True)
    given = {"profile": profile, "affirmed": True, "novelty": True}
    assert refused(profiles.submit_profile, **given) == "endorser_missing"
    her.unit = factories.unit()
    her.save(update_fields=["unit"])
    given["profile"] = TransferProfile.objects.get()
    version = profiles.submit_profile(**given, by=None, now=NOW)
    assert (version.state, version.endorser) == ("endorsing", her.unit)


def test_what_staff_took_off_comes_back_with_words_that_were_checked_anew():
    profile = make.hidden()
    profiles.edit_profile(
        profile=profile, values=make.WORDS | {"title": "改过的名称"}, by=None, now=NOW
    )
    make.submitted(profile)
    profiles.publish_profile(profile=profile, by=make.mediator(), now=NOW)
    profile.refresh_from_db()
    assert (profile.is_shown(timezone.localdate(NOW)), profile.hidden_reason) == (True, "")


# --- before two have agreed -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("请打 13912345678 联系", True),
        ("１３９ 1234 5678", True),
        ("办公室 023-67886788", True),
        ("写信到 zhou@example.cn", True),
        ("产能 13000000 件，专利 201710601862.3", False),
        ("良率 99.95%，2026-11-27 起试用", False),
    ],
)
def test_a_phone_number_or_mail_address_is_found_in_words(text, is_one):
    assert names_contact(text) is is_one


def test_neither_public_words_nor_what_is_said_of_an_interest_names_a_contact():
    found = {
        refused(
            profiles.begin_profile,
            kind="offer",
            talent=factories.talent(),
            values=make.WORDS | {"problem": "详情请打 13912345678，我们来人讲解。"},
        ),
        refused(
            interests.express_interest,
            profile=make.published(),
            unit=factories.unit(),
            words="想试用三个月，请打 13912345678",
            form="licence",
        ),
    }
    assert found == {"words_contact"}
    assert (TransferProfile.objects.count(), TransferInterest.objects.count()) == (1, 0)


def test_consent_taken_back_before_the_other_side_confirms_takes_the_answer_back():
    interest = make.interest()
    her = interest.profile.talent.user
    interests.accept_interest(interest=interest, by=her, now=NOW, **make.CONTACT)
    other = factories.talent().user
    interests.follow_consent(user=other, granted=False, by=other, now=NOW, about=interest.code)
    interest.refresh_from_db()
    assert interest.state == "answered"  # somebody else's consent is none of it
    taken = {"purpose": interests.CONTACT, "about": interest.code}
    consents.withdraw_one(user=her, by=her, now=NOW, **taken)
    interest.refresh_from_db()
    assert (interest.state, interest.owner_contact, interest.answered_at) == ("asked", None, None)
    confirm = {"interest": interest, **make.CONTACT}
    assert refused(interests.confirm_interest, **confirm) == "moved_on"


# --- abroad (PIPL, art. 39) -----------------------------------------------------------------------
def test_who_is_abroad_says_how_it_is_reached_and_the_other_reads_it_before_agreeing(client):
    profile, unit = make.published(), factories.unit()
    asked = {"profile": profile, "unit": unit, "words": make.SAID, "form": "licence"}
    assert refused(interests.express_interest, **asked, abroad="新加坡") == "reach_missing"
    interest = interests.express_interest(
        **asked, abroad="新加坡", reach="privacy@example.sg", by=None, now=NOW
    )
    client.force_login(profile.talent.user)
    page = client.get(interest.get_absolute_url()).content.decode()
    assert all(word in page for word in ("新加坡", "privacy@example.sg", "处理方式", "更正、删除"))
    given = {"interest": interest, **make.CONTACT}
    assert refused(interests.accept_interest, **given) == "abroad"
    interests.accept_interest(**given | {"agrees_abroad": True}, by=None, now=NOW)
    interests.withdraw_interest(interest=interest, by=None, now=NOW)
    old = NOW + timedelta(days=1)
    personal_data.drop_words(personal_data.old_words(old))
    interest.refresh_from_db()
    assert (interest.words, interest.seeker_reach, interest.owner_contact) == (None, None, None)


def test_in_the_mainland_nothing_of_abroad_is_kept():
    interest = make.interest(reach="zhou@example.cn")
    assert (interest.seeker_abroad, interest.seeker_reach) == ("", None)


# --- lists that are handed out ----------------------------------------------------------------------
def test_interests_and_matches_are_handed_out_without_contacts_and_formulas(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    mine = make.mediated(profile=make.published(title="=HYPERLINK(1)"))
    others = make.mediated()
    unanswered = make.interest()
    make.match()
    client.force_login(mine.mediator)
    admin = "/admin/entrepreneurship/"
    rows = cells(client.get(f"{admin}transferinterest/export/").content)
    assert [row[0] for row in rows[1:]] == [mine.code]
    assert rows[1][1:4] == ["'=HYPERLINK(1)", mine.owner_name, mine.seeker_name]
    text = str(rows)
    assert [c in text for c in (mine.seeker_contact, mine.words, others.code, unanswered.code)] == [
        False
    ] * 4
    found = cells(client.get(f"{admin}transfermatch/export/").content)
    match = TransferMatch.objects.get()
    assert (len(found), found[1][1]) == (2, match.offer.who)
    assert match.offer.talent.full_name not in str(found)
    taken = AuditEntry.objects.filter(action__startswith="entrepreneurship.export_")
    assert sorted(taken.values_list("action", flat=True)) == [
        "entrepreneurship.export_interests",
        "entrepreneurship.export_matches",
    ]
    client.force_login(factories.staff("department_clerk"))
    answers = [client.get(f"{admin}{name}/export/").status_code for name in LISTS]
    assert answers == [403, 403]
    assert taken.count() == 2


LISTS = ("transferinterest", "transfermatch")


def test_a_day_in_a_list_is_that_of_chongqing():
    """Two in the morning is the day before in UTC."""
    night = NOW.replace(hour=18)  # UTC
    make.published(now=night)
    row = TransferProfile.objects.with_words().get()
    assert cells(sheet.profiles([row]))[1][7] == timezone.localdate(night).isoformat()


# --- matches ----------------------------------------------------------------------------------------
def test_what_is_off_the_page_is_in_nobodys_matches_and_nobody_is_told(client):
    match = make.match()
    profiles.hide_profile(profile=match.need, reason="权属有争议", by=None, now=NOW)
    client.force_login(match.offer.talent.user)
    page = "/innovation/transfer/matches/"
    assert match.need.title not in client.get(page).content.decode()
    assert matching.tell_matches(now=NOW) == 0
    profiles.unhide_profile(profile=match.need, by=None, now=NOW)
    assert match.need.title in client.get(page).content.decode()
    assert matching.tell_matches(now=NOW) == 1


def test_what_was_found_after_this_weeks_letter_is_told_next_week():
    first = make.match()
    week = timedelta(days=7)
    assert matching.tell_matches(now=NOW) == 1
    make.published(unit=factories.unit(), kind="need")
    assert matching.match_profile(profile=first.offer, now=NOW) == 1
    assert [matching.tell_matches(now=NOW), matching.tell_matches(now=NOW + week)] == [0, 1]
    letters = Notice.objects.filter(kind="entrepreneurship.transfer_matches").order_by("pk")
    assert [letter.context["n"] for letter in letters] == [1, 1]
    assert not TransferMatch.objects.filter(told_at=None).exists()


def test_put_aside_twice_it_is_aside_and_it_comes_back(client):
    match = make.match()
    client.force_login(match.offer.talent.user)
    page, title = "/innovation/transfer/matches/", match.need.title
    for _twice in range(2):
        client.post(f"{page}{match.pk}/aside/")
    assert [title in client.get(page + q).content.decode() for q in ("", "?aside=1")] == [
        False,
        True,
    ]
    client.post(f"{page}{match.pk}/aside/", {"back": "1"})
    assert title in client.get(page).content.decode()


# --- the clock ----------------------------------------------------------------------------------------
def test_one_that_fails_stops_no_other_and_is_given_back_to_the_clock(
    client, settings, monkeypatch
):
    settings.STAFF_SECOND_FACTOR = False
    bad, good = make.interest(), make.interest()
    TransferInterest.objects.update(counted_from="2026-01-05", answer_by="2026-01-26")
    lapse = interests.letters.interest_lapsed

    def fails(interest, now):
        if interest.pk == bad.pk:
            raise RuntimeError
        lapse(interest, now)

    monkeypatch.setattr(interests.letters, "interest_lapsed", fails)
    for _hour in range(MOST_FAILURES):
        with pytest.raises(SweepFailed):
            tasks.lapse_interests()
    tasks.lapse_interests()  # set aside
    states = dict(TransferInterest.objects.values_list("pk", "state"))
    assert states == {bad.pk: "asked", good.pk: "lapsed"}
    mediator = make.mediator()
    assert profiles_set_aside(mediator, NOW).count == 1
    client.force_login(mediator)
    again = {"action": "try_again", "_selected_action": [bad.profile_id]}
    client.post("/admin/entrepreneurship/transferprofile/", again)
    assert profiles_set_aside(mediator, NOW).count == 0
    monkeypatch.undo()
    tasks.lapse_interests()
    bad.refresh_from_db()
    assert (bad.state, bad.steps.filter(after="lapsed").count()) == ("lapsed", 1)


# --- she ------------------------------------------------------------------------------------------------
def test_two_records_become_one_with_what_they_published_and_asked():
    """An open interest both have, and one in what is hers, stays with the record that is lost."""
    keep, lose = factories.talent(), factories.talent(user=None)
    own, wanted = make.published(talent=keep), make.published()
    moved = make.published(talent=lose)
    both = [make.interest(wanted, talent=keep), make.interest(wanted, talent=lose)]
    in_own, alone = make.interest(own, talent=lose), make.interest(talent=lose)
    about = {"reason": "电话核实是同一人", "by": None, "now": NOW}
    merging.merge_records(keep=keep, lose=lose, **about)
    moved.refresh_from_db()
    rows = TransferInterest.objects.in_bulk()
    seekers = [rows[one.pk].seeker_id for one in (*both, in_own, alone)]
    assert (moved.talent_id, seekers) == (keep.pk, [keep.pk, lose.pk, lose.pk, keep.pk])


def test_her_copy_has_her_own_words_and_contact_and_nothing_of_the_other_side():
    interest = make.agreed()
    her, theirs = interest.profile.talent, interest.seeker_contact
    asked = make.agreed(talent=factories.talent())
    found = {}
    for user in (her.user, asked.seeker.user):
        groups = personal_data.collect(user)
        found[user] = [
            str(getattr(row, name if isinstance(name, str) else name[0]))
            for group in groups
            for row in group.rows
            for name in group.fields
        ]
    assert (interest.owner_contact in found[her.user], interest.words in found[her.user]) == (
        True,
        False,
    )
    assert (asked.seeker_contact in found[asked.seeker.user], theirs) == (True, theirs)
