"""One character for a line break in what is typed, as browsers count it and texts are kept."""

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class LineBreaks:
    """Read the two characters a browser sends for a line break as the one it counted.

    HTML's `maxlength` and the portal's counter count a break once, the form is sent with CR LF: a text that just fitted
    was refused as too long, and what was kept had carriage returns in it. Here and not in the fields: there are sixty.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Rewrite what was typed, where CsrfViewMiddleware has read it; a program's form is its view's to read."""
        typed_here = request.method == "POST" and not getattr(view, "csrf_exempt", False)
        if not typed_here or request.content_type not in FORMS:
            return
        lists = list(request.POST.lists())
        if not any("\r" in value for _name, values in lists for value in values):
            return
        typed = request.POST.copy()
        for name, values in lists:
            typed.setlist(name, [value.replace("\r\n", "\n") for value in values])
        typed._mutable = False
        request.POST = typed
