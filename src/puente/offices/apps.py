from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "puente.offices"
    label = "offices"
