"""She takes away what the portal holds about her: all of it, she alone, for two days."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from care_points.models import ServiceHours
from kernel import portal
from kernel.errors import Conflict, Refused
from notices import watch
from notices.models import Notice
from privacy import copies
from privacy.models import AuditEntry, DataCopy, DataCopyPiece
from talents.models import Claim, Proposal
from tests import factories
from tests.care_points import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PEOPLE = ("accounts.User", "talents.Talent")

STAFF = "what staff did in their office; the record it was done to has its own line"
# Relations whose rows are in nobody's copy, each with the reason.
EXCEPTIONS = {
    "admin.LogEntry.user": "Django's own log is not written (kernel.admin)",
    "oauth2_provider.Grant.user": "only client credentials are issued: no user stands in it",
    "oauth2_provider.AccessToken.user": "only client credentials are issued: no user stands in it",
    "oauth2_provider.RefreshToken.user": "only client credentials are issued: no user stands in it",
    "oauth2_provider.IDToken.user": "only client credentials are issued: no user stands in it",
    "oauth2_provider.DeviceGrant.user": "only client credentials are issued: no user stands in it",
    "partners.PartnerKey.user": "a key belongs to a unit: the field stays empty",
    "accounts.User_user_permissions.user": "rights are given by roles alone",
    "accounts.JointAction.decided_by": STAFF,
    "talents.Proposal.decided_by": STAFF,
    "talents.Claim.decided_by": STAFF,
    "talents.ImportRun.by": STAFF,
    "talents.ImportRun.confirmed_by": STAFF,
    "talents.ImportRun.undone_by": STAFF,
    "talents.Talent.verified_by": STAFF,
    "care_points.ServiceHours.recorded_by": STAFF,
    "care_points.ServiceHours.decided_by": STAFF,
    "care_points.HistoricalEarningRule.history_user": STAFF,
    "care_points.LedgerCheck.asked_by": STAFF,
    "care_points.EmergencyNumber.checked_by": STAFF,
    "talents.HistoricalCareerEntry.history_user": STAFF,
    "talents.HistoricalTalent.history_user": STAFF,
    "care_points.Transfer.by": STAFF,
    "talents.Endorsement.by": STAFF,
    "talents.Erasure.user": "that somebody was erased, under a pseudonym; the page shows what waits",
    "talents.Erasure.talent": "that somebody was erased, under a pseudonym; the page shows what waits",
    "talents.Erasure.asked_by": STAFF,
    "talents.Merge.by": STAFF,
    "talents.Export.by": STAFF,
    "talents.ColumnMapping.by": STAFF,
    "talents.Pair.first": "what staff compare; it says no more than the two records do",
    "talents.Pair.second": "what staff compare; it says no more than the two records do",
    "talents.Pair.apart_by": STAFF,
    "care_points.Redemption.fulfilled_by": STAFF,
    "care_points.HoursCertificate.revoked_by": STAFF,
    "places.Place.verified_by": STAFF,
    "entrepreneurship.Base.owner": STAFF,
    "entrepreneurship.BaseService.verified_by": STAFF,
    "entrepreneurship.BaseRequest.owner": STAFF,
    "entrepreneurship.BankPaper.noted_by": STAFF,
    "entrepreneurship.ReferralStep.by": "who did a step: she, the bank's contact, staff",
    "entrepreneurship.FinanceTerms.verified_by": STAFF,
    "care_points.Provider.vetted_by": STAFF,
    "care_points.HistoricalService.history_user": STAFF,
    "events.Event.organiser": STAFF,
    "events.Booking.checked_in_by": STAFF,
    "events.Passage.by": STAFF,
    "events.Passage.taken_back_by": STAFF,
    "events.PhotoAnswer.noted_by": STAFF,
    "events.GivenSeat.given_by": STAFF,
    "events.CodeWord.set_by": STAFF,
    "events.MeetingList.applied_by": STAFF,
    "events.Invitation.invited_by": STAFF,
    "cloud_home.Report.decided_by": STAFF,
    "cloud_home.Hiding.hidden_by": STAFF,
    "cloud_home.Hiding.decided_by": STAFF,
    "cloud_home.Sanction.by": STAFF,
    "cloud_home.Sanction.decided_by": STAFF,
    "calls.Objection.decided_by": STAFF,
    "entrepreneurship.Coach.decided_by": STAFF,
    "networks.ShareCount.entered_by": "who spoke for an association, or staff",
    "networks.ShareCount.decided_by": STAFF,
    "role_models.TalkInvitation.asked_by": STAFF,
    "outreach.Volunteer.decided_by": STAFF,
    "outreach.VolunteerTraining.by": STAFF,
    "outreach.Clearance.by": STAFF,
    "outreach.LessonVersion.written_by": STAFF,
    "outreach.LessonReview.by": STAFF,
    "outreach.CampusEntry.entered_by": STAFF,
    "outreach.SchoolRequest.asked_by": "who spoke for a school",
    "outreach.SurveyRound.begun_by": "who spoke for a school",
    "outreach.SchoolRequest.attested_by": "who spoke for a school",
    "advisory.Consultation.created_by": STAFF,
    "advisory.ConsultationInvitation.sent_by": STAFF,
    "advisory.ConsultationInvitation.conflict_by": STAFF,
    "advisory.Opinion.noted_by": STAFF,
    "advisory.Opinion.decided_by": STAFF,
    "advisory.SuggestionCampaign.created_by": STAFF,
    "advisory.Suggestion.filed_by": STAFF,
    "advisory.Assignment.by": STAFF,
    "advisory.Assignment.opinion_by": STAFF,
    "advisory.Extension.asked_by": STAFF,
    "advisory.Extension.decided_by": STAFF,
    "advisory.Reply.drafted_by": STAFF,
    "advisory.Reply.not_by": STAFF,
    "advisory.Reply.signed_by": STAFF,
    "advisory.Adoption.entered_by": STAFF,
    "advisory.Adoption.confirmed_by": STAFF,
    "advisory.EffectReport.told_by": STAFF,
    "advisory.Contest.decided_by": STAFF,
    "workplaces.NurseryChange.by": STAFF,  # or the unit's contact, for the unit
    "workplaces.RoomVisit.by": STAFF,
    "workplaces.OfferChange.by": STAFF,  # or the unit's contact, for the unit
    "role_models.StoryVersion.edited_by": STAFF,
    "role_models.StoryVersion.published_by": STAFF,
    "role_models.StoryPhoto.edited_by": STAFF,
    "role_models.StoryPhoto.approved_by": STAFF,
    "honours.Award.revoked_by": STAFF,
    "calls.Payment.noted_by": STAFF,
    "calls.Advantage.granted_by": STAFF,
    "calls.UnitOpinion.by": "who spoke for a unit",
    "entrepreneurship.TransferVersion.submitted_by": "whose it is has its own line; else who spoke for a unit",
    "entrepreneurship.TransferVersion.endorsed_by": "who spoke for a unit",
    "entrepreneurship.TransferVersion.checked_by": STAFF,
    "entrepreneurship.TransferInterest.asked_by": "whose it is has its own line; else who spoke for a unit",
    "entrepreneurship.TransferInterest.mediator": STAFF,
    "entrepreneurship.TransferContract.entered_by": STAFF,
    "entrepreneurship.TransferPayment.entered_by": STAFF,
    "reports.MonthlyReport.requested_by": STAFF,
}


def relations():
    """Return "app.Model.field" of every relation to a user or a record."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many)
        if field.related_model and field.related_model._meta.label in PEOPLE
    } - {"accounts.User.groups"}


