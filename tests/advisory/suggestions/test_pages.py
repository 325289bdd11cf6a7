"""Her pages of suggestions and everybody's: what each shows to whom, and what wrong input does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from advisory.suggestions import operations
from advisory.suggestions.models import Contest, CoSignature, Rating, Suggestion
from tests import factories
from tests.advisory.suggestions import make

pytestmark = pytest.mark.django_db

HOME = "/advisory/suggestions/"
TYPED = {name: make.TYPED[name] for name in ("title", "matter", "proposal")}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def campaign(now):
    return make.campaign(now)


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


# --- writing --------------------------------------------------------------------------------------
def test_she_saves_a_draft_goes_on_with_it_and_hands_it_in(client, campaign):
    by = make.woman()
    client.force_login(by)
    address = f"{campaign.get_absolute_url()}write/"
    assert "建议谁来做" in text(client, address)
    sent = client.post(
        address, {"title": "设哺乳室", "named": "pen", "pen_name": "山茶", "save": 1}
    )
    row = Suggestion.objects.get()
    assert (sent.status_code, sent.headers["Location"]) == (302, row.get_absolute_url())
    page = text(client, f"{row.get_absolute_url()}edit/")
    assert ("设哺乳室" in page, "山茶" in page) == (True, True)
    typed = TYPED | {"named": "pen", "pen_name": "山茶"}
    client.post(f"{row.get_absolute_url()}edit/", typed | {"send": 1})
    row.refresh_from_db()
    assert (row.state, row.byline, Suggestion.objects.count()) == ("sent", "山茶", 1)
    assert client.get(f"{row.get_absolute_url()}edit/").status_code == 302


def test_the_same_form_sent_twice_is_one_suggestion(client, campaign):
    client.force_login(make.woman())
    write = f"{campaign.get_absolute_url()}write/"
    once, again = (client.post(write, TYPED | {"named": "own", "send": "1"}) for _ in range(2))
    assert (once.status_code, once.headers["Location"]) == (302, again.headers["Location"])
    assert Suggestion.objects.get().state == "sent"
    client.post(write, TYPED | {"named": "nameless", "save": "1"})  # another: not the same form
    assert Suggestion.objects.count() == 2


def test_what_cannot_be_handed_in_is_not_stored_and_stays_in_the_form(client, campaign):
    client.force_login(make.woman())
    address = f"{campaign.get_absolute_url()}write/"
    answer = client.post(address, TYPED | {"proposal": "", "named": "own", "send": 1})
    assert (answer.status_code, Suggestion.objects.count()) == (422, 0)
    assert TYPED["matter"] in answer.content.decode()
    answer = client.post(address, TYPED | {"named": "pen", "send": 1})
    assert (answer.status_code, "请写下笔名" in answer.content.decode()) == (422, True)


def test_a_personal_complaint_is_led_to_where_she_is_helped_and_not_stored(client, campaign):
    client.force_login(make.woman())
    address = f"{campaign.get_absolute_url()}write/"
    typed = TYPED | {"matter": "我单位拖欠我三个月工资。我该怎么办才好？", "named": "own"}
    for button in ("save", "send"):
        answer = client.post(address, typed | {button: 1})
        page = answer.content.decode()
        assert (answer.status_code, 'href="tel:12338"' in page) == (422, True)
        assert Suggestion.objects.count() == 0
    client.post(address, typed | {"send": 1, "not_personal": "on"})
    assert Suggestion.objects.get().state == "sent"


def test_who_may_not_write_is_told_why(client, now):
    over = make.campaign(now - timedelta(days=90))
    client.force_login(make.woman())
    assert "不能再写" in text(client, f"{over.get_absolute_url()}write/")
    client.force_login(make.clerk())
    assert "工作人员" in text(client, f"{make.campaign(now).get_absolute_url()}write/")
    client.logout()
    assert client.get(f"{over.get_absolute_url()}write/").status_code == 302
    hidden = make.campaign(now, opened=False)
    assert client.get(hidden.get_absolute_url()).status_code == 404


# --- similar ones ---------------------------------------------------------------------------------
def test_similar_ones_appear_as_she_writes_and_by_the_button(client, now, campaign):
    old = make.filed(make.campaign(now, title="去年的征集"), now=now)
    make.filed(
        campaign, now=now, title="延长项目结题期限", matter="孕期不便出差调研，经费使用受限。"
    )
    make.filed(campaign, now=now, listed=False)
    make.sent(campaign, now=now)
    client.force_login(make.woman("陈笛"))
    typed = {"title": "园区设哺乳室", "matter": "背奶没有地方"}
    part = client.post(f"{HOME}similar/", typed).content.decode()
    assert (old.get_absolute_url() in part, part.count('class="row-title"')) == (True, 1)
    page = client.post(
        f"{campaign.get_absolute_url()}write/", typed | {"named": "own", "look": 1}
    ).content.decode()
    assert (old.get_absolute_url() in page, "园区设哺乳室" in page) == (True, True)
    assert Suggestion.objects.filter(state="draft").count() == 0
    assert client.post(f"{HOME}similar/", {"title": "园"}).content.strip() == b""


# --- one suggestion -------------------------------------------------------------------------------
def test_everybody_reads_what_is_public_and_nobody_else_what_is_not(client, now):
    public = make.signed(now=now).suggestion
    inside = make.filed(now=now, listed=False)
    waiting = make.sent(now=now)
    page = text(client, public.get_absolute_url())
    assert ("已在三栋楼设好" in page, make.TYPED["proposal"] in page) == (True, True)
    for row in (inside, waiting):
        assert client.get(row.get_absolute_url()).status_code == 404
    client.force_login(make.author(inside))
    assert make.TYPED["proposal"] in text(client, inside.get_absolute_url())
    assert client.get(waiting.get_absolute_url()).status_code == 404


def test_a_reply_that_is_kept_back_is_read_by_its_author_alone(client, now):
    made = make.signed(now=now, kept_back="涉及园区招商谈判")
    address = made.suggestion.get_absolute_url()
    page = text(client, address)
    assert ("已在三栋楼设好" in page, "涉及园区招商谈判" in page) == (False, True)
    client.force_login(make.author(made.suggestion))
    page = text(client, address)
    assert ("已在三栋楼设好" in page, "只答复您，不公开" in page) == (True, True)


def test_she_is_nameless_on_every_page(client, now, settings):
    settings.STAFF_SECOND_FACTOR = False
    by = make.woman("不该出现的名字")
    row = make.filed(by=by, now=now, named="nameless")
    made = make.signed(make.assigned(row, now=now).suggestion, now=now)
    make.adopted(made.suggestion, now=now)
    for reader in (None, make.woman("陈笛"), make.clerk(), make.clerk(make.LEAD)):
        client.logout()
        if reader:
            client.force_login(reader)
        for address in (row.get_absolute_url(), row.campaign.get_absolute_url(), HOME):
            page = text(client, address)
            assert "不该出现的名字" not in page
        assert "匿名" in text(client, row.get_absolute_url())


def test_she_signs_too_and_takes_it_back(client, now):
    row, by = make.filed(now=now), make.woman("陈笛")
    address = row.get_absolute_url()
    assert "登录后可以附议" in text(client, address)
    client.force_login(by)
    client.post(f"{address}cosign/", {"named": "on"})
    assert (CoSignature.objects.get().signed_as, "您附议了" in text(client, address)) == (
        "陈笛",
        True,
    )
    client.post(f"{address}uncosign/")
    assert CoSignature.objects.standing().count() == 0
    client.force_login(make.author(row))
    assert "附议</button>" not in text(client, address)


def test_she_rates_once_and_is_told_what_follows(client, now):
    made = make.signed(now=now)
    row = made.suggestion
    address = f"{row.get_absolute_url()}replies/{made.pk}/"
    client.force_login(make.woman("陈笛"))
    assert client.get(address).status_code == 404
    client.force_login(make.author(row))
    assert client.post(address, {"verdict": "not"}).status_code == 422
    client.post(address, {"verdict": "not", "words": "没有说什么时候开放"})
    assert (Rating.objects.get().reopens, make.fresh(row).state) == (True, "filed")
    page = text(client, row.get_absolute_url())
    assert ("由另一位同事重新办理" in page, "说说满意不满意" in page) == (True, False)
    assert "您已经评价过" in text(client, address)


def test_a_reply_nobody_has_signed_is_not_there_for_her(client, now):
    made = make.handed_in(now=now)
    client.force_login(make.author(made.suggestion))
    where = f"{made.suggestion.get_absolute_url()}replies/{made.pk}/"
    assert client.get(where).status_code == 404


def test_she_says_that_an_effect_is_not_so(client, now):
    effect = make.effect(make.adopted(now=now), now=now)
    row = effect.adoption.suggestion
    client.force_login(make.author(row))
    page = text(client, row.get_absolute_url())
    address = f"{row.get_absolute_url()}adoptions/{effect.adoption_id}/"
    assert (f"{address}6/" in page, f'{address}"' in page) == (True, True)
    client.post(f"{address}6/", {"words": "哺乳室一直锁着"})
    assert Contest.objects.get().effect == effect
    assert f"{address}6/" not in text(client, row.get_absolute_url())
    assert client.get(f"{address}7/").status_code == 404


def test_she_takes_it_back_or_throws_a_draft_away(client, campaign, now):
    by = make.woman()
    client.force_login(by)
    sent, draft = make.sent(campaign, by, now), make.draft(campaign, by, now)
    assert "撤回以后不再办理" in text(client, f"{sent.get_absolute_url()}withdraw/")
    client.post(f"{sent.get_absolute_url()}withdraw/")
    client.post(f"{draft.get_absolute_url()}withdraw/")
    assert [(row.pk, row.state) for row in Suggestion.objects.all()] == [(sent.pk, "withdrawn")]
    assert "您撤回了" in text(client, sent.get_absolute_url())
    client.force_login(make.woman("陈笛"))
    assert client.get(f"{sent.get_absolute_url()}withdraw/").status_code == 404


def test_who_wrote_a_draft_reads_why_its_campaign_was_called_off(client, now):
    row = make.draft(make.campaign(now), now=now)
    operations.cancel_campaign(campaign=row.campaign, reason="改为明年征集", by=None, now=now)
    client.force_login(make.author(row))
    said = client.get(f"{row.get_absolute_url()}edit/").text
    assert "这次征集取消了，原因：改为明年征集" in said
    gone = row.campaign.get_absolute_url()
    assert client.get(gone).status_code == 404
    assert gone not in said
    assert gone not in client.get(row.get_absolute_url()).text


def test_she_takes_the_reply_home_as_a_letter(client, now):
    row = make.signed(now=now).suggestion
    address = f"{row.get_absolute_url()}letter"
    client.force_login(make.author(row))
    for ending, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        assert client.get(f"{address}.{ending}").content.startswith(begins)
    assert client.get(f"{address}.exe").status_code == 404
    client.force_login(make.woman("陈笛"))
    assert client.get(f"{address}.pdf").status_code == 404


def test_each_state_of_hers_has_its_page(client, now):
    main = make.filed(now=now)
    joined = operations.join_suggestion(
        suggestion=make.sent(main.campaign, now=now), to=main, by=None, now=now
    )
    refused = operations.refuse_suggestion(
        suggestion=make.sent(now=now), reason="personal", words="请拨打热线", by=None, now=now
    )
    back = operations.send_back(suggestion=make.sent(now=now), words="请分成两件", by=None, now=now)
    pages = (
        (make.draft(now=now), "接着写"),
        (make.sent(now=now), "撤回这件建言"),
        (make.assigned(now=now).suggestion, "最晚这天答复您"),
        (joined, "与另一件一并办理"),
        (refused, "内容已经删除"),
        (back, "请分成两件"),
    )
    for row, address, words in [(row, row.get_absolute_url(), words) for row, words in pages]:
        client.force_login(make.author(row))
        assert words in text(client, address)
        assert "<h1>" in text(client, f"/en{address}")


# --- lists ----------------------------------------------------------------------------------------
def test_campaigns_by_where_their_hours_stand(client, now):
    make.campaign(now, title="正在写的")
    make.campaign(now - timedelta(days=90), title="去年的")
    make.campaign(now, title="下个月的", opens_at=now + timedelta(days=9))
    make.campaign(now, title="没有发布的", opened=False)
    page = text(client, HOME)
    assert [page.index(title) > 0 for title in ("正在写的", "去年的", "下个月的")] == [True] * 3
    assert "没有发布的" not in page


def test_nobody_is_asked_to_sign_in_for_a_campaign_that_is_over(client, now):
    over = make.campaign(now - timedelta(days=90), title="去年的")
    page = text(client, over.get_absolute_url())
    assert ("截止，不能再写" in page, "请先登录。" in page, "登录后写建言" in page) == (
        True,
        False,
        False,
    )
    page = text(client, make.campaign(now).get_absolute_url())
    assert ("登录后写建言" in page, "截止，不能再写" in page) == (True, False)


def test_each_row_of_choices_says_what_it_narrows_and_how_much_it_finds(client, now):
    made = make.signed(now=now)
    make.adopted(made.suggestion, now=now)
    for _number in range(2):
        make.signed(make.assigned(make.filed(now=now), now=now).suggestion, now=now)
    page = client.get(f"{HOME}replies/")
    rows = {
        label: [(choice.words, choice.count) for choice in offered[:2]]
        for label, offered in page.context["choices"]
    }
    assert rows.pop("按征集筛选")[0] == ("全部征集", 3)
    assert rows == {
        "按答复类别筛选": [("全部类别", 3), ("A 类：已经解决或采纳", 3)],
        "按部门筛选": [("全部部门", 3), (str(made.suggestion.assignments.get().department), 3)],
        "按采纳筛选": [("采纳与否不限", 3), ("已被采纳", 1)],
    }


def test_replies_are_narrowed_by_class_department_campaign_and_adoption(client, now):
    made = make.signed(now=now)
    make.adopted(made.suggestion, now=now)
    later = now.date() + timedelta(days=60)
    row = make.filed(now=now, title="延长项目结题期限")
    make.signed(make.assigned(row, now=now).suggestion, now=now, answer="C", second_on=later)
    hidden = make.filed(now=now, title="不公开的那一件")
    make.signed(make.assigned(hidden, now=now).suggestion, now=now, kept_back="涉及招商谈判")
    for query, found in (
        ("", [True, True]),
        ("?answer=A", [True, False]),
        ("?answer=C", [False, True]),
        (f"?department={make.LEAD}", [True, True]),
        ("?department=trade_union", [False, False]),
        (f"?campaign={row.campaign.code}", [False, True]),
        ("?adopted=yes", [True, False]),
        ("?answer=nonsense&department=%3Cb%3E", [True, True]),
    ):
        page = text(client, f"{HOME}replies/{query}")
        titles = (make.TYPED["title"], "延长项目结题期限")
        assert [title in page for title in titles] == found, query
        assert "不公开的那一件" not in page


@pytest.mark.parametrize("address", ["replies", "campaign", "mine"])
def test_lists_ask_as_often_for_three_rows_as_for_one(client, now, campaign, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    by = make.woman()
    client.force_login(by)
    addresses = {
        "replies": f"{HOME}replies/",
        "campaign": campaign.get_absolute_url(),
        "mine": "/advisory/",
    }

    def count():
        with CaptureQueriesContext(connection) as asked:
            client.get(addresses[address])
        return len(asked)

    def add():
        row = make.filed(campaign, by, now)
        make.adopted(
            make.signed(make.assigned(row, now=now).suggestion, now=now).suggestion, now=now
        )

    add()
    count()
    one = count()
    add()
    add()
    assert count() == one


def test_units_and_strangers_find_nothing_to_sign(client, now):
    row = make.filed(now=now)
    client.force_login(factories.user(unit=factories.unit()))
    client.post(f"{row.get_absolute_url()}cosign/")
    assert CoSignature.objects.count() == 0
