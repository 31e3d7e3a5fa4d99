from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "puente.platform"
    label = "platform"
