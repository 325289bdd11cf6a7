"""A story that tells of an honour goes when the honour is revoked, and comes again with it."""

import pytest

from honours import operations
from role_models import operations as stories
from role_models.honours import REASON
from role_models.models import Story
from tests import factories
from tests.honours import make as honours
from tests.role_models import make

pytestmark = pytest.mark.django_db
NOW = factories.NOW


def test_a_story_that_names_a_revoked_honour_is_hidden_until_it_stands_again():
    award = honours.award()
    her = award.talent
    told = make.published(talent=her, body=f"{make.BODY}她是最美巾帼奋斗者。")
    other = make.published(talent=her)
    strangers = make.published(body=f"{make.BODY}她也是最美巾帼奋斗者。")
    operations.revoke_award(award=award, reason="经核实材料有误", by=None, now=NOW)
    assert set(Story.objects.shown()) == {other, strangers}
    assert Story.objects.get(pk=told.pk).hidden_reason == REASON
    stories.hide_story(story=other, reason="照片需要更换", by=None, now=NOW)
    operations.restore_award(award=award, by=None, now=NOW)
    assert set(Story.objects.shown()) == {told, strangers}  # what staff hid stays hidden


def test_where_a_story_cannot_be_hidden_nothing_is_revoked(monkeypatch):
    award = honours.award()
    make.published(talent=award.talent, body=f"{make.BODY}她是最美巾帼奋斗者。")

    def fails(**given):
        raise RuntimeError

    monkeypatch.setattr("role_models.honours.hide_story", fails)
    with pytest.raises(RuntimeError):
        operations.revoke_award(award=award, reason="经核实材料有误", by=None, now=NOW)
    assert (honours.fresh(award).stands, Story.objects.shown().count()) == (True, 1)
