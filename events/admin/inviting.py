"""The pages of one event where its organiser asks people to come."""

from functools import partial

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import operations, rules
from events.admin.event_pages import facts
from events.forms import BookForForm, InviteForm, UnitPeopleForm, WithdrawInvitationForm
from kernel.admin.decision import decide
from kernel.errors import Invalid
from kernel.words import listed


def _invited(talents):
    words = ngettext("已邀请 %(n)s 人。", "已邀请 %(n)s 人。", len(talents))
    return words % {"n": len(talents)}


def _book_for(event, *, code, exempt, by, now):
    talent, *more = operations.find_talents(code)
    if more:
        raise Invalid("one_only", _("一次只能为一人报名，请只填一个人才编号。"), field="code")
    return operations.book(event=event, talent=talent, by=by, now=now, exempt=exempt)


def _booked_for(booking):
    if booking.is_waitlisted:
        return _("席位已满，她进入候补。")
    return _("已为她报名。")


def _named(answer):
    """Say how many were asked, and who could not be."""
    n = answer["asked"]
    words = ngettext("已请 %(n)s 人由本人确认。", "已请 %(n)s 人由本人确认。", n) % {"n": n}
    if codes := answer["not_for"]:
        words += _("不符合活动条件、没有询问：%(codes)s。") % {"codes": listed(codes)}
    if codes := answer["no_account"]:
        words += _("还没有登录账号、无法确认，请“代为报名”：%(codes)s。") % {"codes": listed(codes)}
    return words


class InvitingPages:
    """Who is asked to come, or booked for."""

    def invite(self, request, pk):
        """Invite women by their record codes."""
        event = self.get_or_404(request, pk)
        return decide(
            self,
            request,
            title=_("邀请参加"),
            why_not=rules.why_not_invite(event, request.user, timezone.now()),
            facts=facts(event),
            outcome=_("受邀的人会收到通知，并能看到和报名这场活动；草稿在发布时一并通知。"),
            submit=_("发出邀请"),
            form_class=InviteForm,
            operation=partial(operations.invite, event=event),
            done=_invited,
            back=self.address("change", event.pk),
        )

    def name_for_unit(self, request, pk):
        """Ask a unit's people whether they come, for a contact who has no interface of her own."""
        event = self.get_or_404(request, pk)
        return decide(
            self,
            request,
            title=_("单位推荐"),
            why_not=rules.why_not_name_for_unit(event, request.user, timezone.now()),
            facts=facts(event),
            outcome=_(
                "每人会收到通知，由本人在期限内确认；有空席时先为她保留一席（先用本单位的保留席位），没有空席时请她自行候补。"
                "每人每场只问一次，是否参加不告诉单位。"
            ),
            submit=_("请她们确认"),
            form_class=UnitPeopleForm,
            operation=partial(operations.name_for_unit, event=event),
            done=_named,
            back=self.address("change", event.pk),
        )

    def withdraw_invitation(self, request, pk, number):
        """Take an invitation back, and say why."""
        event = self.get_or_404(request, pk)
        invitations = event.invitations.select_related("talent", "event")
        why_not = rules.why_not_invite(event, request.user, timezone.now())
        if why_not is None:
            invitation = get_object_or_404(invitations, pk=number)
            name = [(_("姓名"), invitation.talent.full_name)]
        else:
            invitation, name = None, []
        return decide(
            self,
            request,
            title=_("收回邀请"),
            why_not=why_not,
            facts=[*name, *facts(event)],
            outcome=_("她不再看到这场活动；已经报名的仍然有效，需要时另行取消。"),
            submit=_("收回邀请"),
            danger=True,
            form_class=WithdrawInvitationForm,
            operation=partial(operations.withdraw_invitation, invitation=invitation),
            done=_("已收回邀请。"),
            back=self.address("change", event.pk),
        )

    def book_for(self, request, pk):
        """Book for a woman beside the rules of who may come, with a reason that is kept."""
        event = self.get_or_404(request, pk)
        refused = rules.why_not_see_names(event, request.user, "events.change_booking")
        return decide(
            self,
            request,
            title=_("代为报名"),
            why_not=refused or rules.why_not_message(event, timezone.now()),
            facts=facts(event),
            outcome=_("不受邀请、条件和报名时间限制，但席位已满时同样进入候补。她会马上收到通知。"),
            submit=_("报名"),
            form_class=BookForForm,
            operation=partial(_book_for, event),
            done=_booked_for,
            back=self.address("change", event.pk),
        )
