"""Personal data: one spelling per identifier, keyed hashes instead of values, texts without names and numbers.

In: plain values and texts from exports, while they are still in the private part. Out: what may be published.
Stands under `sources`, which calls it before anything reaches the published warehouse.
"""

from __future__ import annotations

from journey_mining.privacy.blocklist import block_reason, is_placeholder, is_shared_mailbox
from journey_mining.privacy.keys import DEMO_KEY, load_key, load_keys
from journey_mining.privacy.mail_domains import PUBLIC_DOMAINS, company_domain
from journey_mining.privacy.markup import as_seen
from journey_mining.privacy.normalise import normalise_email, normalise_identifier, normalise_phone
from journey_mining.privacy.own_patterns import OwnPatterns
from journey_mining.privacy.pseudonyms import (
    PERSONAL_KINDS,
    RECORD_KINDS,
    is_personal,
    pseudonym,
    pseudonymise,
)
from journey_mining.privacy.redaction import Redacted, redact

__all__ = [
    "DEMO_KEY",
    "PERSONAL_KINDS",
    "PUBLIC_DOMAINS",
    "RECORD_KINDS",
    "OwnPatterns",
    "Redacted",
    "as_seen",
    "block_reason",
    "company_domain",
    "is_personal",
    "is_placeholder",
    "is_shared_mailbox",
    "load_key",
    "load_keys",
    "normalise_email",
    "normalise_identifier",
    "normalise_phone",
    "pseudonym",
    "pseudonymise",
    "redact",
]
