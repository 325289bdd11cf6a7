"""The OpenAPI 3.1 description of the API, made from the views and kept true by tests."""

import json
from functools import lru_cache

from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    inline_serializer,
)
from oauth2_provider.scopes import get_scopes_backend
from rest_framework import serializers

from kernel import portal
from kernel.api.errors import CONTENT_TYPE, DOCUMENTATION, kinds
from kernel.api.pages import DEFAULT_LIMIT, MAX_LIMIT
from kernel.api.view import KEY, ApiView, ListView, WriteView
from kernel.words import listed

READ_ERRORS = (
    "bad_request",
    "unknown_parameter",
    "repeated_parameter",
    "not_acceptable",
    "server_error",
    "unavailable",
)
TOKEN_ERRORS = (
    "not_authenticated",
    "invalid_token",
    "key_inactive",
    "insufficient_scope",
    "forbidden",
    "rate_limited",
)
WRITE_ERRORS = (
    "malformed_json",
    "idempotency_key_missing",
    "idempotency_key_reused",
    "unsupported_media_type",
    "invalid",
)
LIST_ERRORS = ("invalid_parameter", "invalid_cursor")
# What the placeholders of the sentences hold in examples.
SAMPLES = {
    "name": "kinds",
    "allowed": "cursor、kind、limit",
    "reason": "grant_type",
    "scope": "talents:read",
    "method": "POST",
    "given": "application/json",
    "wanted": "application/x-www-form-urlencoded",
    "seconds": 23,
}


