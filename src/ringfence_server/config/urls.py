"""All addresses. A view without a need is refused, wherever it is listed."""

from django.urls import include, path

from ringfence_server.web import pages

urlpatterns = [
    path("", pages.inbox, name="inbox"),
    path("language/", pages.choose_language, name="choose_language"),
    path("account/", include("ringfence_server.accounts.urls")),
]
handler403 = "ringfence_server.web.failures.refused"
handler404 = "ringfence_server.web.failures.not_found"
handler500 = "ringfence_server.web.failures.fault"
