"""All addresses. A view without a need is refused, wherever it is listed."""

from django.urls import include, path

from ringfence_server.web import pages, style

urlpatterns = [
    path("", pages.inbox, name="inbox"),
    path("language/", pages.choose_language, name="choose_language"),
    path("style/", style.style, name="style"),
    path("style/progress/", style.progress, name="style_progress"),
    path("", include("ringfence_server.tracing.urls")),
    path("", include("ringfence_server.riding.urls")),
    path("", include("ringfence_server.movements.urls")),
    path("", include("ringfence_server.narratives.urls")),
    path("", include("ringfence_server.tasks.urls")),
    path("", include("ringfence_server.glass.urls")),
    path("", include("ringfence_server.exports.urls")),
    path("", include("ringfence_server.looking.urls")),
    path("", include("ringfence_server.search.urls")),
    path("", include("ringfence_server.canaries.urls")),
    path("", include("ringfence_server.deliveries.urls")),
    path("", include("ringfence_server.follow_ups.urls")),
    path("", include("ringfence_server.hand_overs.urls")),
    path("", include("ringfence_server.merging.urls")),
    path("", include("ringfence_server.watching.urls")),
    path("account/", include("ringfence_server.accounts.urls")),
    path("", include("ringfence_server.api.urls")),
    path("", include("ringfence_server.imports.urls")),
    path("cases/", include("ringfence_server.cases.urls")),
    path("", include("ringfence_server.administration.urls")),
]
handler400 = "ringfence_server.web.failures.unreadable"
handler403 = "ringfence_server.web.failures.refused"
handler404 = "ringfence_server.web.failures.not_found"
handler429 = "ringfence_server.web.failures.too_often"
handler500 = "ringfence_server.web.failures.fault"
