"""Her honours in her growth, in her copy, when two records become one, when she leaves, when all is old."""

from datetime import date, timedelta

import pytest

from honours import growth, operations, personal_data
from honours.models import Award, HonourCertificate
from kernel.portal import Person
from privacy import consents
from tests import factories
from tests.calls import make as calls
from tests.honours import make

pytestmark = pytest.mark.django_db
NOW = make.NOW


def agreed():
    woman = factories.talent(full_name="林晓静")
    consents.grant(user=woman.user, purpose="honour_roll", by=woman.user, now=NOW)
    return woman


def test_what_stands_is_a_milestone_and_what_was_revoked_is_none():
    award = make.award()
    (one,) = growth.milestones(award.talent)
    assert (str(one.title), one.day, one.honour) == (
        "两江新区最美巾帼奋斗者",
        date(2026, 3, 6),
        True,
    )
    make.revoked(award)
    assert growth.milestones(award.talent) == []


def test_her_copy_holds_honours_certificates_and_recommendations():
    award = make.award()
    make.recommendation(award)
    make.award(factories.talent())
    make.proof(award)
    groups = personal_data.collect(award.talent.user)
    assert [len(group.rows) for group in groups] == [1, 1, 1, 1]


def test_once_she_is_erased_nothing_says_who_she_was_and_a_teams_honour_stays_theirs():
    woman = agreed()
    award = make.award(woman, unit_text="明月湖", evidence="林晓静的证书")
    team = make.award(woman, make.POST, recipient="急救中心")
    for _twice in range(2):
        personal_data.erase(Person(woman.user, (woman,), "已删除用户 7"), NOW)
    award, team = make.fresh(award), make.fresh(team)
    assert (award.recipient, award.unit_text, award.evidence) == ("已删除用户 7", "", "")
    assert list(Award.objects.on_roll()) == [team]
    assert "林晓静" not in str(list(Award.objects.values()))
    certificates = HonourCertificate.objects.order_by("pk").values_list("name", flat=True)
    assert list(certificates) == ["", "急救中心"]


def test_who_leaves_the_database_stands_on_the_roll_without_her_full_name():
    woman = agreed()
    award = make.award(woman)
    assert personal_data.lost_by_leaving(woman, NOW, True) == ["荣誉榜上不再显示您的全名。"]
    personal_data.mask(talent=woman, hers=True, now=NOW)
    assert make.fresh(award).shown_recipient == "林*静"
    assert personal_data.lost_by_leaving(woman, NOW, True) == []


def test_reasons_are_kept_three_years_and_void_certificates_ten():
    award = make.revoked()
    assert list(personal_data.old_revoked(NOW)) == []
    old = personal_data.old_revoked(NOW + timedelta(seconds=1))
    personal_data.drop_reasons(old)
    award = make.fresh(award)
    assert (award.revoke_reason, award.stands) == ("—", False)
    assert personal_data.old_void(NOW + timedelta(seconds=1)).count() == 1


def test_two_records_become_one_with_each_honour_once():
    keep, lose = factories.talent(), factories.talent(user=None)
    both = [make.award(one) for one in (keep, lose)]
    single = make.award(lose, make.CITY)
    moving, put_forward = personal_data.MOVINGS
    moving.move(keep, lose, NOW)
    assert {award.pk for award in keep.awards.all()} == {both[0].pk, single.pk}
    assert list(lose.awards.all()) == [both[1]]
    make.recommendation(both[0])
    make.recommendation(both[1])
    assert put_forward.why_not(keep, lose).code == "both_recommended"


def test_a_team_is_corrected_by_name_and_its_certificate_with_it():
    _call, (chosen,) = make.concluded(make.CITY, results=("awarded",))
    post = make.award(chosen.talent, make.POST, recipient="急救中心")
    operations.correct_award(
        award=post,
        values=make.facts(recipient="急救中心护理组"),
        by=None,
        now=NOW,
    )
    assert make.fresh(post).certificate.name == "急救中心护理组"


def test_what_stands_is_in_her_cv_and_comes_with_her_next_application_and_nothing_is_told_twice():
    from calls.prefilling import text_of
    from talents.cv.content import sections

    award = make.award(factories.talent(honours="优秀教师"))
    woman, line = award.talent, "两江新区最美巾帼奋斗者（两江新区妇联，2026年3月）"

    def told():
        return [text for text, *_more in sections(woman, ["honours"])[0].lines]

    assert told() == ["优秀教师", line]
    form = calls.draft(lines=False)
    field = calls.line(form, "荣誉", profile="honours", identifying=True)
    assert text_of(field.profile, woman) == f"优秀教师\n{line}"
    woman.honours = "2026年两江新区最美巾帼奋斗者"
    assert told() == ["2026年两江新区最美巾帼奋斗者"]
    woman.honours = "优秀教师"
    make.revoked(award)
    assert told() == ["优秀教师"]
