"""What women say to each other in a closed circle: sought by everybody else, at every address there is."""

import secrets
from datetime import timedelta
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone

from cloud_home import operations
from cloud_home.models import Circle, Membership, Post, Preference
from tests import factories
from tests.walk import routes
from tools.attack import world
from tools.attack.browser import broken_down
from tools.attack.cases import Outcome, case

PDF = b"%PDF-1.7 "


class Talk:
    """A circle with a question, a file, an answer that was reported and one that was hidden; `word` stands in all."""

    def __init__(self, *, discreet):
        self.word = f"暖阁{secrets.token_hex(4)}"
        self.now = now = timezone.now()
        self.circle = Circle.objects.create(
            name=f"互助{secrets.token_hex(4)}",
            kind="association",
            about="只在成员之间说",
            department=factories.department(),
            discreet=discreet,
            created_at=now,
        )
        self.member, self.left = self.join(), self.join()
        about = {"by": self.member, "now": now}
        self.topic = operations.start_topic(
            circle=self.circle,
            title=f"{self.word}怎么办",
            body=f"**{self.word}**",
            attached=[(f"{self.word}.pdf", PDF + self.word.encode())],
            **about,
        )
        answer, other = (self.answer(about) for _ in range(2))
        reason = {"reason": f"写了{self.word}", "by": None, "now": now}
        operations.report_post(post=answer, reason="false", note=self.word, by=self.left, now=now)
        operations.appeal(
            hiding=operations.hide_post(post=other, **reason), text=f"{self.word}无妨", **about
        )
        operations.sanction(post=answer, days=0, **reason)
        operations.follow_topic(topic=self.topic, on=True, by=self.left, now=now)
        operations.leave_circle(circle=self.circle, by=self.left, now=now)
        self.posts = list(Post.objects.filter(topic=self.topic).order_by("pk"))
        self.file = self.posts[0].attachments.get()

    def join(self):
        """Return a woman who belongs to the circle and has chosen a daily digest."""
        her = world.woman().user
        Membership.objects.create(circle=self.circle, user=her, joined_at=self.now)
        choice = {"digest": "daily", "may_be_asked": False}
        operations.save_preference(by=her, now=self.now - timedelta(days=3), **choice)
        return her

    def answer(self, about):
        """Return an answer of hers."""
        post = operations.reply(topic=self.topic, body=f"还有{self.word}", **about)
        return Post.objects.select_related("topic__circle", "author").get(pk=post.pk)

    def says(self, answer, path):
        """Tell whether an answer holds what was said; a page that was asked for the word says that at least."""
        if "?" not in path:
            return self.word in answer.text
        return any(said in answer.text for said in (self.topic.title, f"{self.word}</mark>"))

    def addresses(self):
        """Return every address there is, with the codes and numbers of the circle and what hangs on it put in."""
        found = {
            f"{page}={quote(self.word)}"
            for page in ("/cloud/search/?q", "/admin/search/?s", "/admin/cloud_home/circle/?q")
        }
        cases = [self.posts[1].reports.get(), self.posts[2].hidings.get()]
        numbers = {*(post.pk for post in self.posts), self.file.pk, *(case.pk for case in cases)}
        for route in routes.routes().values():
            if "signout" in route or "logout" in route or "(" in route:
                continue
            code = self.topic.code if route.startswith("cloud/t/") else self.circle.code
            ours = route.startswith(("cloud/", "admin/cloud_home/"))
            for number in numbers if ours and "<" in route else [self.circle.pk]:
                said = routes.ARGUMENT.sub(
                    lambda m, code=code, pk=number: code if "code" in m[0] else str(pk), route
                )
                found.add(f"/{said}")
        return sorted(found)


def outsiders(talk):
    """Return who is not to read it: strangers, another woman, who left, who waits, staff of another department."""
    elsewhere = {"department_code": "trade_union"}
    return [
        None,
        world.woman().user,
        talk.left,
        world.woman(state="submitted").user,
        factories.staff("department_clerk", phone=world.phone(), **elsewhere),
        factories.staff("event_organiser", phone=world.phone(), **elsewhere),
    ]


def read_everywhere(port, talk, readers):
    """Ask for every address as each reader, after the digests went out; return (asked, addresses that said the word, faults)."""
    morning = talk.now + timedelta(days=2)
    for preference in Preference.objects.filter(user__in=[user.pk for user in readers if user]):
        operations.send_digest(preference=preference, now=morning)
    told, answers = [], []
    for user in readers:
        browser = world.browser(port, user)
        for path in talk.addresses():
            answer = browser.get(path, headers={"Accept-Encoding": "identity"})
            answers.append(answer)
            if talk.says(answer, path):
                told.append(path)
        words = {"body": "我也说", "text": "我也说两句", "reason": "没有理由", "on": "1"}
        for name in ("reply", "follow_topic"):
            path = reverse(name, args=[talk.topic.code])
            answers.append(browser.post(path, words))
    return len(answers), told, broken_down(answers)


@case
def closed_circles_everywhere(attack):
    """Read what is said in a closed circle, or write there: every address, as all who do not belong to it."""
    talk = Talk(discreet=True)
    tried, told, faults = read_everywhere(attack.port, talk, outsiders(talk))
    written = talk.topic.all_posts.count() - len(talk.posts)
    return Outcome(
        tried,
        bool(told) or written > 0 or faults > 0,
        f"read at {len(told)} addresses {told[:3] or ''}, {written} written, {faults} faults",
    )


@closed_circles_everywhere.control
def _(attack):
    talk = Talk(discreet=False)
    asked, told, _faults = read_everywhere(attack.port, talk, [world.woman().user])
    return Outcome(asked, len(told) > 5, f"an open one is read at {len(told)}")
