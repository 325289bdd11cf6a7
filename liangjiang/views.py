"""Pages that belong to no policy area: home, the ten measures, the policy's text, the style guide."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Department
from care_points.models import Service
from events.models import Event, EventKind
from kernel.access import public
from kernel.public_pages import public_page
from liangjiang import policy, style_guide
from liangjiang.measures import MEASURES, SECTIONS

EVENTS_ON_HOME = 4
EVENTS_OF_MEASURE = 3


@public_page
def home(request):
    """Show what the programme offers, the next events, role models and the ten measures.

    Queries: events, the next talk, events counted, services counted.
    """
    now = timezone.now()
    context = {
        "events": Event.objects.upcoming(now).listed()[:EVENTS_ON_HOME],
        "talk": Event.objects.upcoming(now).listed().filter(kind=EventKind.TALK).first(),
        "events_counted": Event.objects.listed().counted(now),
        "services_counted": Service.objects.counted(),
        "measures": MEASURES,
    }
    return render(request, "liangjiang/home.html", context)


@public_page
def measures(request):
    """List the ten measures under the policy's five sections."""
    sections = [(title, [m for m in MEASURES if m.section == n]) for n, title in SECTIONS]
    return render(request, "liangjiang/measures/list.html", {"sections": sections})


@public_page
def measure(request, number):
    """Show one measure in plain words: what she can do today, what is to come, who leads it.

    Queries: departments, the measure's next events.
    """
    measure = next((m for m in MEASURES if m.number == number), None)
    if measure is None:
        raise Http404
    names = Department.objects.in_bulk(measure.leads, field_name="code")
    context = {
        "measure": measure,
        "section": dict(SECTIONS)[measure.section],
        "departments": [names[code] for code in measure.leads if code in names],
        "events": Event.objects.upcoming(timezone.now())
        .listed()
        .filter(measure=number)[:EVENTS_OF_MEASURE],
        "text": policy.measure_text(number),
        "previous": next((m for m in MEASURES if m.number == number - 1), None),
        "following": next((m for m in MEASURES if m.number == number + 1), None),
    }
    return render(request, "liangjiang/measures/detail.html", context)


@public_page
def policy_text(request):
    """Show the policy as issued, each measure under an anchor of its own."""
    return render(request, "liangjiang/measures/policy.html", {"paragraphs": policy.paragraphs()})


@public_page
def help_page(request):
    """Answer what is asked most, and say how to reach the office."""
    return render(request, "liangjiang/help.html")


@public_page
def accessibility(request):
    """Say how far the portal can be used by everybody, and where to turn when it cannot."""
    return render(request, "liangjiang/accessibility.html")


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
