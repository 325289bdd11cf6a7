"""From the draft to the page: her word, the second pair of eyes, what comes off at once."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from events.models import Series
from honours import operations as awards
from kernel.errors import Conflict, DomainError, Invalid, Refused
from notices.models import Notice
from privacy import consents
from privacy.models import AuditEntry, Consent
from role_models import operations, queue, seen
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
    sent = client.post(f"/stories/mine/{story.code}/", make.answer(story, agree="1"))
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
    here = f"/stories/mine/{story.code}/"
    empty = client.post(here, make.answer(story, change="1", wish=" "))
    assert (empty.status_code, "请写下希望怎样修改" in empty.content.decode()) == (422, True)
    sent = make.answer(story, change="1", wish="第二段的年份不对")
    client.post(here, sent)
    client.post(here, sent)  # the button pressed twice
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
    assert kinds()[-2:] == ["role_models.hidden", "role_models.shown_again"]


def codes(operation, **given):
    """Return the code with which an operation is refused."""
    with pytest.raises(DomainError) as refusal:
        operation(now=NOW, **given)
    return refusal.value.code


def test_a_story_is_hidden_while_the_honour_it_tells_of_is_revoked_and_comes_again_by_itself(
    client, settings, django_capture_on_commit_callbacks
):
    settings.PUBLIC_CACHE = True
    told, other = make.published(), make.published()
    award = honours.award(told.talent)
    operations.edit_story(story=told, changes={"award": award}, by=None, now=NOW)
    addresses = [f"/stories/{story.code}/" for story in (told, other)]

    def found():
        return [client.get(address).status_code for address in addresses]

    assert found() == [200, 200]
    with django_capture_on_commit_callbacks(execute=True):
        awards.revoke_award(award=award, reason="材料不实，已核实", by=None, now=NOW)
    assert found() == [404, 200]
    her = client.__class__()
    her.force_login(told.talent.user)
    assert "目前已被撤销" in her.get(f"/stories/mine/{told.code}/").content.decode()
    operations.hide_story(story=other, reason="照片需要更换", by=None, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        awards.restore_award(award=award, by=None, now=NOW)
    assert found() == [200, 404]  # what staff hid stays hidden


def test_only_an_honour_of_hers_that_stands_is_told_of_and_what_the_words_name_is_chosen():
    story = make.story(body=f"{make.BODY}她是最美巾帼奋斗者。")
    award = honours.award(story.talent)
    assert codes(operations.ask_her, story=story, by=None) == "award_missing"
    others = {"award": honours.award()}
    her = {"talent": story.talent, "by": None}
    assert codes(operations.begin_story, values=make.WORDS | others, **her) == "other_award"
    assert codes(operations.edit_story, story=story, changes=others, by=None) == "other_award"
    operations.edit_story(story=story, changes={"award": award}, by=None, now=NOW)
    operations.ask_her(story=story, by=None, now=NOW)
    operations.agree(version=make.version(story, "asked"), photos=(), by=story.talent.user, now=NOW)
    awards.revoke_award(award=award, reason="材料不实，已核实", by=None, now=NOW)
    reviewer = make.reviewer()
    assert codes(operations.publish_story, story=story, by=reviewer) == "award_revoked"
    second = make.story(talent=story.talent)
    own = {"award": honours.fresh(award)}
    assert codes(operations.edit_story, story=second, changes=own, by=None) == "award_revoked"


def test_the_page_says_no_more_of_her_honour_than_the_roll(client):
    story = make.published()
    award = honours.award(story.talent)
    operations.edit_story(story=story, changes={"award": award}, by=None, now=NOW)

    def named():
        return award.honour.name in client.get(f"/stories/{story.code}/").content.decode()

    assert named() is False  # the roll masks her name
    consents.grant(user=story.talent.user, purpose="honour_roll", by=story.talent.user, now=NOW)
    assert named() is True


# --- what has changed since is not decided unseen --------------------------------------------------
def test_a_photo_described_anew_since_she_looked_is_not_agreed_to_and_the_next_answer_is(client):
    story = make.asked()
    photo, here = make.photo(story), f"/stories/mine/{story.code}/"
    client.force_login(story.talent.user)
    sent = make.answer(story, agree="1", photos=[photo.pk])
    operations.describe_photo(photo=photo, alt="她在讲台上", by=None, now=NOW)
    refused = client.post(here, sent)
    page = refused.content.decode()
    assert (refused.status_code, "在您打开之后改过了" in page) == (422, True)
    assert (states(story), "她在讲台上" in page) == (["asked"], True)
    now_seen = seen.photos(story)
    assert f'name="seen_photos" value="{now_seen}"' in page
    assert client.post(here, sent | {"seen_photos": now_seen}).status_code == 302
    photo.refresh_from_db()
    assert (states(story), photo.agreed_at is None) == (["agreed"], False)
    make.photo(story, size=(50, 40))
    late = client.post(f"{here}photos/", {"seen_photos": now_seen}, follow=True)
    photo.refresh_from_db()
    assert ("在您打开之后改过了" in late.content.decode(), photo.agreed_at is None) == (True, False)


def test_what_the_editor_changes_while_the_second_pair_of_eyes_looks_is_not_published_unseen(
    client,
):
    story, writer, reviewer = make.published(), make.writer(), make.reviewer()
    correct(story, writer, lead=make.WORDS["lead"].replace("小组", "团队"))
    client.force_login(reviewer)
    here = f"/admin/role_models/story/{story.pk}/publish/"
    before = {"seen": carried(client.get(here), "seen")}
    correct(story, writer, lead=make.WORDS["lead"].replace("小组", "班组"))
    refused = client.post(here, before)
    assert (refused.status_code, "在您打开之后改过了" in refused.content.decode()) == (422, True)
    assert states(story) == ["published", "draft"]
    assert client.post(here, {}).status_code == 422  # a form that says nothing of what it showed
    assert client.post(here, {"seen": carried(refused, "seen")}).status_code == 302
    assert states(story) == ["replaced", "published"]


def carried(page, name):
    """Return what the form of a page brings back under a name."""
    return dict(page.context["carried"])[name]


def test_of_two_editors_neither_overwrites_what_the_other_saved(client):
    story, here = make.story(), "/admin/role_models/story/{}/change/"
    here, first, second = here.format(story.pk), client, client.__class__()
    opened = []
    for one in (first, second):
        one.force_login(make.writer())
        form = one.get(here).context["adminform"].form
        values = {name: form[name].value() or "" for name in form.fields}
        opened.append(values | {"shown": form.shown, "_save": "1"})
    one, other = opened
    assert first.post(here, one | {"title": "第一位的标题"}).status_code == 302
    assert second.post(here, other | {"lead": "第二位的导语。"}).status_code == 302
    words = story.working
    assert (words.title, words.lead) == ("第一位的标题", "第二位的导语。")
    both = second.post(here, other | {"title": "第二位的标题", "lead": "第二位的导语。"})
    assert "这一项已由他人改为“第一位的标题”" in both.content.decode()
    assert story.working.title == "第一位的标题"


def test_she_answers_nothing_while_she_has_withdrawn_it(client):
    story = make.asked()
    operations.withdraw_story(story=story, by=story.talent.user, now=NOW)
    client.force_login(story.talent.user)
    refused = client.post(f"/stories/mine/{story.code}/", make.answer(story, agree="1"))
    agrees = Consent.objects.filter(purpose="role_model_story", granted=True).exists()
    assert (refused.status_code, states(story), agrees) == (422, ["asked"], False)


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


def test_photos_agreed_to_later_wait_in_the_queue_and_one_deleted_meanwhile_says_so():
    story, reviewer = make.published(), make.reviewer()
    photo = make.photo(story)

    def waiting():
        return queue.photos(reviewer, NOW).count

    assert waiting() == 0
    operations.choose_photos(story=story, photos=[photo.pk], by=story.talent.user, now=NOW)
    assert waiting() == 1
    operations.approve_photo(photo=photo, by=reviewer, now=NOW)
    assert waiting() == 0
    operations.delete_photo(photo=photo, by=make.writer(), now=NOW)
    assert codes(operations.hide_photo, photo=photo, by=reviewer) == "photo_gone"


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
    series = Series.objects.create(
        name="巾帼大宣讲", department=factories.department(), created_at=NOW, updated_at=NOW
    )
    her, reviewer = factories.talent(full_name="周雨桐"), make.reviewer()
    first, _photo = make.illustrated(talent=her, series=series, by=reviewer)
    pages = (
        (reviewer, "/admin/role_models/story/"),
        (reviewer, f"/admin/role_models/story/{first.pk}/photos/"),
        (None, "/stories/"),
        (None, f"/stories/series/{series.code}/"),
        (None, first.get_absolute_url()),
        (her.user, "/stories/mine/"),
        (her.user, f"/stories/mine/{first.code}/"),
    )

    def counts():
        found = []
        for person, address in pages:
            client.force_login(person) if person else client.logout()
            found.append(queries(client, address))
        return found

    def add(size):
        make.illustrated(talent=her, series=series, by=reviewer)
        photo = make.photo(first, size=(size, 40))
        chosen = [one.pk for one in first.photos.all()]
        operations.choose_photos(story=first, photos=chosen, by=her.user, now=NOW)
        return photo

    add(50)
    one = counts()
    add(52)
    add(54)
    assert counts() == one


def test_the_list_is_narrowed_by_kind_and_empty_states_say_what_to_do(client):
    assert "故事正在写" in client.get("/stories/").content.decode()
    make.published(kind="craftswoman")
    make.published(kind="scientist", title="望星空的人")
    page = client.get("/stories/?kind=scientist").content.decode()
    assert ("望星空的人" in page, "把光刻在芯片上" in page) == (True, False)
    assert "没有符合条件的故事" in client.get("/stories/?kind=physician").content.decode()


def test_a_series_page_names_no_event_that_is_not_for_everybody(client):
    series = Series.objects.create(
        name="巾帼大宣讲", department=factories.department(), created_at=NOW, updated_at=NOW
    )
    told = make.published(series=series)
    factories.event(series=series, title="公开的讲座")
    factories.event(series=series, title="只请几位的讲座", visibility="invited")
    page = client.get(f"/stories/series/{series.code}/").content.decode()
    found = [words in page for words in ("把光刻在芯片上", "公开的讲座", "只请几位的讲座")]
    assert found == [True, True, False]
    Series.objects.update(is_visible=False)
    assert client.get(f"/stories/series/{series.code}/").status_code == 404
    assert "巾帼大宣讲" not in client.get(told.get_absolute_url()).content.decode()


def test_staff_write_ask_and_publish_in_the_admin(client):
    writer, reviewer, her = make.writer(), make.reviewer(), factories.talent(full_name="周雨桐")
    client.force_login(writer)
    typed = make.WORDS | {"person": her.code, "kind": "physician", "discipline": "", "series": ""}
    sent = client.post("/admin/role_models/story/add/", typed | {"body": "太短"})
    assert sent.status_code == 302  # a draft may be short; asking is refused
    client.post("/admin/role_models/story/add/", typed | {"body": "太短"})  # pressed twice
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
    shown = {"seen": carried(client.get(f"{here}/publish/"), "seen")}
    assert client.post(f"{here}/publish/", shown).status_code == 302
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
