"""The page that asks before something is done: what it is about, a form, what will happen."""

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.shortcuts import redirect
from django.utils import timezone

from kernel.admin.actions import say
from kernel.changes import watched
from kernel.errors import DomainError
from kernel.reasons import tidy

TEMPLATE = "kernel/admin/decision.html"


def decide(
    model_admin,
    request,
    *,
    title,
    submit,
    operation,
    back,
    why_not=None,
    form_class=forms.Form,
    facts=(),
    outcome="",
    danger=False,
    done="",
    go_on=None,
    carried=(),
    with_files=False,
    again=None,
    led_by_post=False,
):
    """Show the page; when its form comes back, call the operation, say so and go on.

    A refusal is shown in the form, with what was typed kept (422). Where the operation finds nothing
    left to do, that is said instead of `done`.

    Arguments:
        operation: called as operation(by=, now=, **cleaned data of the form).
        back: the address of the way out, and of what follows unless `go_on` is another one.
        why_not: the DomainError of the rule the operation will ask, None where it lets her: whoever opens the
            page by a link that was true once, or a colleague's, is led back and told, instead of asked for nothing.
        facts: (label, value) pairs, who or what it is about.
        outcome: the sentence that says what will happen.
        danger: colours the button for what cannot be undone.
        done: what is said afterwards; `go_on`: where it goes. Each may be a function of the result.
        carried: (name, value) pairs that have to come back with the form.
        with_files: the form takes files, as its second argument.
        again: asked where what was sent is refused: returns the result where the same person has had it done
            (a second click), and she is told and led as the first time; None where that is not so.
        led_by_post: the form of the page before leads here, so that what it posts is not this page's form yet.
    """
    sent = _is_sent(request, form_class, carried, led_by_post)
    if why_not and not sent:
        messages.error(request, str(why_not))
        return redirect(back)
    files = [request.FILES] if sent and with_files else []
    form = form_class(request.POST if sent else None, *files)
    if sent and form.is_valid():
        with watched() as verbs:
            result = carry_out(form, operation, request)
        if form.is_valid():
            say(request, _of(done, result), changed=bool(verbs))
            return redirect(_of(go_on or back, result))
    if sent and again and (result := again()):
        say(request, _of(done, result), changed=True)
        return redirect(_of(go_on or back, result))
    return form_page(
        model_admin,
        request,
        TEMPLATE,
        title=title,
        form=form,
        facts=facts,
        outcome=outcome,
        submit_label=submit,
        danger=danger,
        back=back,
        carried=carried,
    )


def says_the_same(sent, **decided):
    """Tell whether a form that came again (its POST) says what was decided: {field: value}, where it has the field."""
    return all(
        tidy(sent[name]) == tidy(str(value)) for name, value in decided.items() if name in sent
    )


def _is_sent(request, form_class, carried, led_by_post):
    """Tell whether the page's form came back: the action of a list first posts the ticked rows alone."""
    if request.method != "POST":
        return False
    from_list = any(name == ACTION_CHECKBOX_NAME for name, _value in carried)
    return not (from_list or led_by_post) or not form_class.base_fields.keys().isdisjoint(
        request.POST
    )


def _of(value, result):
    return value(result) if callable(value) else value


def carry_out(form, operation, request):
    """Call an operation with what a valid form holds; returns its result.

    A refusal becomes an error of the form.
    """
    try:
        return operation(by=request.user, now=timezone.now(), **form.cleaned_data)
    except DomainError as error:
        error.add_to(form)
        return None


def form_page(model_admin, request, template, *, form, **context):
    """Return a page with a form; 422 where it was refused."""
    status = 422 if form.errors else 200
    return model_admin.page(request, template, status=status, form=form, **context)
