from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "puente.reception"
    label = "reception"
