from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "indgang.operations.reception"
