"""She makes a CV of her record, as often as she likes."""

from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kernel.access import signed_in
from kernel.downloads import download
from talents.cv import content, documents
from talents.cv.forms import CvForm
from talents.operations import own_record


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def cv(request):
    """Ask what it is to hold; send the file."""
    talent = own_record(request.user)
    if talent is None:
        return redirect("profile")
    form = CvForm(request.POST or None, talent=talent, language=get_language())
    if form.is_valid():
        chosen, kind = form.cleaned_data["parts"], form.cleaned_data["kind"]
        with translation.override(form.cleaned_data["language"]):
            made = content.data(talent, chosen)
        return download(documents.MAKERS[kind](made), f"{made['title']}-{talent.full_name}.{kind}")
    status = 422 if form.errors else 200
    return render(request, "talents/cv.html", {"form": form}, status=status)
