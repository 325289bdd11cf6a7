"""Her public page: off by default, only what she ticked, gone at once when she takes it back."""

from functools import partial
from threading import Event as Signal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from kernel.errors import Conflict, Invalid
from privacy import consents
from talents import operations as talents
from talents.erasure import operations as erasure
from talents.models import Talent
from talents.operations import life
from talents.public import operations
from talents.public.models import PublicPage
from tests import factories
from tests.factories import NOW
from tests.talents.identity.test_claims import ask, reported, woman
from tests.talents.test_verification import decide_together
from tests.waits import until_waiting

pytestmark = pytest.mark.django_db
CHOOSE = reverse("public_choose")


def her(name="欧阳采薇", **fields):
    """Return a verified woman with something in every part."""
    return factories.talent(
        full_name=name,
        phone="14000007711",
        unit=factories.unit("重庆示例研究院") if name == "欧阳采薇" else None,
        position="研究员",
        research_fields=["集成电路"],
        honours="三八红旗手",
        **fields,
    )


def published(woman, *shown, readable=False, may_be_indexed=False):
    """Return her page, public, with these parts."""
    operations.save_page(
        user=woman.user,
        shown=shown,
        readable=readable,
        may_be_indexed=may_be_indexed,
        by=woman.user,
        now=NOW,
    )
    return operations.publish_page(user=woman.user, by=woman.user, now=NOW)


def read(client, page):
    """Return status and text of a public page as a stranger reads it."""
    answer = client.get(reverse("person", args=[page.address]))
    return answer.status_code, answer.content.decode()


def test_a_stranger_reads_what_is_ticked_and_a_masked_name(client):
    page = published(her(), "unit", "research_fields")
    status, text = read(client, page)
    assert status == 200
    assert "重庆示例研究院" in text
    assert "集成电路" in text
    for hidden in ("欧阳采薇", "ouyang", "研究员", "三八红旗手", "14000007711"):
        assert hidden not in text
    assert page.address == page.code.lower()


def test_until_it_is_published_and_after_it_is_taken_back_there_is_nothing(client):
    woman = her()
    page = operations.save_page(
        user=woman.user, shown=["unit"], readable=False, may_be_indexed=False, by=None, now=NOW
    )
    assert read(client, page)[0] == 404
    page = operations.publish_page(user=woman.user, by=woman.user, now=NOW)
    assert read(client, page)[0] == 200
    operations.take_page_back(user=woman.user, by=woman.user, now=NOW)
    assert read(client, page)[0] == 404
    again = operations.publish_page(user=woman.user, by=woman.user, now=NOW)
    assert again.code != page.code  # an address that was passed on leads nowhere
    consents.withdraw(user=woman.user, purpose="public_page", by=woman.user, now=NOW)
    assert read(client, again)[0] == 404


def test_a_pause_or_leaving_the_district_hides_it_at_once_and_ends_with_it(client):
    woman = her()
    page, hidden = published(woman, "name"), "主页暂不显示"
    for away, back in (
        (life.pause, life.resume),
        (partial(life.move_away, day=timezone.localdate(NOW)), life.move_back),
    ):
        away(talent=woman, by=woman.user, now=NOW)
        client.force_login(woman.user)
        assert (read(client, page)[0], hidden in client.get(CHOOSE).text) == (404, True)
        back(talent=woman, by=woman.user, now=NOW)
        assert (read(client, page)[0], hidden in client.get(CHOOSE).text) == (200, False)


def test_who_leaves_the_database_or_is_erased_takes_it_along(client):
    woman = her()
    page = published(woman, "name")
    Talent.objects.filter(pk=woman.pk).update(state="left")
    assert read(client, page)[0] == 404
    Talent.objects.filter(pk=woman.pk).update(state="verified")
    erasure.ask_erasure(user=woman.user, by=woman.user, now=NOW)
    erasure.erase_due(now=NOW + erasure.COOLING)
    assert PublicPage.objects.count() == 0
    assert read(client, page)[0] == 404


def test_a_readable_address_goes_with_the_name_alone_and_namesakes_get_numbers():
    woman = her()
    with pytest.raises(Invalid) as refused:
        published(woman, "unit", readable=True)
    assert refused.value.code == "name_not_shown"
    pages = [published(woman, "name", readable=True)]
    pages += [published(her("王小敏"), "name", readable=True) for _ in range(3)]
    names = [page.address for page in pages]
    assert names == ["ou-yang-cai-wei", "wang-xiao-min", "wang-xiao-min-2", "wang-xiao-min-3"]
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicPage.objects.filter(pk=pages[0].pk).update(shown=["unit"])


def test_with_a_readable_address_the_random_one_leads_nowhere(client):
    page = published(her(), "name", readable=True)
    assert read(client, page)[0] == 200
    assert client.get(reverse("person", args=[page.code.lower()])).status_code == 404


