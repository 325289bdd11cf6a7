"""What is done with one post: edited, deleted, thanked for, reported, hidden, appealed."""

from functools import partial

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cloud_home import operations, rules, showing
from cloud_home.forms import AppealForm, EditFirstForm, EditForm, ReportForm, SanctionForm, WhyForm
from cloud_home.models import Hiding, Post, Sanction
from cloud_home.views.inside import ask, inside, press
from cloud_home.views.topics import seen_post

ASKED = require_http_methods(["GET", "HEAD", "POST"])


def _ask(request, found, operation, why_not, **page):
    """Ask before something is done with a post, whose words stand above the form; then lead back to it."""
    where = found.get_absolute_url()
    page = {"post": showing.quoted_of(found), "back": lambda result: where} | page
    operation = partial(operation, post=found)
    return ask(request, operation=operation, why_not=why_not, **page)


@inside
@ASKED
def edit(request, pk):
    """Show her words, take them changed."""
    found = seen_post(request, pk)
    first = found.opens
    words = {"body": found.body} | ({"title": found.topic.title} if first else {})
    return _ask(
        request,
        found,
        operations.edit_post,
        rules.why_not_edit(found, request.user, timezone.now()),
        form_class=EditFirstForm if first else EditForm,
        initial=words,
        post=None,
        done=_("已修改。"),
        title=_("修改发言"),
        submit=_("保存"),
        outcome=_("发表后 24 小时内可以修改，会注明“已编辑”，原来的内容保留在修改记录里。"),
    )


@inside
@ASKED
def delete(request, pk):
    """Ask before her words are deleted."""
    # Also where she reads no more what others write: a discreet circle she has left.
    rows = Post.objects.filter(author=request.user).with_authors().select_related("topic__circle")
    found = get_object_or_404(rows, pk=pk)
    reads = rules.why_not_see_topic(found.topic, request.user) is None
    where = found.get_absolute_url() if reads else reverse("my_posts")
    return _ask(
        request,
        found,
        operations.delete_post,
        rules.why_not_delete(found, request.user),
        form_class=forms.Form,
        done=_("已删除。"),
        title=_("删除发言"),
        submit=_("删除"),
        danger=True,
        outcome=_(
            "文字、附件和修改记录都会删除，不能恢复；位置保留为“作者已删除”，别人的回复不受影响。"
        ),
        back=lambda result: where,
    )


@inside
@require_safe
def history(request, pk):
    """Show how a post stood before it was edited, to whoever may read it."""
    found = seen_post(request, pk)
    if not found.has_words:
        raise Http404
    versions = found.versions.order_by("-pk")[:50]
    context = {"post": found, "versions": versions, "shown": showing.quoted_of(found)}
    return render(request, "cloud_home/history.html", context)


@inside
@require_POST
def thank(request, pk):
    """Thank for a post, or take it back."""
    found, on = seen_post(request, pk), request.POST.get("on") == "1"
    press(request, operations.thank, "", post=found, on=on, now=timezone.now())
    return redirect(found)


@inside
@ASKED
def report(request, pk):
    """Ask what is wrong with a post, and tell staff."""
    found = seen_post(request, pk)
    return _ask(
        request,
        found,
        operations.report_post,
        rules.why_not_report(found, request.user, timezone.now()),
        form_class=ReportForm,
        done=_("已收到举报，处理结果会通知您。"),
        title=_("举报发言"),
        submit=_("提交举报"),
        outcome=_("由工作人员处理，作者不会知道是谁举报的。"),
    )


@inside
@ASKED
def hide(request, pk):
    """Ask why a post is hidden, then hide it."""
    found = seen_post(request, pk)
    return _ask(
        request,
        found,
        operations.hide_post,
        rules.why_not_hide(found, request.user),
        form_class=WhyForm,
        done=_("已隐藏，已告知作者。"),
        title=_("隐藏发言"),
        submit=_("隐藏"),
        danger=True,
        outcome=_("大家看不到这条发言，作者会收到原因，可以申诉一次。"),
    )


@inside
@ASKED
def unhide(request, pk):
    """Ask why a hidden post is shown again, then show it."""
    found = seen_post(request, pk)
    hiding = get_object_or_404(
        Hiding.objects.standing().select_related("post__topic__circle"), post=found
    )
    return ask(
        request,
        form_class=WhyForm,
        operation=partial(operations.unhide_post, hiding=hiding),
        why_not=rules.why_not_unhide(hiding, request.user),
        done=_("已恢复显示，已告知作者。"),
        title=_("恢复显示"),
        submit=_("恢复显示"),
        outcome=_("大家又能看到这条发言。"),
        back=lambda result: found.get_absolute_url(),
        post=showing.quoted_of(found),
    )


@inside
@ASKED
def sanction(request, pk):
    """Ask whether its author is warned, or for how long she writes nothing, and why."""
    found = seen_post(request, pk)
    return _ask(
        request,
        found,
        operations.sanction,
        rules.why_not_sanction(found, request.user),
        form_class=SanctionForm,
        done=_("已办理，已告知她本人。"),
        title=_("提醒或停止发言"),
        submit=_("确定"),
        danger=True,
        outcome=_("停止发言期间她仍可阅读；可以在后台提前解除。"),
    )


@inside
@ASKED
def appeal(request, pk):
    """Ask why a hidden post should be shown; its author alone finds the page."""
    rows = Hiding.objects.standing().filter(post__author=request.user)
    hiding = get_object_or_404(rows.select_related("post__topic__circle"), post=pk)
    return ask(
        request,
        form_class=AppealForm,
        operation=partial(operations.appeal, hiding=hiding),
        why_not=rules.why_not_appeal(hiding, request.user),
        back=lambda result: reverse("my_posts"),
        done=_("申诉已提交，答复会通知您。"),
        title=_("申诉"),
        submit=_("提交申诉"),
        outcome=_("隐藏原因：%(reason)s") % {"reason": hiding.reason},
        post=None,
        about=hiding.post.excerpt,
    )


@inside
@ASKED
def appeal_suspension(request, pk):
    """Ask why a suspension should end; whom it keeps from writing alone finds the page."""
    now = timezone.now()
    rows = Sanction.objects.filter(user=request.user).suspending(now)
    found = get_object_or_404(rows.select_related("post__topic__circle"), pk=pk)
    return ask(
        request,
        form_class=AppealForm,
        operation=partial(operations.appeal_suspension, sanction=found),
        why_not=rules.why_not_appeal_suspension(found, request.user, now),
        back=lambda result: reverse("my_posts"),
        done=_("申诉已提交，答复会通知您。"),
        title=_("申诉"),
        submit=_("提交申诉"),
        outcome=_("停止发言的原因：%(reason)s") % {"reason": found.reason},
        about=found.post.excerpt,
    )
