"""Pages that belong to no policy area: home, the ten measures, the policy's text, the style guide."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Department
from events.models import Event
from kernel.access import public
from kernel.public_pages import public_page
from liangjiang import policy, style_guide
from liangjiang.measures import MEASURES, SECTIONS

EVENTS_ON_HOME = 4


@public_page
def home(request):
    """Show what the programme offers, the next events and the ten measures. Queries: events."""
    events = Event.objects.upcoming(timezone.now())[:EVENTS_ON_HOME]
    return render(request, "liangjiang/home.html", {"events": events, "measures": MEASURES})


@public_page
def measures(request):
    """List the ten measures under the policy's five sections."""
    sections = [(title, [m for m in MEASURES if m.section == n]) for n, title in SECTIONS]
    return render(request, "liangjiang/measures/list.html", {"sections": sections})


@public_page
def measure(request, number):
    """Show one measure in plain words, with its departments. Queries: departments."""
    measure = next((m for m in MEASURES if m.number == number), None)
    if measure is None:
        raise Http404
    names = Department.objects.in_bulk(measure.leads, field_name="code")
    context = {
        "measure": measure,
        "section": dict(SECTIONS)[measure.section],
        "departments": [names[code] for code in measure.leads if code in names],
        "text": policy.measure_text(number),
        "previous": next((m for m in MEASURES if m.number == number - 1), None),
        "following": next((m for m in MEASURES if m.number == number + 1), None),
    }
    return render(request, "liangjiang/measures/detail.html", context)


@public_page
def policy_text(request):
    """Show the policy as issued, each measure under an anchor of its own."""
    return render(request, "liangjiang/measures/policy.html", {"paragraphs": policy.paragraphs()})


@public
def show_style_guide(request):
    """Show every token and component in all states, in light and dark."""
    context = {
        "scales": style_guide.SCALES,
        "shades": style_guide.SHADES,
        "type_sizes": style_guide.TYPE,
        "spaces": style_guide.SPACES,
        "themes": [(name, style_guide.sample(name)) for name in ("light", "dark")],
    }
    return render(request, "liangjiang/style_guide.html", context)
