"""Asking experts, and the digest: who agreed to be asked, whom a question goes to, what is new for each."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from cloud_home import letters, rules
from cloud_home.models import (
    Ask,
    Circle,
    Digest,
    Follow,
    Membership,
    Post,
    Preference,
    Sanction,
    Topic,
)
from cloud_home.operations.circles import preference_of
from cloud_home.operations.posts import begin
from kernel import rights
from kernel.errors import Conflict, Invalid
from notices.operations import Letter, page_link, queue_all
from privacy import audit
from talents.codes import Discipline
from talents.models import Talent
from talents.operations.records import lock_account

MOST_ASKED = 5
# Nobody is asked more often than this, whatever she knows.
REST, MOST_IN_REST = timedelta(days=30), 3
TITLES = 3


def experts(*, discipline, words, asker, now):
    """Return up to five Talents a question goes to: who agreed, fits by discipline and by what she works on, was asked least.

    `discipline` is a code of GB/T 13745 or "", `words` what it is about; who fits both stands before who fits one.
    """
    fitting = Talent.objects.none()
    by_words = Talent.objects.matching(words) if words.strip() else Talent.objects.none()
    of_words, of_field = Q(pk__in=by_words.values("pk")), Q(discipline=discipline)
    if not words.strip() and not discipline:
        return fitting
    wanted = (of_words if words.strip() else Q(pk__in=[])) | (
        of_field if discipline else Q(pk__in=[])
    )
    resting = Ask.objects.filter(asked_at__gt=now - REST).values("user").annotate(n=Count("pk"))
    suspended = Sanction.objects.suspending(now).values("user")
    people = (
        Talent.objects.listed(timezone.localdate(now))
        .filter(wanted, user__is_active=True, user__cloud_home__may_be_asked=True)
        .exclude(user=asker)
        .exclude(user__in=resting.filter(n__gte=MOST_IN_REST).values("user"))
        .exclude(user__in=suspended)
    )
    both = Case(
        When(of_words & of_field, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    counted = people.annotate(fit=both, asked=Count("user__asks", distinct=True))
    return counted.select_related("user").order_by("fit", "asked", "pk")[:MOST_ASKED]


@transaction.atomic
def ask_experts(
    *, circle, title, body, discipline, words, by, now, attached=(), mentioned=(), key=None
):
    """Start a question in a circle and take it to those who may know, each told once. Returns the Topic.

    Arguments as of `start_topic`; `discipline` and `words` say whom it is for, as in `experts`.

    Raises what `start_topic` raises, Invalid without a discipline or words, Conflict for too many questions in a week.
    """
    if error := rules.why_not_ask(circle, by, now):
        raise error
    words = " ".join((words or "").split())[:60]
    if discipline and discipline not in Discipline.values:
        raise Invalid("discipline_unknown", _("请在列表里选择学科。"), field="discipline")
    if not discipline and not words:
        sentence = _("请选择学科或写下研究方向，才知道向谁请教。")
        raise Invalid("nobody_meant", sentence, field="discipline")
    topic = begin(
        circle,
        title,
        body,
        by,
        now,
        kind="question",
        attached=attached,
        mentioned=mentioned,
        key=key,
        why_not=rules.why_too_many_questions,
    )
    if topic.asks.exists():  # the same form came twice
        return topic
    _ask(topic, experts(discipline=discipline, words=words, asker=by, now=now), now)
    audit.record("cloud_home.ask_experts", topic, by=by, at=now, asked=topic.asks.count())
    return topic


def _ask(topic, talents, now):
    post = topic.all_posts.select_related("topic__circle").get(number=1)
    for talent in talents:
        ask = Ask.objects.create(topic=topic, user=talent.user, asked_at=now)
        letters.send([letters.asked(ask, post, now)], now)


@transaction.atomic
def decline_ask(*, ask, by, now):
    """Let a question pass; who asked does not learn it. Twice does nothing twice. Returns the Ask. Raises Refused, Conflict."""
    if error := rules.why_not_decline(ask, by):
        raise error
    open_ask = Ask.objects.filter(pk=ask.pk, answered_at=None, declined_at=None)
    if open_ask.update(declined_at=now):
        audit.record("cloud_home.decline_ask", ask, by=by, at=now)
    ask.refresh_from_db()
    return ask


@transaction.atomic
def save_preference(*, digest, may_be_asked, by, now):
    """Keep how `by` hears of what is new, and whether colleagues may ask her. Returns the Preference.

    Raises Refused where she may not come in, Invalid for a rhythm there is not.
    """
    if error := rules.why_not_enter(by):
        raise error
    if digest not in Digest.values:
        raise Invalid("digest_unknown", _("请选择多久收一次摘要。"), field="digest")
    lock_account(by.pk)
    preference = preference_of(by, now)
    if (preference.digest, preference.may_be_asked) == (digest, may_be_asked):
        return preference
    if preference.digest == Digest.NEVER:
        preference.told_up_to = now  # what came meanwhile she did not want to hear of
    preference.digest, preference.may_be_asked = digest, may_be_asked
    preference.next_at, preference.sweep_failures = preference.following(now), 0
    preference.save()
    audit.record("cloud_home.save_preference", preference, by=by, at=now)
    return preference


@transaction.atomic
def try_again(*, row, by, now):
    """Let the clock take up a Preference again whose digest it failed at too often.

    Raises Refused, Conflict("not_set_aside") where it is in the sweeps already.
    """
    rights.require(by, "cloud_home.change_preference")
    if not Preference.objects.filter(pk=row.pk).try_again():
        raise Conflict("not_set_aside", _("这一条没有被搁置，不用重试。"))
    audit.record("cloud_home.try_again", row, by=by, at=now)


@transaction.atomic
def send_digest(*, preference, now):
    """Tell one woman what is new in what she follows, once for each time it is due; nothing new, nothing told."""
    due = Preference.objects.due(now).select_for_update(of=("self",), skip_locked=True)
    preference = due.select_related("user").filter(pk=preference.pk).first()
    if preference is None:
        return
    since, day = preference.told_up_to, timezone.localdate(preference.next_at)
    preference.told_up_to, preference.next_at = now, preference.following(now)
    preference.save(update_fields=["told_up_to", "next_at"])
    if not preference.user.is_active or rules.why_not_enter(preference.user):
        return
    if letter := digest_letter(preference.user, since, now, day):
        queue_all([letter], at=now)


def digest_letter(user, since, now, day):
    """Return the Letter of what is new for somebody between two moments, None where nothing is."""
    topics = Topic.objects.visible_to(user).listed().filter(hidden_at=None)
    followed = Membership.objects.filter(user=user, follows=True).values("circle")
    new = topics.filter(circle__in=followed, started_at__gt=since, started_at__lte=now)
    new = new.exclude(author=user)
    answers = Post.objects.readable().filter(
        number__gt=1,
        topic__in=topics.filter(pk__in=Follow.objects.filter(user=user).values("topic")),
        written_at__gt=since,
        written_at__lte=now,
    )
    answers = answers.exclude(author=user)
    counts = {"topics": new.count(), "replies": answers.count()}
    if not any(counts.values()):
        return None
    about = topics.filter(Q(pk__in=new.values("pk")) | Q(pk__in=answers.values("topic")))
    about = about.select_related("circle")
    named = [topic for topic in about.order_by("-last_at", "-pk")[: TITLES + 1] if topic.title]
    titles = "".join(f"《{topic.title}》" for topic in named[:TITLES])
    return Letter(
        "cloud_home.digest",
        user,
        f"{user.pk}:{day}",
        {
            "news": letters.news(counts),
            "titles": titles + "……" * (len(named) > TITLES),
        },
        link=page_link("cloud_home"),
        discreet=about.filter(circle__in=Circle.objects.filter(discreet=True)).exists(),
    )
