"""What protection reads; nobody else imports this package."""

from puente.protection.selectors.inbox import ORDER, list_taken, list_waiting

__all__ = ["ORDER", "list_taken", "list_waiting"]
