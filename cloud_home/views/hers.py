"""What is hers: what she wrote, what she was asked, what she chose; and the search."""

from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cloud_home import operations, rules, showing
from cloud_home.forms import PreferenceForm, SearchForm
from cloud_home.models import Ask, Hiding, Post, Preference, Sanction, Topic
from cloud_home.models.posts import NEWEST_FIRST
from cloud_home.views.inside import inside, press
from kernel import bigrams
from kernel.errors import DomainError

PAGE = 20


@inside
@require_safe
def my_posts(request):
    """Show what she wrote, what of it was hidden and why, and what staff told her."""
    user, now = request.user, timezone.now()
    standing = Prefetch("hidings", Hiding.objects.standing(), to_attr="standing_hidings")
    rows = Post.objects.filter(author=user, gone="").select_related("topic__circle")
    page = NEWEST_FIRST.page(rows.prefetch_related(standing), request.GET.get("after", ""), PAGE)
    topics = {post.topic_id for post in page.rows}
    readable = Topic.objects.visible_to(user).filter(pk__in=topics)
    context = {
        "posts": page.rows,
        "after": page.after,
        "readable": set(readable.values_list("pk", flat=True)),
        "now": now,
        "sanctions": Sanction.objects.filter(user=user).order_by("-pk")[:10],
        "suspended": rules.why_suspended(user, now),
    }
    return render(request, "cloud_home/my_posts.html", context)


@inside
@require_safe
def asked(request):
    """Show the questions that went to her."""
    rows = Ask.objects.put_to(request.user).select_related("topic__circle")
    page = NEWEST_FIRST.page(rows, request.GET.get("after", ""), PAGE)
    preference = Preference.objects.filter(user=request.user).first()
    context = {
        "asks": page.rows,
        "after": page.after,
        "may_be_asked": preference and preference.may_be_asked,
    }
    return render(request, "cloud_home/asked.html", context)


@inside
@require_POST
def decline(request, pk):
    """Let a question pass."""
    ask = get_object_or_404(Ask, pk=pk, user=request.user)
    done = _("好的，不用回答；提问的人看不到。")
    press(request, operations.decline_ask, done, ask=ask, now=timezone.now())
    return redirect("cloud_asked")


@inside
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request):
    """Show what she chose, take it changed."""
    preference = Preference.objects.filter(user=request.user).first() or Preference()
    start = {"digest": preference.digest, "may_be_asked": preference.may_be_asked}
    form = PreferenceForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_valid():
        try:
            operations.save_preference(by=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, _("已保存。"))
            return redirect("cloud_settings")
    status = 422 if form.errors else 200
    return render(request, "cloud_home/settings.html", {"form": form}, status=status)


@inside
@require_safe
def search(request):
    """Find posts she may read by words, the newest first."""
    query = " ".join(request.GET.get("q", "").replace("\0", "").split())[:100]
    rows = Post.objects.none()
    if bigrams.terms(query):
        rows = Post.objects.visible_to(request.user).readable().matching(query)
        rows = rows.with_authors().select_related("topic__circle")
    page = NEWEST_FIRST.page(rows, request.GET.get("after", ""), PAGE)
    context = {
        "form": SearchForm({"q": query}),
        "query": query,
        "hits": showing.hits(page.rows, query),
        "after": page.after,
    }
    return render(request, "cloud_home/search.html", context)
