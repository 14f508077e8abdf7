"""Addresses of hand-overs: rows by their numbers. No person is named."""

from django.urls import path

from ringfence_server.hand_overs.pages import giving, partners, taking

urlpatterns = [
    path("hand-overs/", giving.hand_overs, name="hand_overs"),
    path("hand-overs/read/", taking.read, name="hand_over_read"),
    path("hand-overs/of-case/<int:case>/", giving.new, name="hand_over_new"),
    path("hand-overs/<int:hand_over>/", giving.one, name="hand_over"),
    path("hand-overs/<int:hand_over>/file/", giving.file, name="hand_over_file"),
    path("hand-overs/<int:hand_over>/take-back/", giving.take_back, name="hand_over_take_back"),
    path("hand-overs/<int:hand_over>/answer/", giving.answer, name="hand_over_answer"),
    path("hand-overs/received/<int:received>/", taking.received, name="received"),
    path("hand-overs/received/<int:received>/receipt/", taking.receipt, name="received_receipt"),
    path("partners/", partners.partners, name="partners"),
    path("partners/<int:partner>/confirm/", partners.confirm, name="partner_confirm"),
    path("partners/<int:partner>/end/", partners.end, name="partner_end"),
]
