"""Every answer of the API that is not a success: problem+json (RFC 9457) with a stable `code`.

`code` is for machines and never changes its meaning; `title` and `detail` are for people, in the
language of Accept-Language. `type` points at the code's paragraph on the documentation page.
"""

import json
from dataclasses import dataclass

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse, UnreadablePostError
from django.utils import translation
from django.utils.log import log_response
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions

from kernel import outages, portal
from kernel.access import token
from kernel.errors import DomainError

CONTENT_TYPE = "application/problem+json"
DOCUMENTATION = "/api/v1/docs/#"


@dataclass(frozen=True)
class Kind:
    """One code of the API: its HTTP status, a short title, and the sentence used without details."""

    status: int
    title: str
    detail: str


KINDS = {
    "bad_request": Kind(400, _("请求有误"), _("请求无法识别，请对照接口文档检查后重试。")),
    "malformed_json": Kind(
        400, _("JSON 格式有误"), _("请求正文不是正确的 JSON，请检查括号、引号和编码（UTF-8）。")
    ),
    "unknown_parameter": Kind(
        400, _("未知参数"), _("不支持参数“%(name)s”，可用的参数有：%(allowed)s。")
    ),
    "repeated_parameter": Kind(400, _("参数重复"), _("参数“%(name)s”只能出现一次，请删去多余的。")),
    "invalid_parameter": Kind(400, _("参数有误"), _("参数“%(name)s”有误：%(reason)s")),
    "invalid_cursor": Kind(
        400, _("翻页标记有误"), _("cursor 无法识别，请原样使用上一页返回的 next 地址。")
    ),
    "not_authenticated": Kind(
        401, _("缺少访问令牌"), _("请先换取访问令牌，并放在请求头 Authorization: Bearer 之后。")
    ),
    "forbidden": Kind(403, _("无权访问"), _("此密钥不能访问这项内容。")),
    "not_found": Kind(404, _("没有找到"), _("没有这条记录或这个地址。地址以 / 结尾，请检查。")),
    "method_not_allowed": Kind(
        405, _("不支持的方法"), _("此地址不支持 %(method)s，请改用 %(allowed)s。")
    ),
    "not_acceptable": Kind(
        406, _("不支持的格式"), _("只提供 JSON，请把 Accept 设为 application/json。")
    ),
    "conflict": Kind(409, _("状态冲突"), _("记录已被改动，请重新读取后再试。")),
    "idempotency_key_missing": Kind(
        400,
        _("缺少 Idempotency-Key"),
        _("请带请求头 Idempotency-Key（8 到 64 位字母、数字、- 或 _），重发时用同一个值。"),
    ),
    "idempotency_key_reused": Kind(
        422,
        _("Idempotency-Key 已用过"),
        _("这个 Idempotency-Key 已用于另一份内容，请换一个新的值。"),
    ),
    "unsupported_media_type": Kind(
        415,
        _("不支持的正文格式"),
        _("正文格式 %(given)s 不受支持，请改用 %(wanted)s。"),
    ),
    "invalid": Kind(422, _("内容有误"), _("提交的内容有误，请修改后重试。")),
    "rate_limited": Kind(
        429, _("请求太频繁"), _("请求太频繁，请 %(seconds)s 秒后再试，或一次多取几条（limit）。")
    ),
    "server_error": Kind(
        500, _("系统出错"), _("系统出错，已记录，请稍后再试；如果反复出现，请联系我们。")
    ),
    "unavailable": Kind(
        503, _("暂时不能服务"), _("系统暂时不能服务，没有保存任何内容，请半分钟后再试。")
    ),
}


def kinds():
    """Return {code: Kind} of every error of the API: the general ones and those apps declare."""
    return KINDS | portal.merged("problems")


class Problem(exceptions.APIException):
    """An error of one of the kinds; `values` fill the placeholders of its sentence."""

    def __init__(self, code, *, headers=None, members=None, **values):
        self.problem_code = code
        kind = kinds()[code]
        self.status_code = kind.status
        self.headers = headers or {}
        self.members = members or {}
        self.detail = kind.detail % values if values else kind.detail


