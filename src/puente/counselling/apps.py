from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CounsellingConfig(AppConfig):
    name = "puente.counselling"
    label = "counselling"

    def ready(self) -> None:
        from puente.counselling.policies import VIEW_INTRODUCTIONS, VIEW_PROFILE
        from puente.web.navigation import register_section

        register_section(_("Counselling"), "counselling:home", order=40, action=VIEW_PROFILE)
        register_section(
            # The namespace is the one of counselling; the pages of introductions say that they belong here.
            _("Introductions"), "counselling:introductions", order=45, action=VIEW_INTRODUCTIONS, namespaces=("none",),
        )  # fmt: skip
