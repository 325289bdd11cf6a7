"""A request that fell to a deadlock is carried out once more; nobody is shown one."""

from django.contrib.messages import get_messages

from kernel import outages


class SecondTry:
    """Middleware: calls a view again whose transaction gave way to another one.

    The transaction was undone as a whole, and operations done before it do nothing twice. A second
    deadlock becomes a 503 (liangjiang.error_pages).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request, error):
        """Return the answer of the second try; None for any other error."""
        if not outages.is_deadlock(error):
            return None
        for upload in request.FILES.values():
            upload.seek(0)
        get_messages(request)._queued_messages.clear()  # the first try's words
        match = request.resolver_match
        return match.func(request, *match.args, **match.kwargs)
