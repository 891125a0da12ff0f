from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "indgang.registers.parties"
