"""For machines: whether this process lives, whether the server is of use, and its measures."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from ringfence_server.access import open_to_all
from ringfence_server.deployment.here import deployment
from ringfence_server.watching import measures
from ringfence_server.watching.checks import failures
from ringfence_server.web.failures import not_found
from ringfence_server.web.surroundings import language

_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED")


@open_to_all
@require_safe
@never_cache
def health(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@open_to_all
@require_safe
@never_cache
def ready(_request: HttpRequest) -> HttpResponse:
    """503 with the checks that fail, in words that name no machine and no password."""
    failed = {name: said.to(language()) for name, said in failures().items()}
    return JsonResponse(
        {"ready": not failed, "failed": failed},
        status=503 if failed else 200,
        json_dumps_params={"ensure_ascii": False},
    )


@open_to_all
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Only for the addresses of the deployment, and never through a proxy: behind one, everybody
    comes from its address.
    """
    if not _may_read(request):
        return not_found(request)
    return HttpResponse(measures.page(), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    if any(name in request.META for name in _FORWARDED):
        return False
    try:
        comes_from = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(comes_from in ip_network(one) for one in deployment().metrics_from)
