"""A grant is bound to what was approved: whose file, for whom, what for, how high, until when, on which request.

The proof is a keyed digest (HMAC-SHA-256, RFC 2104) with the key of this installation: a row written or changed
by anybody without the key gives no right. It does not bind the approver's own device, as a passkey's signature would.
"""

import hashlib
import hmac

from puente.accounts.models import AccessGrant
from puente.platform.keys import load_keyring


def prove_grant(grant: AccessGrant) -> bytes:
    """Return the proof of a grant: 32 bytes over everything that it says."""
    said = (
        grant.user_id, grant.person_id, grant.purpose, grant.clearance, grant.granted_by, grant.nonce,
        grant.expires_at.timestamp(),
    )  # fmt: skip
    return hmac.digest(load_keyring().index_key, ("grant|" + "|".join(map(str, said))).encode(), hashlib.sha256)


def is_genuine(grant: AccessGrant) -> bool:
    """Tell whether a grant says what was approved."""
    return hmac.compare_digest(bytes(grant.proof), prove_grant(grant))