class ProblemOut(serializers.Serializer):
    """RFC 9457 problem details."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()


class ApiSchema(AutoSchema):
    """Describes what drf-spectacular cannot see: our filters, pages, errors and security."""

    def get_operation_id(self):
        """Name the operation after its view: EventList → eventList, TokenView → token."""
        name = type(self.view).__name__.removesuffix("View")
        return name[0].lower() + name[1:]

    def get_summary(self):
        """Return the translated one-line summary the view declares."""
        return str(self.view.summary)

    def get_description(self):
        """Return the translated description the view declares."""
        return str(getattr(self.view, "explanation", ""))

    def get_auth(self):
        """Return the scope of a reading view; the key itself for the OAuth addresses."""
        if not isinstance(self.view, ApiView):
            return [{"partnerKey": []}, {}]
        return [{"oauth2": [self.view.required_scope]}] if self.view.required_scope else [{}]

    def get_override_parameters(self):
        """Return filters, page controls and the headers of conditional requests."""
        view, header = self.view, OpenApiParameter.HEADER
        limits = _limits() if view.throttle_classes else []
        if isinstance(view, WriteView):
            described = _("这次提交的标记（8 到 64 位字母、数字、- 或 _），重发时用同一个值")
            pattern = {"type": "string", "pattern": f"^{KEY.pattern}$"}
            key = OpenApiParameter(
                "Idempotency-Key", pattern, header, required=True, description=described
            )
            return [key, *limits]
        if not isinstance(view, ApiView) or not _reads(view):
            return limits
        parameters = [
            OpenApiParameter("If-None-Match", str, header, description=_("上次收到的 ETag")),
            OpenApiParameter("ETag", str, header, response=[200], description=_("内容的标记")),
            *limits,
        ]
        if isinstance(view, ListView):
            parameters += [
                _filter(name, f) for name, f in view.filterset_class.base_filters.items()
            ]
            parameters += [
                OpenApiParameter(
                    "limit",
                    {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": MAX_LIMIT,
                        "default": DEFAULT_LIMIT,
                    },
                    description=_("每页条数"),
                ),
                OpenApiParameter("cursor", str, description=_("翻页标记，取自上一页的 next")),
                OpenApiParameter(
                    "Link", str, header, response=[200], description=_('下一页地址，rel="next"')
                ),
            ]
        return parameters

    def get_request_serializer(self):
        """Return what a writing view takes, and the form of an OAuth address."""
        if isinstance(self.view, WriteView):
            return self.view.request_serializer_class
        return getattr(self.view, "form_class", None)

    def get_response_serializers(self):
        """Return the success and every problem the view can answer with."""
        view = self.view
        success = view.serializer_class
        if isinstance(view, ListView):
            name = success.__name__.removesuffix("Out") + "Page"
            fields = {
                "results": success(many=True),
                **view.page_fields,
                "next": serializers.URLField(allow_null=True),
            }
            success = inline_serializer(name, fields)
        examples = [OpenApiExample("example", value=view.example)]
        answers = {(200, "application/json"): OpenApiResponse(success, _("成功"), examples)}
        if isinstance(view, ApiView) and _reads(view):
            answers[304] = OpenApiResponse(description=_("内容没有变化（If-None-Match 相符）"))
        by_status = {}
        for code in self.errors():
            by_status.setdefault(kinds()[code].status, []).append(code)
        for status in sorted(by_status):
            answers[(status, CONTENT_TYPE)] = _problems(by_status[status])
        return answers

    def errors(self):
        """Return the codes of every problem the view can answer with."""
        if not isinstance(self.view, ApiView):
            return self.view.errors
        errors = READ_ERRORS
        if self.view.required_scope:
            errors += TOKEN_ERRORS
        if isinstance(self.view, WriteView):
            errors += WRITE_ERRORS
        if isinstance(self.view, ListView):
            errors += LIST_ERRORS
        errors += getattr(self.view, "more_errors", ())
        return (*errors, "not_found") if "{" in self.path else errors


def _reads(view):
    """Tell whether an address is read, and may be asked about by its ETag."""
    return "get" in view.http_method_names


def _limits():
    """Describe the headers that say how much is left, and when there is none."""
    header = OpenApiParameter.HEADER
    return [
        OpenApiParameter(
            "RateLimit-Policy",
            str,
            header,
            response=[200, 429],
            description=_("w 秒内允许 q 次请求"),
        ),
        OpenApiParameter(
            "RateLimit",
            str,
            header,
            response=[200, 429],
            description=_("还剩 r 次，t 秒后开始恢复"),
        ),
        OpenApiParameter(
            "Retry-After", int, header, response=[429], description=_("多少秒后可以再试")
        ),
    ]


def _filter(name, declared):
    """Describe one filter as a query parameter."""
    choices = declared.extra.get("choices")
    if choices:
        values = [value for value, _label in choices]
        described = str(declared.extra["help_text"])
        if isinstance(values[0], int):
            return OpenApiParameter(
                name, {"type": "integer", "enum": values}, description=described
            )
        described += f" ({listed(f'{value} {label}' for value, label in choices)})"
        return OpenApiParameter(name, {"type": "string", "enum": values}, description=described)
    moment = type(declared).__name__ == "MomentFilter"
    return OpenApiParameter(
        name,
        OpenApiTypes.DATETIME if moment else OpenApiTypes.STR,
        description=str(declared.extra["help_text"]),
    )


def _problems(codes):
    """Describe the answer of one status: a title and an example for each of its codes."""
    titles = listed(str(kinds()[code].title) for code in codes)
    examples = [OpenApiExample(code, value=problem_example(code)) for code in codes]
    return OpenApiResponse(ProblemOut, titles, examples)


def problem_example(code):
    """Return the body of an answer with `code`, in the active language."""
    kind = kinds()[code]
    return {
        "type": f"{DOCUMENTATION}{code}",
        "title": str(kind.title),
        "status": kind.status,
        "detail": kind.detail % SAMPLES if "%(" in str(kind.detail) else str(kind.detail),
        "code": code,
    }


def finish(result, generator, request, public):
    """Add what belongs to the whole document: words, security schemes (a postprocessing hook)."""
    scopes = get_scopes_backend().get_all_scopes()
    sections = portal.merged("api_sections").items()
    result["tags"] = [{"name": name, "description": str(words)} for name, words in sections]
    result["info"]["description"] = _(
        "合作单位用接口密钥换取访问令牌（OAuth 2 client credentials，有效一小时），"
        "读取活动、本单位已授权人员和统计数据。"
    )
    # Each code once more, also those no operation names: 405, 415 and what writing will bring.
    result["components"]["examples"] = {
        code: {"summary": str(kind.title), "value": problem_example(code)}
        for code, kind in kinds().items()
    }
    result["components"]["securitySchemes"] = {
        "oauth2": {
            "type": "oauth2",
            "description": _("访问令牌放在请求头 Authorization: Bearer 之后。"),
            "flows": {
                "clientCredentials": {
                    "tokenUrl": "/api/v1/oauth/token/",
                    "scopes": {name: str(words) for name, words in scopes.items()},
                }
            },
        },
        "partnerKey": {
            "type": "http",
            "scheme": "basic",
            "description": _("客户端编号与密钥；也可以放在表单里。"),
        },
    }
    return result


@lru_cache(maxsize=4)
def document(language):
    """Return the OpenAPI document as a dictionary, with its words in `language`."""
    with translation.override(language):
        # A round trip turns lazy words and ordered dictionaries into plain JSON values.
        return json.loads(json.dumps(SchemaGenerator().get_schema(public=True), default=str))
