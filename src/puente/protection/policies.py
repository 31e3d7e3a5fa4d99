from puente.platform.policy import Purpose, register_action

SEND_HANDOVER = register_action("handover.send", Purpose.RECEPTION, Purpose.COUNSELLING, Purpose.PROTECTION)
VIEW_HANDOVERS = register_action("handover.view", Purpose.PROTECTION)
ACKNOWLEDGE_HANDOVER = register_action("handover.acknowledge", Purpose.PROTECTION)