@pytest.mark.parametrize("indexed", [True, False])
def test_search_engines_come_in_only_if_she_says_so(client, indexed):
    page = published(her(), "name", may_be_indexed=indexed)
    answer = client.get(reverse("person", args=[page.address]))
    assert answer.get("X-Robots-Tag") == (None if indexed else "noindex, nofollow")
    assert ('name="robots"' in answer.content.decode()) is not indexed
    assert page.address not in client.get("/sitemap.xml").content.decode()


def test_a_record_no_clerk_has_checked_gets_none(client):
    woman = her(state="submitted", submitted_at=NOW)
    with pytest.raises(Conflict):
        published(woman, "name")
    client.force_login(woman.user)
    assert client.get(CHOOSE).status_code == 302


def test_nothing_ticked_is_not_published():
    with pytest.raises(Invalid) as refused:
        published(her())
    assert refused.value.code == "nothing_shown"


def test_nothing_ticked_leads_to_no_preview_and_empties_no_public_page(client):
    woman = her()
    client.force_login(woman.user)
    answer = client.post(CHOOSE, {})
    assert (answer.status_code, "请至少选择一项。" in answer.text) == (422, True)
    page = published(woman, "unit")
    assert client.post(CHOOSE, {}).status_code == 422
    page.refresh_from_db()
    assert page.shown == ["unit"]


def test_the_choice_shows_how_her_own_name_is_masked(client):
    woman = her("欧阳采薇")
    client.force_login(woman.user)
    assert f"不选则显示为“{woman.masked_name}”" in client.get(CHOOSE).text


def test_she_chooses_looks_at_it_publishes_and_takes_it_back(client):
    woman = her()
    client.force_login(woman.user)
    assert "checked" not in client.get(CHOOSE).content.decode()
    answer = client.post(CHOOSE, {"shown": ["unit", "honours"]})
    assert answer.url == reverse("public_preview")
    assert "同意并公开" in client.get(answer.url).content.decode()
    assert read(client, PublicPage.objects.get())[0] == 404
    client.post(reverse("public_publish"))
    page = PublicPage.objects.get()
    assert f"/people/{page.address}/" in client.get(CHOOSE).content.decode()
    assert client.post(CHOOSE, {"shown": ["unit"], "readable": "on"}).status_code == 422
    assert client.post(CHOOSE, {"shown": ["unit"]}).url == CHOOSE  # public: changed at once
    assert "三八红旗手" not in read(client, page)[1]
    client.post(reverse("public_take_back"))
    client.logout()
    assert read(client, page)[0] == 404


def test_it_costs_the_same_however_much_is_shown(client, django_assert_num_queries):
    page = published(her(), "name", "unit", "achievement")
    read(client, page)
    with django_assert_num_queries(2):  # the page with its record and unit, her achievements
        read(client, page)


def test_a_claim_taken_back_takes_the_page_along(client):
    """Whoever claimed a record wrongly could not take the page off any more, and its woman would come upon it."""
    user, record = woman(), reported()
    claim = talents.grant_claim(claim=ask(user), talent=record, by=None, now=NOW)
    record.refresh_from_db()
    page = published(record, "name", "unit", readable=True)
    assert read(client, page)[0] == 200
    talents.undo_claim(claim=claim, reason="经核对不是同一人", by=None, now=NOW)
    assert read(client, page)[0] == 404
    rightful = woman()
    talents.grant_claim(claim=ask(rightful), talent=record, by=None, now=NOW)
    assert read(client, page)[0] == 404
    assert PublicPage.objects.count() == 0


def test_a_page_nobody_agrees_to_is_not_shown(client):
    page = published(her(), "unit")
    factories.consent(page.talent.user, "public_page", granted=False)
    assert read(client, page)[0] == 404
    factories.consent(page.talent.user, "public_page")
    assert read(client, page)[0] == 200
    Talent.objects.filter(pk=page.talent_id).update(user=None)
    assert read(client, page)[0] == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("locked", "saved"), [(True, 2), (False, 1)])
def test_two_of_a_sound_who_ask_at_once_get_two_addresses(locked, saved, monkeypatch):
    """With the lock left out the second meets the constraint: the control."""
    women = [factories.talent(full_name="欧阳采薇") for _ in range(2)]
    named, written, free_name = Signal(), Signal(), operations._free_name

    def slow_name(talent):
        name = free_name(talent)
        if not named.is_set():
            named.set()
            until_waiting(done=written)
        return name

    def save(talent):
        given = {"shown": ["name"], "readable": True, "may_be_indexed": False}
        try:
            operations.save_page(user=talent.user, by=talent.user, now=NOW, **given)
        except IntegrityError:
            return Talent(state="twice")
        written.set()
        return Talent(state="kept")

    if not locked:
        monkeypatch.setattr(operations, "NAME_LOCK", None)  # a lock on NULL is none
    monkeypatch.setattr(operations, "_free_name", slow_name)
    answers = decide_together([partial(save, talent) for talent in women])
    names = {"ou-yang-cai-wei", "ou-yang-cai-wei-2"}
    assert answers.count("kept") == len(names & pages()) == saved


def pages():
    """The readable addresses there are."""
    return set(PublicPage.objects.values_list("name", flat=True))