def test_every_relation_to_a_person_is_in_the_copy_or_has_a_reason():
    covered = {name for part in portal.listed("personal_data") for name in part.covers}
    assert covered & EXCEPTIONS.keys() == set()
    assert relations() - covered - EXCEPTIONS.keys() == set()
    assert (covered | EXCEPTIONS.keys()) - relations() == set()


def opened(copy):
    """Return the files of a copy as {name: bytes}."""
    data, _name = copies.download_copy(copy=copy, by=copy.user, now=NOW)
    with zipfile.ZipFile(io.BytesIO(data)) as archived:
        return {name: archived.read(name) for name in archived.namelist()}


def made(user, now=NOW):
    """Return a copy of hers that is ready."""
    copy = copies.request_copy(user=user, by=user, now=now)
    copies.make_due(now=now)
    copy.refresh_from_db()
    return copy


def rich():
    """Return a woman with something in every part."""
    her = factories.talent(
        full_name="欧阳采薇",
        phone="14000007711",
        email="caiwei@example.cn",
        id_number="500105199003010007",
        honours="三八红旗手",
    )
    factories.consent(her.user, "talent_database")
    factories.booking(factories.event(title="采薇的沙龙"), her)
    make.give(her, 100)
    make.redeem(her, make.service(station=make.station(name="采薇的加油站")))
    clerk = factories.staff()
    ServiceHours.objects.create(
        talent=her,
        activity="采薇的志愿服务",
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=1),
        half_hours=2,
        recorded_by=clerk,
        recorded_at=NOW,
    )
    Proposal.objects.create(talent=her, full_name="欧阳采采", proposed_at=NOW)
    Claim.objects.create(
        user=her.user, department=her.department, full_name="欧阳采葑", asked_at=NOW
    )
    return her


