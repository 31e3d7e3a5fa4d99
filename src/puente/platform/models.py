from uuid import UUID

from django.db import connection, models


class CommandReceiptManager(models.Manager["CommandReceipt"]):
    def claim(self, *, command_id: UUID, name: str, digest: bytes, actor_id: UUID) -> bool:
        """Insert the receipt of a command; False where it exists. A rival transaction is waited for."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO platform_commandreceipt (command_id, name, digest, actor_id, received_at, result)"
                " VALUES (%s, %s, %s, %s, now(), '{}') ON CONFLICT DO NOTHING",
                [command_id, name, digest, actor_id],
            )
            return bool(cursor.rowcount == 1)


class CommandReceipt(models.Model):
    """That a command took effect, and what it answered: ids, never a name."""

    command_id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=60)
    digest = models.BinaryField()
    actor_id = models.UUIDField()
    received_at = models.DateTimeField(auto_now_add=True)
    result = models.JSONField(default=dict)

    objects = CommandReceiptManager()
