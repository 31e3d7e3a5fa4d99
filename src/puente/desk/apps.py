from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "puente.desk"
    label = "desk"
