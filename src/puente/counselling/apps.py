from django.apps import AppConfig


class CounsellingConfig(AppConfig):
    name = "puente.counselling"
    label = "counselling"
