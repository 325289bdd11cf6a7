"""Adoptions, points, effects and what authors say to them."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from advisory.suggestions import operations
from advisory.suggestions.models import Adoption, Authorship
from care_points.models import PointsAccount
from kernel.errors import Conflict, Invalid, Refused
from tests.advisory.suggestions import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def points(user):
    """Return how many points somebody has."""
    account = PointsAccount.objects.filter(talent=user.talent).first()
    return account.balance if account else 0


def test_entered_by_one_and_confirmed_by_another_it_earns_points_and_effects_are_due():
    one, two = make.clerk(), make.clerk()
    adoption = make.entered(by=one)
    with pytest.raises(Refused) as error:
        operations.confirm_adoption(adoption=adoption, by=one, now=NOW)
    assert error.value.code == "own_entry"
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.filter(pk=adoption.pk).update(
            state="confirmed", confirmed_at=NOW, confirmed_by=one
        )
    adoption = operations.confirm_adoption(adoption=adoption, by=two, now=NOW)
    assert [effect.due_on for effect in adoption.effects.order_by("months")] == [
        date(2027, 5, 24),  # 23 May is a Sunday
        date(2027, 11, 23),
    ]
    author = make.author(adoption.suggestion)
    assert points(author) == 50
    # Taken up a second time it earns nothing more; withdrawn, nothing is left once none stands.
    other = make.adopted(adoption.suggestion, kind="budget", what="2027 年专项")
    assert points(author) == 50
    given = {"reason": "文件没有发布", "by": None, "now": NOW}
    operations.withdraw_adoption(adoption=adoption, **given)
    assert points(author) == 50
    operations.withdraw_adoption(adoption=other, **given)
    assert points(author) == 0
    make.adopted(adoption.suggestion)
    assert points(author) == 50


def test_what_is_not_public_is_named_in_no_statement():
    row = make.adopted(make.filed(listed=False)).suggestion
    author = Authorship.objects.get(suggestion=row)
    assert (author.earned.about, points(author.user)) == ("", 50)


def test_what_its_author_took_back_is_confirmed_as_taken_up_by_nobody():
    made = make.entered(make.filed())
    row = made.suggestion
    operations.withdraw_suggestion(suggestion=row, by=make.author(row), now=NOW)
    with pytest.raises(Conflict, match="本人已经撤回"):
        operations.confirm_adoption(adoption=made, by=None, now=NOW)
    assert not made.effects.exists()


def test_every_author_earns_and_of_a_nameless_one_no_statement_says_what_for():
    main = make.filed(by=make.woman("甲"))
    other = make.sent(main.campaign, make.woman("乙"), named="nameless")
    operations.join_suggestion(suggestion=other, to=main, by=None, now=NOW)
    make.adopted(make.signed(make.assigned(main).suggestion).suggestion)
    authors = [row.authorship for row in (main, other)]
    for author in authors:
        author.refresh_from_db()
    assert [author.earned.about for author in authors] == [make.TYPED["title"], ""]
    assert [points(author.user) for author in authors] == [50, 50]


def test_without_a_proof_it_is_not_confirmed_and_a_file_is_one():
    adoption = make.entered(link="")
    given = {"adoption": adoption, "by": None, "now": NOW}
    with pytest.raises(Conflict) as error:
        operations.confirm_adoption(**given)
    assert error.value.code == "no_proof"
    proof = operations.add_proof(sent=("文件.pdf", make.PDF), **given)
    name, data = operations.read_proof(proof=proof, by=make.clerk(), now=NOW)
    assert (name, data) == ("文件.pdf", make.PDF)
    assert operations.confirm_adoption(**given).state == "confirmed"


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"on": NOW.date() + timedelta(days=1)}, "on_future"),
        ({"on": NOW.date() - timedelta(days=1)}, "on_before"),
        ({"kind": "rumour"}, "kind_missing"),
        ({"what": " "}, "what_missing"),
    ],
)
def test_a_wrong_adoption_is_refused_and_nothing_is_written(values, refused):
    with pytest.raises(Invalid) as error:
        make.entered(**values)
    assert (error.value.code, Adoption.objects.count()) == (refused, 0)


def test_she_says_once_that_it_is_not_so_and_the_coordinator_puts_it_right():
    adoption = make.adopted()
    author = make.author(adoption.suggestion)
    given = {"adoption": adoption, "effect": None, "by": author, "now": NOW}
    said = operations.contest(words="文件里没有这一条", **given)
    with pytest.raises(Conflict) as error:
        operations.contest(words="再说一遍没有", **given)
    assert error.value.code == "contested"
    with pytest.raises(Refused):
        operations.contest(words="我也觉得没有", **given | {"by": make.woman("陈笛")})
    said = operations.decide_contest(
        contest=said, outcome="put_right", words="核实确实没有写进", by=None, now=NOW
    )
    adoption.refresh_from_db()
    assert (said.outcome, adoption.state, points(author)) == ("put_right", "withdrawn", 0)


def test_an_effect_that_is_not_so_is_told_anew():
    effect = make.effect()
    adoption = effect.adoption
    author = make.author(adoption.suggestion)
    given = {"adoption": adoption, "by": author, "now": NOW}
    twelve = adoption.effects.get(months=12)
    with pytest.raises(Conflict):  # nothing told of it yet
        operations.contest(effect=twelve, words="没有的事情", **given)
    said = operations.contest(effect=effect, words="哺乳室一直锁着", **given)
    operations.decide_contest(
        contest=said, outcome="put_right", words="核实后重新报告", by=None, now=NOW
    )
    effect.refresh_from_db()
    assert (effect.told_at, effect.words, effect.proven, effect.due_on) == (
        None,
        "",
        False,
        date(2026, 12, 23),
    )
    again = make.effect(adoption, words="已改为常开，有 12 人使用")
    assert again.proven is True


def test_it_stands_where_the_coordinator_finds_so():
    adoption = make.adopted()
    said = operations.contest(
        adoption=adoption,
        effect=None,
        words="我没有看到文件",
        by=make.author(adoption.suggestion),
        now=NOW,
    )
    given = {"contest": said, "outcome": "stands", "by": None, "now": NOW}
    with pytest.raises(Invalid):
        operations.decide_contest(words="", **given)
    operations.decide_contest(words="文件第三条写明了", **given)
    adoption.refresh_from_db()
    assert adoption.state == "confirmed"
    with pytest.raises(Conflict):
        operations.decide_contest(words="文件第三条写明了", **given)
