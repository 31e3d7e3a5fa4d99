from puente.platform.policy import Purpose, register_action

LOAD_MANIFEST = register_action("manifest.load", Purpose.RECEPTION)
VIEW_MANIFESTS = register_action("manifest.view", Purpose.RECEPTION)
REGISTER_ARRIVAL = register_action("arrival.register", Purpose.RECEPTION)
VIEW_ARRIVALS = register_action(
    "arrival.view", Purpose.RECEPTION, Purpose.COUNSELLING, Purpose.PROTECTION, Purpose.FOLLOW_UP
)
CORRECT_ARRIVAL = register_action("arrival.correct", Purpose.RECEPTION, Purpose.RIGHTS)
MOVE_IN_QUEUE = register_action("queue.move", Purpose.RECEPTION, Purpose.COUNSELLING)
