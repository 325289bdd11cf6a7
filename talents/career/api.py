"""A partner unit confirms its own people in one table (scope talents:confirm)."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from kernel.api.view import WriteView
from talents.career import units

MOST = 500
# What an answer may bring along.
CORRECTED = {
    units.Answer.CORRECT: (),
    units.Answer.CHANGED: ("position", "professional_title"),
    units.Answer.LEFT: ("unit_name",),
}
VALUES = ("position", "professional_title", "unit_name")


class AnswerIn(serializers.Serializer):
    """What the unit says of one person."""

    code = serializers.CharField(max_length=12, help_text=_("人才编号"))
    answer = serializers.ChoiceField(
        choices=units.Answer.choices,
        help_text=_("correct 仍然准确；changed 有变化；left 已离开本单位"),
    )
    position = serializers.CharField(
        max_length=80, required=False, help_text=_("changed 时：现在的职务")
    )
    professional_title = serializers.CharField(
        max_length=60, required=False, help_text=_("changed 时：现在的职称")
    )
    unit_name = serializers.CharField(
        max_length=120, required=False, help_text=_("left 时：新单位，知道的话")
    )

    def validate(self, person):
        """Refuse values that do not belong to the answer: what is right has none to correct."""
        allowed = CORRECTED[person["answer"]]
        if wrong := [name for name in VALUES if name in person and name not in allowed]:
            sentence = _("changed 可以带 position、professional_title，left 可以带 unit_name。")
            raise serializers.ValidationError(dict.fromkeys(wrong, sentence))
        return person


class ConfirmationIn(serializers.Serializer):
    """The table: who, and whether what the unit reads of her still holds."""

    as_of = serializers.DateField(help_text=_("核对的日期，不晚于今天"))
    people = AnswerIn(many=True, min_length=1, max_length=MOST)

    def validate_people(self, people):
        """Refuse a person who is named twice: which answer would hold?"""
        if len({person["code"] for person in people}) < len(people):
            raise serializers.ValidationError(_("同一人才编号出现了两次。"))
        return people


class ConfirmationOut(serializers.Serializer):
    """What came of it."""

    confirmed = serializers.IntegerField(help_text=_("记为仍然准确的人数"))
    asked = serializers.IntegerField(help_text=_("将请本人核对的人数"))
    proposed = serializers.IntegerField(help_text=_("更正内容待工作人员核对的人数"))
    unknown = serializers.ListField(
        child=serializers.CharField(), help_text=_("不在本单位已授权人员中的编号")
    )


@extend_schema(tags=["talents"])
class Confirmation(WriteView):
    """Keep what a unit says of its people, once for each key."""

    summary = _("核对本单位人员")
    explanation = _(
        "一次提交一张表（最多 500 人）：每人的编号，以及您读到的资料是否仍然准确。"
        "仍然准确的，记下核对日期；有变化或已离开的，不改动档案，请本人核对，"
        "附带的职务、职称、新单位作为更正申请由工作人员新旧对照后决定。"
        "只处理现在仍同意向本单位提供资料的人员，其余编号原样列在 unknown 中。"
        "须带请求头 Idempotency-Key：网络中断后用同一个值重发，不会重复办理；同一个值换了内容会被拒绝。"
    )
    example = {"confirmed": 2, "asked": 1, "proposed": 1, "unknown": ["P3XN8CTD6V"]}
    required_scope = "talents:confirm"
    request_serializer_class = ConfirmationIn
    serializer_class = ConfirmationOut

    def write(self, request, values, key):
        """Carry the table out."""
        return units.confirm_people(
            unit_id=request.user.unit_id,
            answers={person["code"]: person["answer"] for person in values["people"]},
            values={
                person["code"]: said
                for person in values["people"]
                if (said := {name: person[name] for name in VALUES if name in person})
            },
            as_of=values["as_of"],
            key=key,
            now=timezone.now(),
        )
