from django.urls import path

from hoptac.foundation.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.listed, name="list"),
    path("mark/", views.mark, name="mark"),
    path("preferences/", views.preferences, name="preferences"),
    path("letters/", views.letters, name="letters"),
    path("letters/again/", views.all_again, name="all_again"),
    path("letters/<uuid:pk>/", views.letter, name="letter"),
    path("letters/<uuid:pk>/again/", views.again, name="again"),
    path("letters/<uuid:pk>/aside/", views.aside, name="aside"),
    path("<uuid:pk>/", views.opened, name="open"),
]
