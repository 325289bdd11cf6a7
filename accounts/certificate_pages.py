"""The public page that checks a certificate by its code: the same for the certificates of every app.

Who asks for codes nobody was given is stopped, for an hour and for every code: else the one that is answered would
tell that it was guessed.
"""

from allauth.core.internal import ratelimit  # the public one counts no GET
from django import forms
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import limits
from kernel import ids
from kernel.certificates import MISSED
from kernel.forms import code_field

PAGE = "accounts/certificate.html"


class CheckForm(forms.Form):
    """The code of a certificate, as it is printed below its QR code."""

    code = code_field(gettext_lazy("核验码"), gettext_lazy("16 位字母和数字，印在证书左下角"))

    def clean_code(self):
        """Refuse nothing typed."""
        if not (code := self.cleaned_data["code"].strip()):
            raise forms.ValidationError(_("请填写证书左下角的核验码。"))
        return code


def ask(request, check_page):
    """Return the page that asks for a code; what was typed leads to the page named `check_page`."""
    form = CheckForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return redirect(check_page, code=ids.tidy(form.cleaned_data["code"]) or "-")
    context = {"form": form, "ask_page": request.path}
    return _page(request, PAGE, context, 422 if form.errors else 200)


def answer(request, rows, code, *, ask_page, heading, facts, template=PAGE):
    """Return the page that shows all a certificate of `rows` says and whether it is valid, and nothing else.

    `ask_page` names the page that asks for a code; `heading` and `facts` are functions of the certificate: what it is
    called, and (label, value) pairs. An app that has more to say extends PAGE by a `template` of its own.
    """
    if not _counted(request, dry_run=True):
        return _page(request, template, {"stopped": True}, 429)
    found = rows.filter(code=ids.tidy(code)).first()
    if found is None:
        _counted(request)
        context = {"unknown": True, "form": CheckForm(), "ask_page": reverse(ask_page)}
        return _page(request, template, context, 404)
    context = {
        "certificate": found,
        "heading": heading(found),
        "facts": [(label, value) for label, value in facts(found) if value],
    }
    return _page(request, template, context, 200)


def _counted(request, **how):
    """Count a code nobody was given; returns whether there is room for one."""
    return ratelimit.consume(request, app=limits.APP, action=MISSED, limit_get=True, **how)


def _page(request, template, context, status):
    page = render(request, template, context, status=status)
    page["X-Robots-Tag"] = "noindex, nofollow"
    page["Referrer-Policy"] = "no-referrer"
    return page
