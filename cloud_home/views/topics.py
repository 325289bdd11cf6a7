"""Topics: read, started, answered, followed, closed; files of posts."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cloud_home import files, mentions, operations, rules, showing
from cloud_home.forms import PostForm, QuestionForm, TopicForm, WhyForm, new_key
from cloud_home.models import Attachment, Circle, Follow, Post, Topic
from cloud_home.models.posts import IN_ORDER
from cloud_home.operations.posts import tidy
from cloud_home.views.circles import seen as seen_circle
from cloud_home.views.inside import ask, inside, press
from kernel import markdown
from kernel.downloads import download
from kernel.errors import DomainError
from kernel.rights import may

PAGE = 30
MOST_TICKED = 20


def seen(request, code):
    """Return the topic if the reader may read it; 404 otherwise."""
    rows = Topic.objects.visible_to(request.user).with_authors()
    return get_object_or_404(rows.select_related("circle__event", "circle__department"), code=code)


def seen_post(request, pk):
    """Return the post if the reader may read its topic; 404 otherwise."""
    rows = Post.objects.visible_to(request.user).with_authors()
    rows = rows.select_related("topic__circle__event", "topic__circle__department")
    return get_object_or_404(rows, pk=pk)


@inside
@require_safe
def topic(request, code):
    """Show a topic from its beginning, thirty posts to a page, with the form to answer below."""
    found = seen(request, code)
    quoted = _quoted(request.GET.get("quote"), found)
    form = PostForm(initial={"key": new_key()})
    return _topic_page(request, found, form, quoted=quoted)


def _quoted(number, found):
    """Return the post of a topic that stands in the place `number` (typed), None for none."""
    if not (number or "").isdecimal() or len(number) > 9:
        return None
    rows = Post.objects.with_authors().filter(topic=found, number=int(number))
    return rows.readable().first()


def _topic_page(request, found, form, *, quoted=None, status=200, **more):
    user, now = request.user, timezone.now()
    rows = showing.readable_rows(Post.objects.filter(topic=found))
    page = IN_ORDER.page(rows, request.GET.get("after", ""), PAGE)
    manages = found.circle.is_managed_by(user)
    context = {
        "topic": found,
        "posts": showing.posts(page.rows, topic=found, user=user, at=now),
        "after": page.after,
        "form": form,
        "quoting": showing.quoted_of(quoted),
        "why_not_reply": rules.why_not_reply(found, user, now),
        "follows": Follow.objects.filter(topic=found, user=user).exists(),
        "may_close": rules.why_not_close_topic(found, user) is None,
        "may_reopen": found.is_closed and rules.may_moderate(found.circle, user),
        "asked": found.asks.count() if found.is_question else 0,
        "judges": manages and may(user, "cloud_home.moderate_circle"),
    }
    return render(request, "cloud_home/topic.html", context | more, status=status)


def _looking(request):
    """Tell whether a form was sent to look at something first: how it reads, or whom to name."""
    return "preview" in request.POST or "find" in request.POST


def _offered(request, circle):
    """Return the memberships the form offers to tick: those ticked, and those found by what was typed."""
    ticked = [pk for pk in request.POST.getlist("mentions") if pk.isdecimal() and len(pk) < 18]
    pool = mentions.members(circle, but=request.user)
    kept = list(pool.filter(pk__in=ticked[:MOST_TICKED])) if ticked else []
    hits = mentions.found(circle, request.POST.get("name", ""), but=request.user)
    return kept + [m for m in hits if m.pk not in {k.pk for k in kept}]


def _look(request):
    """Return what the page shows besides the form: how the words will read, what was typed to find members."""
    body = tidy(request.POST.get("body", ""))[: rules.BODY_MOST]
    preview = markdown.html(body) if "preview" in request.POST else None
    name = request.POST.get("name", "")
    return {"preview": preview, "name": name, "lost_files": bool(request.FILES)}


def _still_typed(request, form_class, **more):
    """Return the form with what was typed and without errors, for a look at it."""
    form = form_class(request.POST, **more)
    form.is_valid()
    form.errors.clear()
    return form


@inside
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request, code):
    """Take an answer; read alone, the address leads to its topic."""
    found = seen(request, code)
    if request.method != "POST":
        return redirect(found)
    quoted = _quoted(request.POST.get("quote"), found)
    # Who belongs to a circle is shown to who writes in it: in the thread of an event that is who comes.
    writes = rules.why_not_reply(found, request.user, timezone.now()) is None
    offered = _offered(request, found.circle) if writes else []
    if _looking(request):
        form = _still_typed(request, PostForm, offered=offered)
        return _topic_page(request, found, form, quoted=quoted, **_look(request))
    form = PostForm(request.POST, request.FILES, offered=offered)
    if form.is_valid():
        try:
            post = operations.reply(
                topic=found, quoted=quoted, by=request.user, now=timezone.now(), **form.written()
            )
        except DomainError as error:
            error.add_to(form)
        else:
            return redirect(post)
    return _topic_page(request, found, form, quoted=quoted, status=422)


@inside
@require_http_methods(["GET", "HEAD", "POST"])
def new_topic(request, code):
    """Ask for a topic and start it."""
    circle = seen_circle(request, code)
    why_not = rules.why_not_write(circle, request.user, timezone.now())
    if request.method != "POST":
        form = TopicForm(initial={"key": new_key()})
        return _new_topic_page(request, circle, form, why_not)
    offered = _offered(request, circle) if why_not is None else []
    if _looking(request):
        form = _still_typed(request, TopicForm, offered=offered)
        return _new_topic_page(request, circle, form, why_not, **_look(request))
    form = TopicForm(request.POST, request.FILES, offered=offered)
    if form.is_valid():
        try:
            started = operations.start_topic(
                circle=circle, by=request.user, now=timezone.now(), **form.written()
            )
        except DomainError as error:
            error.add_to(form)
        else:
            return redirect(started)
    return _new_topic_page(request, circle, form, why_not, status=422)


def _new_topic_page(request, circle, form, why_not, status=200, **more):
    context = {"circle": circle, "form": form, "why_not": why_not} | more
    return render(request, "cloud_home/new_topic.html", context, status=status)


@inside
@require_http_methods(["GET", "HEAD", "POST"])
def new_question(request):
    """Ask for a question, and whom it should go to."""
    circles = Circle.objects.readable_by(request.user).standing().order_by("name")
    circles = circles.filter(discreet=False, event=None, memberships__user=request.user)
    if request.method != "POST":
        initial = {"key": new_key(), "circle": request.GET.get("circle", "")[:12]}
        form = QuestionForm(circles=circles, initial=initial)
        return _question_page(request, form, circles)
    chosen = _chosen(request, circles)
    more = {"circles": circles, "offered": _offered(request, chosen) if chosen else []}
    if _looking(request):
        form = _still_typed(request, QuestionForm, **more)
        return _question_page(request, form, circles, chosen=chosen, **_look(request))
    form = QuestionForm(request.POST, request.FILES, **more)
    if form.is_valid():
        try:
            topic = operations.ask_experts(by=request.user, now=timezone.now(), **form.written())
        except DomainError as error:
            error.add_to(form)
        else:
            return redirect(topic)
    return _question_page(request, form, circles, chosen=chosen, status=422)


def _chosen(request, circles):
    """Return the Circle the form names, None for none of those it offers."""
    pk = request.POST.get("circle", "")
    return circles.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 18 else None


def _question_page(request, form, circles, status=200, **more):
    context = {"form": form, "has_circles": circles.exists()} | more
    return render(request, "cloud_home/new_question.html", context, status=status)


@inside
@require_POST
def follow(request, code):
    """Hear of a topic's answers, or not."""
    found, on = seen(request, code), request.POST.get("on") == "1"
    done = _("新回复会写进摘要。") if on else _("新回复不再写进摘要。")
    press(request, operations.follow_topic, done, topic=found, on=on, now=timezone.now())
    return redirect(found)