def answer(code, detail=None, *, status=None, title=None, headers=None, seconds=60, **members):
    """Return the HttpResponse for `code` (of `kinds` or of a DomainError) in the active language.

    `seconds` is how long a client that was too quick has to wait; `members` are further fields of the
    body, plain JSON values.
    """
    kind = kinds().get(code)
    status = status or kind.status
    if code == "rate_limited":
        seconds = max(int(seconds), 1)
        detail = kind.detail % {"seconds": seconds}
        headers = {**(headers or {}), "Retry-After": str(seconds)}
    body = {
        "type": f"{DOCUMENTATION}{code if kind else 'codes'}",
        "title": str(title or (kind.title if kind else KINDS["invalid"].title)),
        "status": status,
        "detail": str(detail or kind.detail),
        "code": code,
        **members,
    }
    return HttpResponse(
        json.dumps(body, ensure_ascii=False),
        status=status,
        content_type=CONTENT_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def handle(error, context):
    """Turn an exception of an API view into problem+json (REST framework's EXCEPTION_HANDLER).

    Returns None for an outage, which REST framework then raises again: it is answered 503 and stands in the log
    once, as that of a page does (liangjiang.error_pages).
    """
    request, view = context["request"], context["view"]
    if isinstance(error, Problem):
        return answer(error.problem_code, error.detail, headers=error.headers, **error.members)
    if isinstance(error, DomainError):
        members = {"field": error.field} if error.field else {}
        return answer(error.code, error.message, status=error.status, **members)
    if isinstance(error, Http404 | exceptions.NotFound):
        return answer("not_found")
    if isinstance(error, exceptions.NotAuthenticated):
        return answer("not_authenticated", headers={"WWW-Authenticate": error.auth_header})
    if isinstance(error, PermissionDenied | exceptions.PermissionDenied):
        return answer("forbidden")
    if isinstance(error, exceptions.MethodNotAllowed):
        allowed = ", ".join(view.allowed_methods)
        detail = KINDS["method_not_allowed"].detail % {"method": request.method, "allowed": allowed}
        return answer("method_not_allowed", detail, headers={"Allow": allowed})
    if isinstance(error, exceptions.NotAcceptable):
        return answer("not_acceptable")
    if isinstance(error, exceptions.Throttled):
        return answer("rate_limited", seconds=error.wait or 1)
    if isinstance(error, exceptions.UnsupportedMediaType):
        return unsupported(request.content_type, view)
    if isinstance(error, BadRequest | SuspiciousOperation | UnreadablePostError):
        return answer("bad_request")
    if isinstance(error, exceptions.ParseError):
        return answer("malformed_json" if "json" in (request.content_type or "") else "bad_request")
    if isinstance(error, exceptions.ValidationError):
        return answer("invalid", errors=error.get_full_details())
    if outages.is_outage(error):
        return None
    # Anything else is a fault of ours: the trace goes to the log, nothing of it to the client. Django logs an answer
    # of 500 as well, without a trace, unless it was logged before.
    response = answer("server_error")
    name = view.__class__.__name__
    log_response("API %s failed", name, response=response, request=request, exception=error)
    return response


def unsupported(media_type, view):
    """Return the 415 that names what the client sent and what the view takes."""
    accepted = ", ".join(parser.media_type for parser in view.parser_classes)
    media_type = media_type.partition(";")[0][:60] or "-"
    return answer(
        "unsupported_media_type",
        KINDS["unsupported_media_type"].detail % {"given": media_type, "wanted": accepted},
    )


@token
@csrf_exempt
def unknown_address(request, rest=""):
    """Answer an address below /api/ that does not exist, also one whose final slash is missing."""
    language = translation.get_language_from_request(request)
    with translation.override(language):
        return answer("not_found", headers={"Content-Language": language})
