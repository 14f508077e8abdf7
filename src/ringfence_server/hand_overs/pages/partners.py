"""Keys of other cities, and ours."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from ringfence.errors import Text, UserError
from ringfence.operations.hand_over import PublicKeys
from ringfence_server.access import acting_in, needs
from ringfence_server.deployment.here import home, now
from ringfence_server.hand_overs import actions
from ringfence_server.hand_overs.pages.asking import tell, unit_in
from ringfence_server.hand_overs.partners import RIGHT, keys_here, managed
from ringfence_server.hand_overs.words import PARTNER_STATES
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.jurisdictions.queries import within

_TONES = {"entered": "warn", "confirmed": "good", "ended": "plain"}
_LEVELS = ("province", "city", "district")


@needs("partner.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def partners(request: HttpRequest) -> HttpResponse:
    by = acting_in(request)
    fault, sent = None, request.POST
    if request.method == "POST":
        try:
            actions.enter(
                home=home(),
                unit=unit_in(request),
                code=sent.get("code", ""),
                name_zh=sent.get("name_zh", ""),
                name_en=sent.get("name_en", ""),
                line=sent.get("line", ""),
                by=by,
                at=now(),
            )
        except UserError as error:
            fault = error.text
        else:
            messages.success(
                request,
                tell(
                    Text(
                        "Entered: another administrator confirms it.",
                        "已登记：须由另一名管理员核对。",
                    )
                ),
            )
            return redirect("partners")
    units = [grant.unit for grant in by.grants if RIGHT in grant.role.rights]
    rows = Unit.objects.filter(level__in=_LEVELS).order_by("code")
    keys, lost = _keys()
    told = {
        "keys": keys,
        "lost": lost,
        "fault": fault,
        "sent": sent,
        "units": within(rows, units)[:500],
        "lines": [
            {
                "one": one,
                "state": PARTNER_STATES[one.state],
                "tone": _TONES[one.state],
                "own": one.entered_by_id == by.user.pk,
            }
            for one in managed(by)[:200]
        ],
    }
    return render(request, "hand_overs/partners.html", told, status=400 if fault else 200)


def _keys() -> tuple[PublicKeys | None, Text | None]:
    """Ours; or why they cannot be told, and the page still shows theirs."""
    try:
        return keys_here(home()).public, None
    except UserError as error:
        return None, error.text


@needs("partner.manage")
@require_POST
def confirm(request: HttpRequest, partner: int) -> HttpResponse:
    typed = request.POST.get("fingerprint", "")
    actions.confirm(partner=partner, fingerprint=typed, by=acting_in(request), at=now())
    messages.success(request, tell(Text("These keys are in use now.", "密钥已启用。")))
    return redirect("partners")


@needs("partner.manage")
@require_POST
def end(request: HttpRequest, partner: int) -> HttpResponse:
    actions.end(partner=partner, by=acting_in(request), at=now())
    messages.success(request, tell(Text("These keys are in use no more.", "密钥已停用。")))
    return redirect("partners")
