from puente.platform.policy import Purpose, register_action

LOAD_MANIFEST = register_action("manifest.load", Purpose.RECEPTION)
VIEW_MANIFESTS = register_action("manifest.view", Purpose.RECEPTION)
REGISTER_ARRIVAL = register_action("arrival.register", Purpose.RECEPTION)
VIEW_ARRIVALS = register_action(
    "arrival.view", Purpose.RECEPTION, Purpose.COUNSELLING, Purpose.PROTECTION, Purpose.FOLLOW_UP
)
CORRECT_ARRIVAL = register_action("arrival.correct", Purpose.RECEPTION, Purpose.RIGHTS)
#: Of no role: a line leaves its list for the person's own key when their file is reserved.
SEAL_LINES = register_action("manifest.seal", Purpose.PROTECTION)
MOVE_IN_QUEUE = register_action("queue.move", Purpose.RECEPTION, Purpose.COUNSELLING)
