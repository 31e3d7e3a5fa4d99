class Problem(Exception):
    """A file that is refused, with the code of the message for its sender and what the message tells."""

    def __init__(self, code: str, **facts: int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
