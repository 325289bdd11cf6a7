"""One call of every operation, for tests/test_rights.py."""

from cloud_home import operations
from cloud_home.models import Membership
from tests import factories
from tests.cloud_home import make
from tests.rights import call


def clerk(given=None):
    """Return a colleague who looks after the circles."""
    return factories.staff("department_clerk")


def _author(given):
    return given["post"].author


def _member(given):
    return make.member(given["topic"].circle if "topic" in given else given["circle"])


def _asked():
    expert = make.expert(discipline="510")
    circle = make.circle()
    make.member(circle)
    topic = operations.ask_experts(
        circle=circle,
        title="样品数怎么定",
        body="求教",
        discipline="510",
        words="",
        by=make.member(circle),
        now=factories.NOW,
    )
    return topic.asks.get(user=expert.user)


def _named():
    circle = make.circle()
    make.member(circle, is_moderator=True)
    return Membership.objects.select_related("circle").get(circle=circle)


OWN = ("another woman",)  # she may do so herself

CALLS = (
    call(
        operations.add_circle,
        lambda: {
            "fields": {
                "name": "新材料圈",
                "kind": "field",
                "about": "材料同行",
                "department": factories.department(),
            }
        },
        insider=clerk,
    ),
    call(
        operations.edit_circle,
        lambda: {"circle": make.circle(), "changes": {"about": "换一个说法"}},
        insider=clerk,
    ),
    call(
        operations.close_circle,
        lambda: {"circle": make.circle(), "reason": "并入另一圈子"},
        insider=clerk,
    ),
    call(
        operations.reopen_circle,
        lambda: {"circle": make.circle(closed_at=factories.NOW, close_reason="并入另一圈子")},
        insider=clerk,
    ),
    call(
        operations.open_event_circle,
        lambda: {"event": factories.event()},
        insider=clerk,
    ),
    call(
        operations.join_circle,
        lambda: {"circle": make.circle()},
        insider=lambda given: factories.talent().user,
        open_to=OWN,
    ),
    call(
        operations.leave_circle,
        lambda: {"circle": make.circle()},
        insider=_member,
        open_to=("another woman", "staff elsewhere"),
    ),
    call(
        operations.follow_circle,
        lambda: {"circle": make.circle(), "on": True},
        insider=_member,
        open_to=("another woman", "staff elsewhere"),
    ),
    call(
        operations.name_moderator,
        lambda: {"circle": make.circle(), "code": factories.talent().code},
        insider=clerk,
    ),
    call(operations.remove_moderator, lambda: {"membership": _named()}, insider=clerk),
    call(
        operations.start_topic,
        lambda: {"circle": make.circle(), "title": "样品数", "body": "怎么定？"},
        insider=_member,
    ),
    call(
        operations.reply,
        lambda: {"topic": make.topic(), "body": "按标准取"},
        insider=_member,
    ),
    call(
        operations.edit_post,
        lambda: {"post": make.post(), "body": "改一句"},
        insider=_author,
        others={"another member": lambda: make.member(make.circle())},
    ),
    call(operations.delete_post, lambda: {"post": make.post()}, insider=_author),
    call(
        operations.thank,
        lambda: {"post": make.post(), "on": True},
        insider=lambda given: factories.talent().user,
        open_to=OWN,
    ),
    call(
        operations.follow_topic,
        lambda: {"topic": make.topic(), "on": True},
        insider=_member,
        open_to=OWN,
    ),
    call(
        operations.report_post,
        lambda: {"post": make.post(), "reason": "abuse", "note": ""},
        insider=lambda given: factories.talent().user,
        open_to=OWN,
    ),
    call(
        operations.uphold_report,
        lambda: {"report": make.report(), "reason": "含他人电话号码"},
        insider=clerk,
    ),
    call(
        operations.dismiss_report,
        lambda: {"report": make.report(), "reason": "只是不同意见"},
        insider=clerk,
    ),
    call(
        operations.hide_post,
        lambda: {"post": make.post(), "reason": "含他人电话号码"},
        insider=clerk,
    ),
    call(
        operations.unhide_post,
        lambda: {"hiding": make.hidden(), "reason": "隐藏有误"},
        insider=clerk,
    ),
    call(
        operations.appeal,
        lambda: {"hiding": make.hidden(), "text": "号码是公开的"},
        insider=lambda given: given["hiding"].post.author,
        others={"a colleague": clerk},
    ),
    call(
        operations.grant_appeal,
        lambda: {"hiding": make.appealed(), "reason": "确为办公电话"},
        insider=clerk,
    ),
    call(
        operations.refuse_appeal,
        lambda: {"hiding": make.appealed(), "reason": "仍是个人号码"},
        insider=clerk,
    ),
    call(
        operations.close_topic,
        lambda: {"topic": make.topic(), "reason": "已有答案"},
        insider=clerk,
    ),
    call(
        operations.reopen_topic,
        lambda: {
            "topic": operations.close_topic(
                topic=make.topic(), reason="已有答案", by=None, now=factories.NOW
            )
        },
        insider=clerk,
    ),
    call(
        operations.sanction,
        lambda: {"post": make.post(), "days": 3, "reason": "多次发布广告"},
        insider=clerk,
    ),
    call(
        operations.lift_suspension,
        lambda: {"sanction": make.suspended(), "reason": "已经改正"},
        insider=clerk,
    ),
    call(
        operations.appeal_suspension,
        lambda: {"sanction": make.suspended(), "text": "没有发布广告"},
        insider=lambda given: given["sanction"].user,
        others={"a colleague": clerk},
    ),
    call(
        operations.grant_suspension_appeal,
        lambda: {"sanction": make.contested(), "reason": "确实不是广告"},
        insider=clerk,
    ),
    call(
        operations.refuse_suspension_appeal,
        lambda: {"sanction": make.contested(), "reason": "仍然算是广告"},
        insider=clerk,
    ),
    call(
        operations.try_again,
        lambda: {"row": make.set_aside()},
        insider=lambda given: factories.staff("administrator"),
    ),
    call(
        operations.ask_experts,
        lambda: {
            "circle": make.circle(),
            "title": "样品数",
            "body": "怎么定？",
            "discipline": "510",
            "words": "",
        },
        insider=_member,
    ),
    call(
        operations.decline_ask,
        lambda: {"ask": _asked()},
        insider=lambda given: given["ask"].user,
        others={"a colleague": clerk},
    ),
    call(
        operations.save_preference,
        lambda: {"digest": "daily", "may_be_asked": True},
        insider=lambda given: factories.talent().user,
        open_to=("another woman", "staff elsewhere"),
    ),
)