def test_the_copy_holds_what_every_app_knows_in_both_languages():
    her = rich()
    files = opened(made(her.user))
    assert sorted(files) == ["data.json", "index.en.html", "index.html"]
    content = json.loads(files["data.json"])
    assert [part["title"]["en"] for part in content["parts"]] == [
        "Account and sign-in",
        "Talent record",
        "Bookings",
        "Applications",
        "Honours",
        "Role models",
        "Cloud Home",
        "Innovation and start-ups",
        "Advice and suggestions",
        "Associations",
        "Outreach",
        "Points and volunteer hours",
        "Family support",
        "Notices",
        "Consents and what you did",
    ]
    text = files["data.json"].decode()
    known = ("欧阳采薇", "14000007711", "caiwei@example.cn", "500105199003010007", "三八红旗手")
    found = ("采薇的沙龙", "采薇的加油站", "采薇的志愿服务", "欧阳采采", "欧阳采葑")
    assert [word for word in (*known, *found, her.user.phone) if word not in text] == []
    page = files["index.html"].decode()
    assert [word for word in (*known, *found) if word not in page] == []
    state = next(
        cell for cell in content["parts"][1]["groups"][0]["rows"][0] if cell["field"] == "state"
    )
    assert state == {
        "field": "state",
        "label": {"zh-hans": "状态", "en": "Status"},
        "value": "verified",
        "words": {"zh-hans": "已入库", "en": "Verified"},
    }


def test_nothing_of_another_woman_is_in_it():
    other = rich()
    files = opened(made(factories.talent().user))
    assert "欧阳" not in "".join(data.decode() for data in files.values())
    assert other.user.phone not in files["data.json"].decode()


def test_it_is_kept_encrypted_for_two_days_and_then_gone():
    her = rich()
    copy = made(her.user)
    stored = DataCopyPiece.objects.raw("SELECT id, content AS sealed FROM privacy_datacopypiece")
    assert all(not bytes(piece.sealed).startswith(b"UEsD") for piece in stored)  # base64 of a zip
    assert copies.drop_expired(now=NOW + timedelta(days=2, seconds=-1)) == 0
    assert copies.drop_expired(now=NOW + timedelta(days=2)) == 1
    assert DataCopyPiece.objects.count() == 0
    copy.refresh_from_db()
    with pytest.raises(Conflict) as refused:
        copies.download_copy(copy=copy, by=her.user, now=NOW + timedelta(days=2))
    assert refused.value.code == "copy_not_there"


def test_three_a_day_and_asking_while_one_is_made_is_the_same_one():
    person = factories.user()
    first = copies.request_copy(user=person, by=person, now=NOW)
    assert copies.request_copy(user=person, by=person, now=NOW) == first
    for _ in range(2):
        copies.make_due(now=NOW)
        copies.request_copy(user=person, by=person, now=NOW)
    copies.make_due(now=NOW)
    with pytest.raises(Conflict) as refused:
        copies.request_copy(user=person, by=person, now=NOW)
    assert refused.value.code == "too_many_copies"
    copies.request_copy(user=person, by=person, now=NOW + timedelta(days=1))
    assert DataCopy.objects.count() == 4


