from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CounsellingConfig(AppConfig):
    name = "puente.counselling"
    label = "counselling"

    def ready(self) -> None:
        from puente.counselling import file_copy
        from puente.counselling.policies import VIEW_INTRODUCTIONS, VIEW_PROFILE
        from puente.counselling.services.sheets import STEPS
        from puente.people.erasing import register_eraser
        from puente.people.file_parts import register_file_part
        from puente.people.reservation_steps import register_reservation_steps
        from puente.web.navigation import register_section

        register_reservation_steps("counselling", STEPS)
        register_eraser(self.label)
        register_file_part("profile", _("Your work and what you look for"), file_copy.read_profiles)
        register_file_part("choices", _("Openings that you saw and chose"), file_copy.read_choices)
        register_file_part("introductions", _("Employers who were told of you"), file_copy.read_introductions)
        register_file_part("outcomes", _("How you were afterwards"), file_copy.read_outcomes)
        register_section(_("Counselling"), "counselling:home", order=40, action=VIEW_PROFILE)
        register_section(
            # The namespace is the one of counselling; the pages of introductions say that they belong here.
            _("Introductions"), "counselling:introductions", order=45, action=VIEW_INTRODUCTIONS, namespaces=("none",),
        )  # fmt: skip
