"""Circles, members, topics and posts for tests."""

from itertools import count

from cloud_home import operations
from cloud_home.models import Circle, Membership, Post, Preference
from kernel.sweeps import MOST_FAILURES
from tests import factories
from tests.factories import NOW

_numbers = count(1)


def circle(**fields):
    """Return a circle of a field, open to all women in the database."""
    fields.setdefault("name", f"集成电路圈{next(_numbers)}")
    fields.setdefault("kind", "field")
    fields.setdefault("about", "设计、流片、封测的同行")
    fields.setdefault("department", factories.department())
    return Circle.objects.create(created_at=NOW, **fields)


def member(of, person=None, **fields):
    """Return the account of a woman in the database who belongs to a circle."""
    person = person or factories.talent().user
    Membership.objects.create(circle=of, user=person, joined_at=NOW, **fields)
    return person


def topic(of=None, by=None, now=NOW, **fields):
    """Return a topic started by a member."""
    of = of or circle()
    by = by or member(of)
    fields = {"title": "高温老化的样品数", "body": "功率器件做 HTRB，样品数怎么定？"} | fields
    return operations.start_topic(circle=of, by=by, now=now, **fields)


def first(of):
    """Return the post that opens a topic."""
    return Post.objects.select_related("topic__circle", "author").get(topic=of, number=1)


def post(of=None, by=None, body="我们按 AEC-Q101 取 77 只。", now=NOW, **fields):
    """Return an answer by another member."""
    of = of or topic()
    by = by or member(of.circle)
    made = operations.reply(topic=of, body=body, by=by, now=now, **fields)
    return Post.objects.select_related("topic__circle", "author").get(pk=made.pk)


def moderator(*roles):
    """Return a colleague who looks after the department's circles."""
    return factories.staff(*(roles or ("department_clerk",)))


def hidden(of=None, by=None):
    """Return the Hiding of a post."""
    target = of or post()
    return operations.hide_post(post=target, reason="含他人电话号码", by=by or moderator(), now=NOW)


def appealed():
    """Return a Hiding whose author has appealed."""
    hiding = hidden()
    operations.appeal(hiding=hiding, text="号码是公开的办公电话", by=hiding.post.author, now=NOW)
    hiding.refresh_from_db()
    return hiding


def report(of=None):
    """Return a report of a post."""
    target = of or post()
    return operations.report_post(
        post=target, reason="privacy", note="", by=member(target.topic.circle), now=NOW
    )


def expert(**fields):
    """Return a woman who may be asked, listed as one to be consulted."""
    talent = factories.talent(**fields)
    factories.consent(talent.user, "talent_database")
    operations.save_preference(digest="weekly", may_be_asked=True, by=talent.user, now=NOW)
    return talent


def suspended(days=3):
    """Return the Sanction that keeps a member from writing."""
    return operations.sanction(
        post=post(), days=days, reason="多次发布广告", by=moderator(), now=NOW
    )


def contested(days=3):
    """Return the Sanction of a member who has appealed."""
    made = suspended(days)
    operations.appeal_suspension(sanction=made, text="没有发布广告", by=made.user, now=NOW)
    made.refresh_from_db()
    return made


def set_aside():
    """Return the Preference of a member whose digest failed too often."""
    person = member(circle())
    operations.save_preference(digest="daily", may_be_asked=False, by=person, now=NOW)
    Preference.objects.filter(user=person).update(sweep_failures=MOST_FAILURES)
    return Preference.objects.get(user=person)
