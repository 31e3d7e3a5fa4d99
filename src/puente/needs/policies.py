from puente.platform.policy import Purpose, register_action

VIEW_NEEDS = register_action(
    "needs.view", Purpose.RECEPTION, Purpose.COUNSELLING, Purpose.PROTECTION, Purpose.REFERRAL, Purpose.FOLLOW_UP
)
ASSESS_NEEDS = register_action("needs.assess", Purpose.COUNSELLING)
RESOLVE_NEEDS = register_action("needs.resolve", Purpose.COUNSELLING, Purpose.REFERRAL, Purpose.FOLLOW_UP)
