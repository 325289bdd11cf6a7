"""The base of every API view: language, query parameters checked by name, honest caching headers."""

import hashlib
import re
from zoneinfo import ZoneInfo

import orjson
from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers
from rest_framework.views import APIView

from kernel.api.errors import Problem
from kernel.api.pages import limit_of, next_link
from kernel.api.throttles import ShowsLimits
from kernel.holes import Moment
from kernel.keyset import BadCursor, Keyset
from kernel.words import listed

MOST_PAGES = 500
_pages = {}  # {(address, language): (Moment, body, headers)} of lists that are the same for all partners

KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
ZONE = ZoneInfo(settings.TIME_ZONE)


def moment(value):
    """Return an aware datetime as ISO 8601 in Asia/Shanghai."""
    return value.astimezone(ZONE).isoformat()


class OutSerializer(serializers.ModelSerializer):
    """A model's fields as the API shows them; describes answers, never reads input."""

    def include_extra_kwargs(self, kwargs, extra_kwargs):
        """Keep in the schema that a choice may be empty; REST framework forgets it on read-only."""
        blank = kwargs.get("allow_blank", False)
        kwargs = super().include_extra_kwargs(kwargs, extra_kwargs)
        if blank and "choices" in kwargs:
            kwargs["allow_blank"] = True
        return kwargs


class CountsField(serializers.DictField):
    """{code: count of people, left out below the minimum}, by the codes of `choices`."""

    def __init__(self, choices, minimum, **kwargs):
        self.choices, self.minimum = choices, minimum
        super().__init__(**kwargs)


class CountsSchema(OpenApiSerializerFieldExtension):
    """Describes a CountsField to drf-spectacular."""

    target_class = CountsField

    def map_serializer_field(self, auto_schema, direction):
        """Return an object whose values are counts of at least the minimum."""
        count = {"type": "integer", "minimum": self.target.minimum}
        return {"type": "object", "additionalProperties": count}


class InReadersLanguage:
    """An API view that answers in the language of Accept-Language (the pages go by their path)."""

    def dispatch(self, request, *args, **kwargs):
        """Answer, and name the language."""
        language = translation.get_language_from_request(request)
        with translation.override(language):
            response = super().dispatch(request, *args, **kwargs)
        response.headers["Content-Language"] = language
        return response


class ApiView(InReadersLanguage, ShowsLimits, APIView):
    """Read-only JSON for partner units.

    `required_scope` is what the token must carry; `parameters` the query parameters it knows.
    """

    http_method_names = ["get", "head"]
    required_scope = ""
    parameters = frozenset()
    # Personal data is kept by no cache at all; what is not personal may be kept but asked about.
    cache_control = "private, no-cache"

    def initial(self, request, *args, **kwargs):
        """Refuse query parameters nobody knows: a mistyped filter must not answer with everything."""
        super().initial(request, *args, **kwargs)
        for name, values in request.GET.lists():
            if name not in self.parameters:
                allowed = listed(sorted(self.parameters)) or "-"
                raise Problem("unknown_parameter", name=name[:40], allowed=allowed)
            if len(values) > 1:
                raise Problem("repeated_parameter", name=name)
            if not values[0].strip():
                # A variable that was never filled would read as "no filter" and answer with everything.
                reason = _("不能为空；不需要这项条件时请去掉整个参数。")
                raise Problem("invalid_parameter", name=name, reason=reason)

    def respond(self, data, **headers):
        """Return `data` as JSON with an ETag, or 304 when the client has it already."""
        return self.answer(*self.body(data, headers))

    def body(self, data, headers):
        """Return (JSON text as bytes, headers of the answer with an ETag)."""
        text = orjson.dumps(data)
        etag = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
        return text, {**headers, "ETag": etag, "Cache-Control": self.cache_control}

    def answer(self, text, headers):
        """Return what `body` made, or 304 when the client has it already."""
        response = HttpResponse(text, content_type="application/json", headers=headers)
        return get_conditional_response(self.request, etag=headers["ETag"], response=response)


class WriteView(ApiView):
    """Takes JSON by POST, once for each Idempotency-Key.

    A subclass gives `request_serializer_class`, `serializer_class`, an `example` of the answer and
    `write(request, values, key)`, which returns plain JSON values.
    """

    http_method_names = ["post"]
    request_serializer_class = None
    serializer_class = None
    cache_control = "no-store"

    def post(self, request):
        """Check the key and the body, then write."""
        key = request.headers.get("Idempotency-Key", "")
        if not KEY.fullmatch(key):
            raise Problem("idempotency_key_missing")
        given = self.request_serializer_class(data=request.data)
        given.is_valid(raise_exception=True)
        text = orjson.dumps(self.write(request, given.validated_data, key))
        return HttpResponse(
            text,
            content_type="application/json",
            headers={"Cache-Control": self.cache_control},
        )


class ListView(ApiView):
    """A page of rows, in the ascending order of `order`, filtered by `filterset_class`.

    A subclass gives `rows(request)` (the queryset the token may see), `columns` (values_list names;
    the order's come first) and `represent(row)` (one tuple of columns to a JSON object). Rows are
    read as tuples because building model instances and walking serializer fields costs several times
    what the query does; tests compare each `represent` with its declared serializer.
    """

    filterset_class = None
    serializer_class = None
    same_for_all = (
        False  # no partner sees other rows than another: a page is kept for half a second
    )
    order = ()
    columns = ()
    page_fields = {}

    @property
    def parameters(self):
        """The filters, and where and how much to read."""
        return {"limit", "cursor", *self.filterset_class.base_filters}

    def get(self, request):
        """Answer one page: {"results": […], "next": address or null}."""
        if not self.same_for_all:
            return self.answer(*self.made(request))
        key = (request.build_absolute_uri(), translation.get_language())
        kept = _pages.get(key)
        if kept is None or not kept[0].is_current() or not settings.PUBLIC_CACHE:
            moment_read = Moment.now()  # before: what moves is newer
            kept = moment_read, *self.made(request)
            if len(_pages) >= MOST_PAGES:
                _pages.clear()
            _pages[key] = kept
        return self.answer(*kept[1:])

    def made(self, request):
        """Return one page as `body` gives it."""
        limit = limit_of(request.GET.get("limit"))
        keyset = Keyset(self.order)
        try:
            queryset = keyset.after(self.filtered(request), request.GET.get("cursor"))
        except BadCursor as error:
            raise Problem("invalid_cursor") from error
        rows = list(queryset.values_list(*self.columns)[: limit + 1])
        following, headers = None, {}
        if len(rows) > limit:
            rows.pop()
            following = next_link(request, keyset.cursor(rows[-1][: len(self.order)]))
            headers["Link"] = f'<{following}>; rel="next"'
        return self.body({**self.page(rows), "next": following}, headers)

    def page(self, rows):
        """Return what a page holds besides `next`: {"results": […]}; more is declared in `page_fields`."""
        represent = self.represent
        return {"results": [represent(row) for row in rows]}

    def filtered(self, request):
        """Return the rows that match the filters; the form is not built when there are none."""
        rows = self.rows(request)
        if not request.GET.keys() - {"limit", "cursor"}:
            return rows
        filters = self.filterset_class(request.GET, queryset=rows, request=request)
        if not filters.form.is_valid():
            name, reasons = next(iter(filters.form.errors.items()))
            raise Problem("invalid_parameter", name=name, reason=reasons[0])
        return filters.qs
