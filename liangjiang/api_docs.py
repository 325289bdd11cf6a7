"""The API's description for machines and for people; both need no network but ours.

The page is made from the schema by our own template: Swagger UI and Redoc write inline styles, and
this site allows none. It also reads without JavaScript and on a phone.
"""

import json

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from kernel.access import public
from kernel.api.errors import kinds
from kernel.public_pages import public_page
from liangjiang.api_schema import document, problem_example


@public
@require_safe
def schema(request):
    """Answer the OpenAPI 3.1 document as JSON, its words in the language of Accept-Language."""
    language = translation.get_language_from_request(request)
    return JsonResponse(
        document(language),
        json_dumps_params={"ensure_ascii": False},
        headers={"Content-Language": language, "Cache-Control": "public, max-age=300"},
    )


@public_page
@require_safe
def docs(request):
    """Show the page for the people who write a partner's software; its language goes by the path."""
    described = document(translation.get_language())
    page = {
        "api": described,
        "operations": _operations(described),
        "codes": [(code, kind, _as_text(problem_example(code))) for code, kind in kinds().items()],
        "base": request.build_absolute_uri("/api/v1"),
        "limit": settings.API_REQUESTS_PER_MINUTE,
    }
    return render(request, "liangjiang/api_docs.html", page)


def _operations(schema):
    """Return what the template shows of each operation, in the order of the schema."""
    shown = []
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            success = operation["responses"]["200"]
            example = next(iter(success["content"]["application/json"]["examples"].values()))
            shown.append(
                {
                    "id": operation["operationId"],
                    "method": method.upper(),
                    "path": path,
                    "summary": operation["summary"],
                    "description": operation.get("description", ""),
                    "scope": "".join(*operation["security"][0].values() or [""]),
                    "parameters": [
                        p for p in operation.get("parameters", []) if p["in"] in ("query", "path")
                    ],
                    "example": _as_text(example["value"]),
                    "statuses": [s for s in operation["responses"] if s != "200"],
                }
            )
    return shown


def _as_text(value):
    return json.dumps(value, ensure_ascii=False, indent=2)
