"""The code lists partner software needs: what stands behind each code the API takes and gives."""

from importlib import import_module

from django.urls import path
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, ModelChoiceFilter
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from kernel import portal
from kernel.access import public
from kernel.api.filters import YesNoFilter
from kernel.api.view import ApiView, CountsField


class CodesOut(serializers.Serializer):
    """{name of a field or filter: {code: words}}."""

    def get_fields(self):
        """Name each list the API knows."""
        return {name: serializers.DictField(child=serializers.CharField()) for name in _lists()}


def _lists():
    """Return {name: choices or queryset} of every filter and counted field of the API."""
    lists = {}
    for module in _modules():
        for pattern in module.urlpatterns:
            filterset = getattr(pattern.callback.cls, "filterset_class", None)
            for name, declared in getattr(filterset, "base_filters", {}).items():
                if isinstance(declared, ModelChoiceFilter):
                    lists[name] = declared
                elif isinstance(declared, ChoiceFilter) and not isinstance(declared, YesNoFilter):
                    lists[name] = declared.extra["choices"]
    for part in portal.merged("statistics").values():
        for name, field in part.serializer().fields.items():
            if isinstance(field, CountsField):
                lists[name] = field.choices.choices
    return lists


def _modules():
    declared = (declaration.api for declaration in portal.declarations().values())
    return [import_module(name) for name in declared if name]


def _words(listed):
    """Return {code: words} of one list, in the active language."""
    if isinstance(listed, ModelChoiceFilter):
        code = listed.extra["to_field_name"]
        return {getattr(row, code): str(row) for row in listed.extra["queryset"].all()}
    return {str(code): str(words) for code, words in listed}


@extend_schema(tags=["codes"])
class Codes(ApiView):
    """Every code list, in the language of Accept-Language; open to all, as the document itself is."""

    summary = _("代码表")
    explanation = _(
        "各筛选条件与返回字段所用的代码及含义，语言随 Accept-Language，不需要访问令牌。"
    )
    authentication_classes = permission_classes = throttle_classes = ()
    cache_control = "public, max-age=300"
    serializer_class = CodesOut
    example = {
        "kind": {"salon": "沙龙", "forum": "论坛"},
        "department": {"women_federation": "区妇联"},
    }

    def get(self, request):
        """Answer all lists at once; together they are a few kilobytes."""
        return self.respond({name: _words(listed) for name, listed in _lists().items()})


urlpatterns = [path("codes/", public(Codes.as_view()), name="api_codes")]
