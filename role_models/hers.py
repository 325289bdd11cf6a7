"""Her stories: she reads the draft on her phone, agrees, wishes changes, chooses photos, withdraws."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kernel.access import signed_in
from kernel.errors import DomainError
from role_models import operations, seen
from role_models.forms import AnswerForm, PhotosForm
from role_models.models import Story, StoryVersion, VersionState


@signed_in
@never_cache
@require_safe
def my_stories(request):
    """List the stories about her, and whether one waits for her."""
    rows = Story.objects.hers(request.user).with_words().order_by("-pk")
    rows = list(rows.select_related("award").prefetch_related("versions"))
    for row in rows:
        row.newest = row.versions.all()[0]
        row.waits = any(one.state == VersionState.ASKED for one in row.versions.all())
    return render(request, "role_models/mine.html", {"rows": rows})


def _hers(request, code):
    rows = Story.objects.hers(request.user).select_related(
        "talent__user", "series", "department", "award__honour"
    )
    return get_object_or_404(rows, code=code)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_story(request, code):
    """Show her the words as they will stand, and take her answer."""
    story = _hers(request, code)
    version = story.working or story.published or story.versions.first()
    initial = {"version": version.pk, "photos": _agreed(story)}
    form = AnswerForm(
        request.POST if request.method == "POST" else None, story=story, initial=initial
    )
    if form.is_valid() and _answered(request, form, story):
        return redirect("my_story", code=story.code)
    context = {
        "story": story,
        "version": version,
        "seen_photos": seen.photos(story),
        "photos": story.photos.filter(hidden_at=None),
        "form": form,
        "choice": PhotosForm(story=story, initial=initial)
        if initial["photos"] is not None
        else None,
        "asked": version.state == VersionState.ASKED and not story.withdrawn_at,
        # A draft nobody has asked her about is not shown: half a text would only unsettle her.
        "readable": version.state != VersionState.DRAFT or story.withdrawn_at,
        "published": story.published,
    }
    status = 422 if form.errors else 200
    return render(request, "role_models/my_story.html", context, status=status)


def _agreed(story):
    """Return the keys of the photos she agrees to; all of those she has not been asked about begin unticked."""
    photos = list(story.photos.all())
    return [photo.pk for photo in photos if photo.agreed_at] if photos else None


def _answered(request, form, story):
    given, now = form.cleaned_data, timezone.now()
    version = get_object_or_404(StoryVersion, story=story, pk=given["version"])
    try:
        if "agree" in request.POST:
            photos = [photo.pk for photo in given.get("photos", ())]
            shown = {"seen_photos": given["seen_photos"]}
            operations.agree(version=version, photos=photos, by=request.user, now=now, **shown)
            messages.success(request, _("已记下您的同意。编辑部审核后发布，发布时会通知您。"))
        else:
            operations.wish_changes(version=version, wish=given["wish"], by=request.user, now=now)
            messages.success(request, _("已转给编辑，改好后会再请您看。"))
    except DomainError as error:
        error.add_to(form)
        return False
    return True


@signed_in
@never_cache
@require_http_methods(["POST"])
def my_story_photos(request, code):
    """Take which photos she agrees to."""
    story = _hers(request, code)
    form = PhotosForm(request.POST, story=story)
    if form.is_valid():
        _choose(request, form, story)
    else:
        messages.error(request, _("没有保存：所选的照片已经不在了，请重新选择。"))
    return redirect("my_story", code=story.code)


def _choose(request, form, story):
    given = form.cleaned_data
    chosen = [photo.pk for photo in given["photos"]]
    acts = {"seen_photos": given["seen_photos"], "by": request.user, "now": timezone.now()}
    try:
        operations.choose_photos(story=story, photos=chosen, **acts)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已保存。勾选的照片审核后展示，没有勾选的不展示。"))


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_story_withdraw(request, code):
    """Say what will happen, then withdraw."""
    story = _hers(request, code)
    if request.method == "POST":
        operations.withdraw_story(story=story, by=request.user, now=timezone.now())
        messages.success(
            request, _("已撤回，公开页面上看不到这个故事。改变主意时可以在这里重新允许。")
        )
        return redirect("my_story", code=story.code)
    return render(request, "role_models/withdraw.html", {"story": story})


@signed_in
@never_cache
@require_http_methods(["POST"])
def my_story_allow(request, code):
    """Take it that she agrees again."""
    story = _hers(request, code)
    operations.allow_again(story=story, by=request.user, now=timezone.now())
    messages.success(request, _("已重新允许。"))
    return redirect("my_story", code=story.code)
