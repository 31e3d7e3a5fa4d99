from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    name = "puente.protection"
    label = "protection"
