"""Addresses of directives: documents, their distribution, the reading of their texts."""

from django.urls import path

from hoptac.directives.views import documents, entering, reviewing, sending

app_name = "directives"
urlpatterns = [
    path("", documents.ListPage.as_view(), name="list"),
    path("export/", documents.export, name="export"),
    path("new/", entering.New.as_view(), name="new"),
    path("upload/", entering.Upload.as_view(), name="upload"),
    path("bring/", entering.Bring.as_view(), name="bring"),
    path("sendings/", sending.Sendings.as_view(), name="sendings"),
    path("sendings/export/", sending.export_sendings, name="export_sendings"),
    path("sendings/<uuid:pk>/", sending.sending, name="sending"),
    path("sendings/<uuid:pk>/<slug:what>/", sending.AnswerPage.as_view(), name="answer"),
    path("<uuid:pk>/", documents.DocumentPage.as_view(), name="directive"),
    path("<uuid:pk>/file/", documents.File.as_view(), name="file"),
    path("<uuid:pk>/correct/", entering.Correct.as_view(), name="correct"),
    path("<uuid:pk>/links/", entering.Links.as_view(), name="links"),
    path("<uuid:pk>/distribute/", sending.Distribute.as_view(), name="distribute"),
    path("<uuid:pk>/recipients/", sending.Recipients.as_view(), name="recipients"),
    path("<uuid:pk>/end/<slug:how>/", entering.End.as_view(), name="end"),
    path("<uuid:pk>/read/", entering.ReadAgain.as_view(), name="read"),
    path("<uuid:pk>/reading/", reviewing.Reading.as_view(), name="reading"),
    path("<uuid:pk>/reading/<uuid:passage>/", reviewing.Edit.as_view(), name="edit"),
    path("<uuid:pk>/reading/<uuid:passage>/split/", reviewing.Split.as_view(), name="split"),
]
