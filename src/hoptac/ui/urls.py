from django.urls import path

from hoptac.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.Catalogue.as_view(), name="catalogue"),
    path("preference/", views.set_preference, name="set_preference"),
]
