"""Addresses nobody can have typed are refused before they reach the database."""

from liangjiang import error_pages


class ReadableAddress:
    """Answer 400 to a NUL in path or query: PostgreSQL holds none, so no record can be meant."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Pass on what can be looked up."""
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return error_pages.bad_request(request)
        return self.get_response(request)