@inside
@require_http_methods(["GET", "HEAD", "POST"])
def close(request, code):
    """Ask why a topic is closed, then close it."""
    found = seen(request, code)
    return ask(
        request,
        form_class=WhyForm,
        operation=partial(operations.close_topic, topic=found),
        why_not=rules.why_not_close_topic(found, request.user),
        back=lambda result: found.get_absolute_url(),
        done=_("话题已关闭。"),
        title=_("关闭话题"),
        submit=_("关闭话题"),
        outcome=_("关闭后大家仍可阅读，不能再回复；圈主和工作人员可以重新打开。"),
        about=found.title,
    )


@inside
@require_POST
def reopen(request, code):
    """Let a topic be answered again."""
    found = seen(request, code)
    press(request, operations.reopen_topic, _("话题已重新打开。"), topic=found, now=timezone.now())
    return redirect(found)


@inside
@require_safe
def post(request, pk):
    """Lead to a post, on whichever page of its topic it stands."""
    found = seen_post(request, pk)
    before = (found.number - 1) // PAGE * PAGE
    query = f"?after={IN_ORDER.cursor([before])}" if before else ""
    return redirect(f"{found.topic.get_absolute_url()}{query}#p{found.number}")


@inside
@require_safe
def attachment(request, pk):
    """Hand out a file of a post to who may read the post."""
    rows = Attachment.objects.filter(post__in=Post.objects.visible_to(request.user))
    found = get_object_or_404(rows.select_related("post__topic__circle"), pk=pk)
    post, user = found.post, request.user
    hers = post.author_id == user.pk or rules.may_moderate(post.topic.circle, user)
    if not (post.has_words or (hers and not post.gone)):
        raise Http404
    return download(files.read(found), found.file_name)
