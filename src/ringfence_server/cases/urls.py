"""Addresses of cases. They name rows, never numbers of documents or of cases."""

from django.urls import path

from ringfence_server.cases.pages import acting, clusters, entering, investigating, reading

urlpatterns = [
    path("", reading.every, name="cases"),
    path("new/", entering.new, name="case_new"),
    path("file/", entering.file, name="case_file"),
    path("clusters/", clusters.every, name="clusters"),
    path("clusters/<int:cluster>/", clusters.one, name="cluster"),
    path("clusters/<int:cluster>/join/", clusters.join, name="cluster_join"),
    path("clusters/<int:cluster>/leave/<int:case>/", clusters.leave, name="cluster_leave"),
    path("clusters/<int:cluster>/assign/", clusters.assign, name="cluster_assign"),
    path("<int:case>/", reading.one, name="case"),
    path("<int:case>/result/", acting.result, name="case_result"),
    path("<int:case>/sign/", acting.sign, name="case_sign"),
    path("<int:case>/reclassify/", acting.reclassify, name="case_reclassify"),
    path("<int:case>/withdraw/", acting.withdraw, name="case_withdraw"),
    path("<int:case>/times/", acting.times, name="case_times"),
    path("<int:case>/assign/", acting.assign, name="case_assign"),
    path("unassign/<int:assignment>/", acting.unassign, name="case_unassign"),
    path("<int:case>/form/", investigating.form, name="case_form"),
    path("<int:case>/form/<int:version>/", investigating.version, name="case_version"),
]
