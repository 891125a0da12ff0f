from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "indgang.foundation.places"
