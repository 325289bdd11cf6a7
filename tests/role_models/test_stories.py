"""From the draft to the page: her word, the second pair of eyes, what comes off at once."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from honours import operations as awards
from kernel.errors import Conflict, Invalid, Refused
from notices.models import Notice
from privacy.models import AuditEntry, Consent
from role_models import operations
from role_models.models import Story, StoryReads, StoryVersion, VersionState
from tests import factories
from tests.honours import make as honours
from tests.role_models import make

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def states(story):
    return list(story.versions.order_by("number").values_list("state", flat=True))


def kinds():
    return list(Notice.objects.order_by("pk").values_list("kind", flat=True))


def test_a_story_goes_from_draft_to_the_page(client):
    story, writer, reviewer = make.story(), make.writer(), make.reviewer()
    her = story.talent.user
    operations.edit_story(story=story, changes={"title": "光与芯片"}, by=writer, now=NOW)
    operations.ask_her(story=story, by=writer, now=NOW)
    assert client.get(f"/stories/{story.code}/").status_code == 404
    client.force_login(her)
    page = client.get(f"/stories/mine/{story.code}/").content.decode()
    assert ("光与芯片" in page, "同意发布这一版" in page) == (True, True)
    version = make.version(story, "asked")
    sent = client.post(f"/stories/mine/{story.code}/", {"version": version.pk, "agree": "1"})
    assert sent.status_code == 302
    client.logout()
    assert client.get(f"/stories/{story.code}/").status_code == 404
    operations.publish_story(story=story, by=reviewer, now=NOW)
    page = client.get(f"/stories/{story.code}/").content.decode()
    assert ("光与芯片" in page, "周雨桐" in page, "og:title" in page) == (True, True, True)
    assert "光与芯片" in client.get("/stories/").content.decode()
    assert kinds() == ["role_models.asked", "role_models.agreed", "role_models.published"]
    consent = Consent.objects.get(user=her, purpose="role_model_story")
    assert (consent.about, consent.granted) == (story.code, True)


def test_who_wrote_it_may_not_publish_it_whatever_her_roles_are():
    both = factories.staff("department_clerk", "department_reviewer")
    story = make.story()
    operations.edit_story(story=story, changes={"title": "光与芯片"}, by=both, now=NOW)
    other = make.writer()
    operations.edit_story(story=story, changes={"lead": "另一位写了导语。"}, by=other, now=NOW)
    operations.ask_her(story=story, by=other, now=NOW)
    version = make.version(story, "asked")
    operations.agree(version=version, photos=(), by=story.talent.user, now=NOW)
    with pytest.raises(Refused) as refusal:
        operations.publish_story(story=story, by=both, now=NOW)
    assert refusal.value.code == "own_words"
    with pytest.raises(IntegrityError, match="story_second_pair_of_eyes"), transaction.atomic():
        StoryVersion.objects.filter(pk=version.pk).update(
            state="published", published_at=NOW, published_by=both
        )


def test_no_publishing_without_her_word_not_even_by_sql():
    story = make.asked()
    with pytest.raises(Conflict) as refusal:
        operations.publish_story(story=story, by=make.reviewer(), now=NOW)
    assert refusal.value.code == "not_agreed"
    with pytest.raises(IntegrityError, match="story_published_agreed"), transaction.atomic():
        story.versions.update(state="published", published_at=NOW, published_by=make.reviewer())


def test_she_agrees_to_exactly_the_words_she_read():
    story, writer = make.asked(), make.writer()
    read = make.version(story, "asked")
    operations.edit_story(story=story, changes={"title": "换了标题"}, by=writer, now=NOW)
    with pytest.raises(Conflict) as refusal:
        operations.agree(version=read, photos=(), by=story.talent.user, now=NOW)
    assert (refusal.value.code, states(story)) == ("changed", ["replaced", "draft"])
    with pytest.raises(IntegrityError, match="story_words_frozen"), transaction.atomic():
        StoryVersion.objects.filter(pk=read.pk).update(body="别的话")


def test_what_she_wishes_reaches_the_writer(client):
    story = make.story()
    operations.edit_story(story=story, changes={"title": "标题"}, by=make.writer(), now=NOW)
    operations.ask_her(story=story, by=None, now=NOW)
    client.force_login(story.talent.user)
    here, version = f"/stories/mine/{story.code}/", make.version(story, "asked")
    empty = client.post(here, {"version": version.pk, "change": "1", "wish": " "})
    assert (empty.status_code, "请写下希望怎样修改" in empty.content.decode()) == (422, True)
    client.post(here, {"version": version.pk, "change": "1", "wish": "第二段的年份不对"})
    assert (states(story), story.working.wish) == (["replaced", "draft"], "第二段的年份不对")
    assert kinds() == ["role_models.asked", "role_models.wished"]


def test_withdrawn_consent_hides_it_at_once_from_every_cache(
    client, settings, django_capture_on_commit_callbacks
):
    settings.PUBLIC_CACHE = True
    story = make.story()
    photo = make.photo(story)
    operations.ask_her(story=story, by=None, now=NOW)
    operations.agree(
        version=make.version(story, "asked"), photos=[photo.pk], by=story.talent.user, now=NOW
    )
    operations.publish_story(story=story, by=make.reviewer(), now=NOW)
    addresses = (f"/stories/{story.code}/", photo.small)
    assert [client.get(address).status_code for address in addresses] == [200, 200]
    assert "把光刻在芯片上" in client.get("/stories/").content.decode()
    her = client.__class__()
    her.force_login(story.talent.user)
    with django_capture_on_commit_callbacks(execute=True):
        her.post(f"/stories/mine/{story.code}/withdraw/")
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    assert "把光刻在芯片上" not in client.get("/stories/").content.decode()
    newest = Consent.objects.filter(purpose="role_model_story").order_by("-pk").first()
    assert newest.granted is False
    with django_capture_on_commit_callbacks(execute=True):
        her.post(f"/stories/mine/{story.code}/allow/")
    assert [client.get(address).status_code for address in addresses] == [200, 200]


def test_where_she_speaks_the_events_page_leads_to_her_story_until_it_comes_off(
    client, settings, django_capture_on_commit_callbacks
):
    settings.PUBLIC_CACHE = True
    story, event = make.published(), factories.event()
    session = event.sessions.create(
        title="主旨报告", starts_at=event.starts_at, ends_at=event.ends_at
    )
    session.speakers.create(talent=story.talent)
    link, elsewhere = f'href="/stories/{story.code}/"', factories.event(organiser=event.organiser)
    pages = [one.get_absolute_url() for one in (event, elsewhere)]

    def leads():
        return [link in client.get(page).content.decode() for page in pages]

    assert leads() == [True, False]
    with django_capture_on_commit_callbacks(execute=True):
        operations.withdraw_story(story=story, by=story.talent.user, now=NOW)
    assert leads() == [False, False]


def test_what_staff_took_off_stays_off_when_she_allows_it_again():
    story, reviewer = make.published(), make.reviewer()
    operations.withdraw_story(story=story, by=story.talent.user, now=NOW)
    operations.hide_story(story=story, reason="数据有误，正在核实", by=reviewer, now=NOW)
    operations.allow_again(story=story, by=story.talent.user, now=NOW)
    assert not Story.objects.shown().exists()
    operations.show_story(story=story, by=reviewer, now=NOW)
    assert Story.objects.shown().get() == story


def test_a_story_is_hidden_while_the_honour_it_tells_of_is_revoked(client):
    story = make.published()
    award = honours.award(story.talent)
    operations.edit_story(story=story, changes={"award": award}, by=None, now=NOW)
    page = client.get(f"/stories/{story.code}/").content.decode()
    assert award.honour.name in page
    awards.revoke_award(award=award, reason="材料不实，已核实", by=None, now=NOW)
    assert client.get(f"/stories/{story.code}/").status_code == 404
    awards.restore_award(award=award, by=None, now=NOW)
    assert client.get(f"/stories/{story.code}/").status_code == 200
    other = honours.award()
    with pytest.raises(Invalid):
        operations.edit_story(story=story, changes={"award": other}, by=None, now=NOW)


# --- corrections ----------------------------------------------------------------------------------
def correct(story, by=None, **changes):
    operations.edit_story(story=story, changes=changes, is_minor=True, by=by, now=NOW)


def test_a_slip_of_the_pen_is_published_without_asking_and_she_is_told():
    story, writer = make.published(), make.writer()
    correct(story, writer, lead=make.WORDS["lead"].replace("小组", "团队"))
    assert states(story) == ["published", "draft"]
    with pytest.raises(Refused):
        operations.publish_story(story=story, by=writer, now=NOW)
    operations.publish_story(story=story, by=make.reviewer(), now=NOW)
    assert states(story) == ["replaced", "published"]
    assert kinds()[-1] == "role_models.corrected"


@pytest.mark.parametrize(
    "changes",
    [
        {"lead": make.WORDS["lead"].replace("六个", "七个")},
        {"shown_post": "另一家研究院"},
        {"body": make.BODY + "她还说了许多别的话，这些话从来没有请她看过，一个字也没有。"},
    ],
)
def test_what_may_change_a_meaning_is_no_correction(changes):
    story = make.published()
    with pytest.raises(Conflict) as refusal:
        correct(story, **changes)
    assert (refusal.value.code, states(story)) == ("not_minor", ["published"])


def test_a_new_version_stands_beside_the_old_one_until_she_agrees_and_goes_back_again():
    story, writer = make.published(), make.writer()
    operations.edit_story(story=story, changes={"title": "光与芯片"}, by=writer, now=NOW)
    assert Story.objects.shown().get().published.title == "把光刻在芯片上"
    operations.ask_her(story=story, by=writer, now=NOW)
    version = make.version(story, "asked")
    operations.agree(version=version, photos=(), by=story.talent.user, now=NOW)
    operations.publish_story(story=story, by=make.reviewer(), now=NOW)
    assert Story.objects.shown().get().published.title == "光与芯片"
    operations.bring_back(story=story, by=make.reviewer(), now=NOW)
    assert states(story) == ["published", "replaced"]


def test_half_an_english_version_is_refused():
    story = make.story()
    with pytest.raises(Invalid):
        operations.edit_story(story=story, changes={"title_en": "Light"}, by=None, now=NOW)


# --- photos ---------------------------------------------------------------------------------------
def test_each_photo_needs_her_word_and_another_persons_eyes(client):
    story, both = make.story(), factories.staff("department_clerk", "department_reviewer")
    photo = make.photo(story, by=both)
    assert client.get(photo.small).status_code == 404
    operations.choose_photos(story=story, photos=[photo.pk], by=story.talent.user, now=NOW)
    with pytest.raises(Refused):
        operations.approve_photo(photo=photo, by=both, now=NOW)
    operations.approve_photo(photo=photo, by=make.reviewer(), now=NOW)
    photo.refresh_from_db()
    assert photo.is_shown
    operations.describe_photo(photo=photo, alt="她在讲台上", by=both, now=NOW)
    photo.refresh_from_db()
    assert (photo.is_shown, photo.agreed_at) == (False, None)


def test_a_photo_without_words_is_refused():
    with pytest.raises(Invalid) as refusal:
        make.photo(make.story(), alt=" ")
    assert refusal.value.field == "alt"


# --- readers --------------------------------------------------------------------------------------
def test_readers_are_counted_by_day_thirty_a_minute_at_most(client):
    story = make.published()
    answers = {client.post(f"/stories/{story.code}/read/").status_code for _ in range(33)}
    elsewhere = client.post(
        f"/stories/{story.code}/read/", headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert (answers, elsewhere.status_code) == ({204}, 404)
    assert sum(StoryReads.objects.values_list("count", flat=True)) in range(
        30, 34
    )  # a minute's end
    StoryReads.objects.all().delete()
    for _number in range(35):
        operations.count_reader(story=story, now=NOW)
    assert StoryReads.objects.get().count == 30


# --- pages ----------------------------------------------------------------------------------------
def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_lists_ask_as_much_for_three_as_for_one(client):
    def add():
        story = make.agreed()
        operations.publish_story(story=story, by=make.reviewer(), now=NOW)

    reviewer, addresses = make.reviewer(), ("/stories/", "/admin/role_models/story/")
    add()
    client.force_login(reviewer)
    counts = [queries(client, address) for address in (*addresses, addresses[0])]
    add()
    add()
    assert [queries(client, address) for address in (*addresses, addresses[0])] == counts


def test_the_list_is_narrowed_by_kind_and_empty_states_say_what_to_do(client):
    assert "故事正在写" in client.get("/stories/").content.decode()
    make.published(kind="craftswoman")
    make.published(kind="scientist", title="望星空的人")
    page = client.get("/stories/?kind=scientist").content.decode()
    assert ("望星空的人" in page, "把光刻在芯片上" in page) == (True, False)
    assert "没有符合条件的故事" in client.get("/stories/?kind=physician").content.decode()


def test_staff_write_ask_and_publish_in_the_admin(client):
    writer, reviewer, her = make.writer(), make.reviewer(), factories.talent(full_name="周雨桐")
    client.force_login(writer)
    typed = make.WORDS | {"person": her.code, "kind": "physician", "discipline": "", "series": ""}
    sent = client.post("/admin/role_models/story/add/", typed | {"body": "太短"})
    assert sent.status_code == 302  # a draft may be short; asking is refused
    story = Story.objects.get()
    here = f"/admin/role_models/story/{story.pk}"
    refused = client.post(f"{here}/ask/")
    assert "正文至少 50 个字" in refused.content.decode()
    client.post(f"{here}/change/", typed | {"shown_name": "周雨桐", "_save": "1"})
    assert client.post(f"{here}/ask/").status_code == 302
    version = make.version(story, VersionState.ASKED)
    operations.agree(version=version, photos=(), by=her.user, now=NOW)
    assert client.post(f"{here}/publish/").status_code == 403
    client.force_login(reviewer)
    assert client.post(f"{here}/publish/").status_code == 302
    assert Story.objects.shown().get() == story
    page = client.get(f"{here}/history/").content.decode()
    assert ("同意这一版故事" in page, "发布榜样故事" in page) == (True, True)
    verbs = AuditEntry.objects.filter(object_type="role_models.story").order_by("pk")
    assert list(verbs.values_list("action", flat=True)) == [
        "role_models.begin_story",
        "role_models.edit_story",
        "role_models.ask_her",
        "role_models.agree",
        "role_models.publish_story",
    ]


def test_another_department_and_another_woman_find_nothing(client):
    story = make.asked()
    client.force_login(factories.talent().user)
    assert client.get(f"/stories/mine/{story.code}/").status_code == 404
    client.force_login(factories.staff("department_clerk", department_code="science_innovation"))
    assert client.get(f"/admin/role_models/story/{story.pk}/change/").status_code == 302
    assert client.get(f"/stories/preview/{story.code}/").status_code == 404
