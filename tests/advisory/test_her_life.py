"""What she was asked and said: in her copy and growth, merged, when she leaves, when she is erased, when all is old."""

from datetime import timedelta

import pytest
from django.utils import timezone

from advisory import growth, personal_data
from advisory.consultations import hers, operations
from advisory.consultations.models import ConsultationInvitation, ConsultationPaper, Opinion
from kernel.portal import Person
from privacy import consents, retention
from talents import departures
from talents import operations as talents
from talents.models import Merge
from tests import factories
from tests.advisory import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_her_growth_tells_what_she_took_part_in():
    said = make.opinion()
    assert growth.milestones(said.invitation.talent) == []
    make.held(said.invitation)
    (one,) = growth.milestones(said.invitation.talent)
    assert (one.title, one.day) == ("青年人才安居政策", timezone.localdate(make.AFTER))
    took_part = list(hers.took_part(None))
    assert took_part == [{"talent": said.invitation.talent_id}]
    assert not hers.took_part(make.AFTER + timedelta(days=1)).exists()


def test_her_copy_holds_invitations_and_words():
    said = make.opinion()
    unit, row = factories.unit(), said.invitation
    ConsultationInvitation.objects.filter(pk=row.pk).update(found=[["same_unit", unit.name]])
    paper = make.paper(row.consultation)
    operations.open_paper(paper=paper, invitation=row, by=row.talent.user, now=NOW)
    invitations, opinions, opened, *_others = personal_data.collect(row.talent.user)
    assert [one.found_words for one in invitations.rows] == [[f"在涉及的单位工作：{unit.name}"]]
    assert [(one.subject, one.file_name) for one in opened.rows] == [
        (row.consultation.title, "征求意见稿.pdf")
    ]
    assert [row.pk for row in invitations.rows] == [said.invitation_id]
    assert [(row.subject, row.text) for row in opinions.rows] == [
        ("青年人才安居政策", "建议增加三年留存率指标")
    ]
    assert personal_data.collect(make.expert().user)[1].rows.count() == 0


def test_who_leaves_the_database_lets_go_of_what_stands():
    row = make.accepted()
    assert departures.lost(row.talent, NOW) == ["您答应或还没有答复的咨询会另请别人。"]
    consents.withdraw(user=row.talent.user, purpose="talent_database", by=row.talent.user, now=NOW)
    assert make.fresh(row).state == "declined"


def test_who_is_erased_leaves_numbers_and_no_words():
    said = make.opinion()
    standing = make.accepted(talent=said.invitation.talent, conflict="参股", title="另一项")
    make.decided(said, outcome="not_used", why="涉及她的课题")
    person = Person(said.invitation.talent.user, (said.invitation.talent,), "已注销")
    assert len(personal_data.lost(person, NOW)) == 2
    personal_data.erase(person, NOW)
    personal_data.erase(person, NOW)
    said.refresh_from_db()
    assert (said.text, said.why, said.outcome) == (None, "—", "not_used")
    standing = make.fresh(standing)
    assert (standing.state, standing.declared_words, standing.found) == ("declined", None, [])


def test_two_records_become_one_and_two_again():
    clerk = make.clerk()
    keep, row = factories.talent(user=None, source="import"), make.accepted()
    lose = row.talent
    given = {"reason": "电话核实是同一人", "by": clerk, "now": NOW}
    talents.merge_records(keep=keep, lose=lose, **given)
    assert make.fresh(row).talent == keep
    talents.undo_merge(merge=Merge.objects.get(), **given)
    assert make.fresh(row).talent == lose


def test_papers_and_conflicts_go_after_a_year_and_opinions_after_five():
    said = make.opinion()
    make.paper(said.invitation.consultation)
    unit = factories.unit()
    ConsultationInvitation.objects.filter(pk=said.invitation_id).update(
        found=[["same_unit", unit.name]], declared_words=None
    )
    make.closed(said)
    retention.apply(now=make.AFTER + timedelta(days=300))
    assert ConsultationPaper.objects.count() == 1
    retention.apply(now=make.AFTER + timedelta(days=400))
    assert (ConsultationPaper.objects.count(), make.fresh(said.invitation).found) == (0, [])
    assert Opinion.objects.get().text
    retention.apply(now=make.AFTER + timedelta(days=6 * 365))
    assert (Opinion.objects.get().text, Opinion.objects.get().outcome) == (None, "used")
