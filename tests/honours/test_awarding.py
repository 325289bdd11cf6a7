"""An honour is granted once, stands on four feet, and falls with all of them; every step is undone."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from calls import conditions
from care_points.models import EarningRule, PointsAccount
from honours import operations
from honours.models import Award, Honour, HonourCertificate
from kernel.errors import Conflict, Invalid, Refused
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.calls.make import broken
from tests.care_points import make as points
from tests.honours import make

pytestmark = pytest.mark.django_db
NOW, DAY = make.NOW, make.DAY


def balance(talent):
    return PointsAccount.objects.look_up(talent).balance


def told(talent):
    kinds = Notice.objects.filter(recipient=talent.user, kind__startswith="honours.")
    return list(kinds.order_by("pk").values_list("kind", flat=True))


# --- what a call leads to ---------------------------------------------------------------------------
def test_the_results_of_a_call_grant_its_honour_once_with_certificate_and_points():
    _call, (chosen, other) = make.concluded(results=("awarded", "not_awarded"))
    award = make.only()
    assert (award.talent, award.recipient, award.source) == (chosen.talent, "林甲", "call")
    assert (award.granted_on, award.granted_by) == (NOW.date(), "重庆两江新区妇女联合会")
    certificate = award.certificate
    assert (certificate.name, certificate.honour, certificate.level) == (
        "林甲",
        "两江新区最美巾帼奋斗者",
        "district",
    )
    assert (balance(chosen.talent), balance(other.talent)) == (100, 0)
    assert (told(chosen.talent), told(other.talent)) == (["honours.granted"], [])
    for _again in range(2):
        assert operations.follow_result(application=chosen, now=NOW + DAY) == award
    assert (Award.objects.count(), HonourCertificate.objects.count()) == (1, 1)
    assert (balance(chosen.talent), told(chosen.talent)) == (100, ["honours.granted"])


def test_what_staff_registered_before_the_results_is_not_granted_a_second_time():
    call, rows = make.concluded(results=("awarded",), leads=False)
    woman = rows[0].talent
    known = make.award(woman, granted_on=NOW.date())
    operations.set_call_honour(call=call, honour=make.honour(), by=None, now=NOW)
    assert (make.only(), balance(woman)) == (known, 100)


def test_a_call_whose_honour_was_forgotten_grants_it_as_soon_as_somebody_says_which():
    call, (chosen,) = make.concluded(leads=False)
    assert Award.objects.count() == 0
    for _again in range(2):
        operations.set_call_honour(call=call, honour=make.honour(), by=None, now=NOW + DAY)
    assert make.only().application == chosen
    with pytest.raises(Conflict) as error:
        operations.set_call_honour(call=call, honour=None, by=None, now=NOW)
    assert error.value.code == "call_honour_granted"


def test_a_call_for_something_else_leads_to_no_honour():
    from tests.calls import make as calls

    with pytest.raises(Conflict) as error:
        operations.set_call_honour(
            call=calls.draft(kind="other"), honour=make.honour(), by=None, now=NOW
        )
    assert error.value.code == "call_no_honour"


@pytest.mark.parametrize("kind", ["programme", "fund"])
def test_a_plan_is_recommended_upward_and_grants_nothing_of_the_districts(kind):
    from tests.calls import make as calls

    draft = calls.draft(kind=kind, measure=3)
    with pytest.raises(Conflict) as error:
        operations.set_call_honour(call=draft, honour=make.honour(), by=None, now=NOW)
    assert error.value.code == "call_not_upward"
    operations.set_call_honour(call=draft, honour=make.honour(make.CITY), by=None, now=NOW)
    assert draft.leads_to.honour == make.honour(make.CITY)


# --- by hand ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"recipient": " "}, "recipient_missing"),
        ({"granted_by": ""}, "granted_by_missing"),
        ({"granted_on": date(2099, 1, 1)}, "granted_in_future"),
        ({"granted_on": date(1900, 1, 1)}, "granted_too_early"),
        ({"document_number": "", "evidence": " "}, "evidence_missing"),
    ],
)
def test_what_staff_wrote_wrong_is_said_in_a_sentence_and_nothing_is_written(wrong, code):
    with pytest.raises(Invalid) as error:
        make.award(**wrong)
    assert (error.value.code, Award.objects.count()) == (code, 0)


def test_the_same_honour_of_the_same_day_is_registered_once():
    first = make.award()
    with pytest.raises(Conflict) as error:
        make.award(first.talent)
    assert error.value.code == "award_twice"
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.create(
            talent=first.talent,
            honour=first.honour,
            department=first.department,
            source="staff",
            noted_at=NOW,
            **make.facts(first.talent),
        )


def test_nobody_registers_or_revokes_an_honour_of_her_own():
    clerk = factories.staff("department_clerk")
    hers = factories.talent(user=clerk)
    with pytest.raises(Refused) as error:
        operations.grant_award(
            talent=hers, honour=make.honour(), values=make.facts(hers), by=clerk, now=NOW
        )
    assert error.value.code == "own_honour"
    with pytest.raises(Refused) as error:
        operations.revoke_award(award=make.award(hers), reason="弄错了人", by=clerk, now=NOW)
    assert error.value.code == "own_honour"


@pytest.mark.parametrize(
    ("code", "granted_on", "points"),
    [
        (make.DISTRICT, date(2026, 3, 6), 100),
        (make.CITY, date(2026, 3, 6), 200),
        ("national_red_banner_holder", date(2026, 3, 6), 300),
        (make.POST, date(2026, 3, 6), 0),  # not one woman's own
        (make.CITY, date(2019, 3, 6), 0),  # from before the rule
    ],
)
def test_points_follow_the_level_of_one_womans_honour_granted_since_there_is_a_rule(
    code, granted_on, points
):
    award = make.award(code=code, granted_on=granted_on)
    assert (balance(award.talent), award.earned is not None) == (points, points > 0)


# --- revoked, restored, put right -------------------------------------------------------------------
def test_what_is_revoked_loses_certificate_points_and_place_and_others_are_asked_at_once():
    award = make.award()
    woman, certificate = award.talent, award.certificate
    for _again in range(2):
        award = operations.revoke_award(award=award, reason="经核实材料有误。", by=None, now=NOW)
    certificate.refresh_from_db()
    assert (certificate.is_valid, certificate.cause) == (False, "revoked")
    assert (balance(woman), award.earned, award.stands) == (0, None, False)
    assert (award.revoke_reason, list(Award.objects.on_roll())) == ("经核实材料有误", [])
    operations.restore_award(award=award, by=None, now=NOW + DAY)
    operations.restore_award(award=award, by=None, now=NOW + DAY)
    award = make.fresh(award)
    assert (award.stands, balance(woman)) == (True, 100)
    assert (award.revoke_reason, award.certificates.count()) == ("", 2)
    assert award.certificate != certificate
    assert told(woman) == ["honours.granted", "honours.revoked", "honours.restored"]
    notice = Notice.objects.get(kind="honours.revoked")
    assert "材料有误" not in str(notice.context)
    assert list(
        AuditEntry.objects.filter(object_type="honours.award")
        .order_by("pk")
        .values_list("action", flat=True)
    ) == ["honours.grant_award", "honours.revoke_award", "honours.restore_award"]


def test_a_revoked_result_says_so_on_her_application_and_bars_her_from_nothing(client):
    _call, (chosen,) = make.concluded()
    award = Award.objects.get(application=chosen)
    talent, own = award.talent, reverse("application", args=[chosen.code])
    client.force_login(talent.user, backend="django.contrib.auth.backends.ModelBackend")
    held = {held.name for held in conditions.held_by(talent)}
    assert len(held) == 1
    for step, words, count in (("revoke", "入选（已撤销）", 0), ("restore", "入选", 1)):
        if step == "revoke":
            operations.revoke_award(award=award, reason="材料有误", by=None, now=NOW)
        else:
            operations.restore_award(award=award, by=None, now=NOW + DAY)
        assert words in client.get(own).content.decode()
        assert ("已撤销" in client.get(own).content.decode()) == (step == "revoke")
        assert len(conditions.held_by(talent)) == count


def test_she_never_owes_points_she_has_spent():
    award = make.award()
    points.redeem(award.talent, points.service(station=points.station(), cost=60))
    make.revoked(award)
    assert balance(award.talent) == 0


def test_if_one_of_those_who_follow_fails_nothing_is_revoked():
    award = make.award()
    with broken(award.certificate, "revoked_at"), pytest.raises(DatabaseError):
        make.revoked(award)
    assert (make.fresh(award).stands, balance(award.talent)) == (True, 100)
    assert award.certificate.is_valid


def test_a_revocation_asks_why():
    award = make.award()
    for reason in ("", "错了"):
        with pytest.raises(Invalid):
            operations.revoke_award(award=award, reason=reason, by=None, now=NOW)
    assert make.fresh(award).stands


def test_what_was_granted_anew_meanwhile_is_not_restored_beside_it():
    first = make.revoked()
    make.award(first.talent)
    with pytest.raises(Conflict) as error:
        operations.restore_award(award=first, by=None, now=NOW)
    assert error.value.code == "award_twice"


def test_a_correction_replaces_the_certificate_where_that_says_so():
    award = make.award()
    old = award.certificate
    given = make.facts(award.talent)
    operations.correct_award(award=award, values=given, by=None, now=NOW)
    operations.correct_award(award=award, values=given | {"unit_text": "新单位"}, by=None, now=NOW)
    assert (award.certificate, told(award.talent)) == (old, ["honours.granted"])
    number = given | {"unit_text": "新单位", "document_number": "两江妇〔2026〕4号"}
    operations.correct_award(award=award, values=number, by=None, now=NOW)
    old.refresh_from_db()
    assert (old.cause, award.certificate.document_number) == ("replaced", "两江妇〔2026〕4号")
    assert told(award.talent) == ["honours.granted", "honours.corrected"]


def test_a_day_put_right_brings_the_points_in_line():
    award = make.award(granted_on=date(2019, 3, 6))
    right = make.facts(award.talent, granted_on=date(2024, 3, 6))
    award = operations.correct_award(award=award, values=right, by=None, now=NOW)
    assert balance(award.talent) == 100
    award = operations.correct_award(
        award=award, values=right | {"granted_on": date(2019, 3, 6)}, by=None, now=NOW
    )
    assert (balance(award.talent), award.turns) == (0, 1)


def test_a_rule_that_ended_gives_nothing():
    EarningRule.objects.filter(code="honour_district").update(active_until=date(2025, 1, 1))
    assert make.award().earned is None


def test_a_certificate_is_replaced_by_one_with_another_code():
    award = make.award()
    old = award.certificate
    new = operations.reissue_certificate(award=award, reason="证书遗失", by=None, now=NOW)
    old.refresh_from_db()
    assert (old.cause, new.is_valid, new.code == old.code) == ("replaced", True, False)


def test_the_catalogue_keeps_the_level_of_what_was_granted():
    honour = make.award().honour
    values = {name: getattr(honour, name) for name in ("name", "level", "for_whom", "is_current")}
    with pytest.raises(Conflict) as error:
        operations.save_honour(
            honour=honour, values=values | {"level": "national"}, by=None, now=NOW
        )
    assert error.value.code == "honour_granted"
    operations.save_honour(honour=honour, values=values | {"is_current": False}, by=None, now=NOW)
    with pytest.raises(Conflict) as error:
        operations.save_honour(values=values, by=None, now=NOW)
    assert (error.value.code, Honour.objects.count()) == ("honour_name_taken", 10)
