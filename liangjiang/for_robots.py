"""What programs read at fixed addresses: robots.txt, sitemap.xml, security.txt."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as show_sitemap
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from care_points.models import Service
from events.models import Event, Series
from kernel.access import public
from liangjiang.measures import MEASURES
from role_models.models import Story

PRIVATE = (
    *("admin/", "me/", "accounts/", "notices/", "outbox/"),
    *("events/mine/", "events/c/", "events/certificates/"),
    *("honours/mine/", "honours/certificates/"),
    *("stories/mine/", "stories/preview/", "stories/talks/"),
)
SECURITY_DAYS = 180  # RFC 9116: at most a year ahead
PLAIN = "text/plain; charset=utf-8"


@public
@require_safe
def robots(request):
    """Keep search engines to the public pages."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {prefix}{path}" for prefix in ("/", "/en/") for path in PRIVATE]
    lines += ["Disallow: /api/v1/", "Allow: /api/v1/docs/"]
    lines += [f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type=PLAIN)


@public
@require_safe
def security(request):
    """Say where a fault of security is reported (RFC 9116); not found where nobody has said so."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = timezone.now() + timedelta(days=SECURITY_DAYS)
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: zh, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        "",
    )
    return HttpResponse("\n".join(lines), content_type=PLAIN)


class PortalSitemap(Sitemap):
    """Addresses in both languages, each naming the other."""

    i18n = alternates = True

    @property
    def protocol(self):
        """Return that of the portal's own address, whatever stands in front of it."""
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        """Return the portal's own name, whichever it was asked by."""
        return urlsplit(settings.SITE_URL).netloc


class Pages(PortalSitemap):
    """Pages that are always there."""

    def items(self):
        """Return (name of the address, its arguments)."""
        names = ("home", "events", "past_events", "services", "stations")
        names += ("stories", "measures", "policy", "help")
        own = [(name, ()) for name in names]
        return own + [("measure", (measure.number,)) for measure in MEASURES]

    def location(self, item):
        """Return the path in the language that is active."""
        name, args = item
        return reverse(name, args=args)


class Events(PortalSitemap):
    """Published events, to come and past."""

    def items(self):
        """Return the newest first."""
        return Event.objects.published().listed().order_by("-starts_at", "-pk")

    def lastmod(self, event):
        """Return when its words last changed."""
        return event.updated_at


class Stories(PortalSitemap):
    """Stories of role models that are shown."""

    def items(self):
        """Return the newest first."""
        return Story.objects.shown().with_words().order_by("-published_at", "-pk")

    def lastmod(self, story):
        """Return when its words last changed."""
        return story.published.published_at


class EventSeries(PortalSitemap):
    """Series that have a page."""

    def items(self):
        """Return them as they were begun."""
        return Series.objects.public().order_by("pk")

    def lastmod(self, series):
        """Return when its words last changed."""
        return series.updated_at


class Services(PortalSitemap):
    """What the Care Stations offer."""

    def items(self):
        """Return what can be redeemed."""
        return Service.objects.offered().order_by("pk")

    def location(self, service):
        """Return the path in the language that is active."""
        return reverse("service", args=[service.pk])


@public
@require_safe
def sitemap(request):
    """List every public page for search engines."""
    maps = {"pages": Pages, "events": Events, "series": EventSeries, "services": Services}
    maps["stories"] = Stories
    return show_sitemap(request, sitemaps=maps)
