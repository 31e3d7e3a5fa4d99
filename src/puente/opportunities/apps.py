from django.apps import AppConfig


class OpportunitiesConfig(AppConfig):
    name = "puente.opportunities"
    label = "opportunities"
