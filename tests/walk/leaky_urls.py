"""Addresses that do what must not be done, for the walk's own control."""

from uuid import uuid4

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path

from accounts.models import User
from liangjiang.urls import urlpatterns as portal_urls
from talents.models import Talent
from tests.walk.world import NAME


def hers():
    """Return the woman's record."""
    return Talent.objects.get(full_name=NAME)


@login_not_required
def shows(request):
    """Tell anybody her phone."""
    return HttpResponse(hers().phone)


def takes(request):
    """Give her record to whoever posts."""
    if request.method == "POST":
        Talent.objects.filter(pk=hers().pk).update(user=None)
    return HttpResponse()


def believes(request):
    """Take rights from the body."""
    if request.POST.get("is_staff"):
        User.objects.filter(pk=request.user.pk).update(is_staff=True)
    return HttpResponse()


def breaks(request):
    """Fall over."""
    raise RuntimeError


def lets_in(request):
    """Open to everybody signed in what the table keeps closed."""
    return HttpResponse()


def keeps(request):
    """Show a form."""
    return HttpResponse("<form method='post'><textarea name='text'></textarea></form>")


def forgets(request):
    """Show a form that is another one the next time."""
    return HttpResponse(f"<form method='post'><textarea name='{uuid4()}'></textarea></form>")


urlpatterns = [
    path("shows/", shows),
    path("takes/", takes),
    path("believes/", believes),
    path("breaks/", breaks),
    path("lets_in/", lets_in),
    path("keeps/", keeps),
    path("forgets/", forgets),
    *portal_urls,
]