def test_nobody_else_fetches_it_and_every_step_is_in_the_log():
    her = rich()
    copy = made(her.user)
    for other in (factories.talent().user, factories.staff("administrator", "auditor")):
        with pytest.raises(Refused):
            copies.download_copy(copy=copy, by=other, now=NOW)
    opened(copy)
    verbs = AuditEntry.objects.filter(action__contains="_copy").order_by("pk")
    assert list(verbs.values_list("action", "actor_id", "object_id")) == [
        ("privacy.request_copy", her.user_id, str(her.user_id)),
        ("privacy.make_copy", None, str(her.user_id)),
        ("privacy.download_copy", her.user_id, str(her.user_id)),
    ]


def test_she_is_told_when_it_is_ready():
    person = factories.user()
    made(person)
    watch.tell(now=NOW)
    assert list(Notice.objects.values_list("recipient", "kind")) == [
        (person.pk, "notices.data_copy")
    ]


def test_what_fails_three_times_is_given_up_and_stops_no_other():
    first, second = factories.user(), factories.user()
    for person in (first, second):
        copies.request_copy(user=person, by=person, now=NOW)

    def broken(user):
        if user == first:
            raise ValueError(user.full_name)
        return []

    part = portal.PersonalData(99, "破", (), broken)
    with portal.declared("privacy", portal.Declaration(personal_data=part, verbs=verbs())):
        for _ in range(3):
            copies.make_due(now=NOW)
    states = DataCopy.objects.order_by("pk").values_list("state", "attempts")
    assert list(states) == [("failed", 3), ("ready", 1)]


def verbs():
    """Return the verbs of the app whose declaration the test replaces."""
    return portal.declarations()["privacy"].verbs


def signed_in(client, person):
    """Sign her in as one who came by phone some time ago."""
    client.force_login(person)
    return client


def proved(client):
    """Note in her session that she has just shown that it is she."""
    session = client.session
    at = timezone.now().timestamp()
    session["account_authentication_methods"] = [
        {"method": "code", "at": at, "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()


def test_the_page_asks_for_a_fresh_proof_before_asking_and_before_fetching(client):
    person = factories.user()
    signed_in(client, person)
    answer = client.post(reverse("request_copy"))
    assert (answer.status_code, answer.url) == (302, "/accounts/prove/?next=%2Fme%2Fdata%2F")
    assert DataCopy.objects.count() == 0
    proved(client)
    assert client.post(reverse("request_copy")).url == "/me/data/"
    copies.make_due(now=timezone.now())
    copy = DataCopy.objects.get()
    page = client.get(reverse("my_data"))
    assert f"/me/data/copy/{copy.pk}/" in page.content.decode()
    answer = client.get(reverse("download_copy", args=[copy.pk]))
    assert answer["Content-Type"] == "application/zip"
    assert answer["Cache-Control"].startswith("private, no-store")
    assert answer["Content-Disposition"].startswith("attachment;")
    client.logout()
    signed_in(client, person)
    assert client.get(reverse("download_copy", args=[copy.pk])).status_code == 302


def test_another_womans_copy_is_not_there(client):
    copy = made(factories.user(), now=timezone.now())
    signed_in(client, factories.user())
    proved(client)
    assert client.get(reverse("download_copy", args=[copy.pk])).status_code == 404


def test_the_page_costs_the_same_with_one_copy_and_with_three(client, django_assert_num_queries):
    person = factories.user()
    signed_in(client, person)
    made(person, now=timezone.now())
    client.get(reverse("my_data"))
    # who reads (with her unread notices), her copies, how many of today, an erasure that waits
    with django_assert_num_queries(4):
        client.get(reverse("my_data"))
    made(person, now=timezone.now())
    made(person, now=timezone.now())
    with django_assert_num_queries(4):
        client.get(reverse("my_data"))
