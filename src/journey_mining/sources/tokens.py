"""What stands in published tables in place of plain identifiers and texts.

In: the temporary tables `source_identifier` and `source_text`. Out: `identifier_token` and `text_token`, temporary too,
which the models of `sql/30_events` join. Every distinct value is worked on once.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from journey_mining.languages import language_of
from journey_mining.privacy import RECORD_KINDS, OwnPatterns, block_reason, company_domain, pseudonym, pseudonymise
from journey_mining.warehouse import DuckDBWarehouse

_TEXT_CHUNK = 5_000
_OF_A_COMPANY = (None, "shared_mailbox")
"""a mailbox that several people write from is nobody's, and yet some company's"""


def identifier_tokens(
    warehouse: DuckDBWarehouse,
    *,
    key: bytes,
    internal_domains: tuple[str, ...],
    record_kinds: frozenset[str] = RECORD_KINDS,
) -> None:
    """Make `identifier_token(kind, plain_value, value, blocked_reason, is_internal)`."""
    warehouse.execute(
        "create temp table identifier_token (kind varchar, plain_value varchar, value varchar, "
        "blocked_reason varchar, is_internal boolean)"
    )
    plain = warehouse.arrow(
        "select distinct kind, value from source_identifier where value is not null and kind is not null order by all"
    )
    kinds, values = plain["kind"].combine_chunks(), plain["value"].combine_chunks()
    pairs = list(zip(kinds.to_pylist(), values.to_pylist(), strict=True))
    own = tuple(domain.casefold().removeprefix("@") for domain in internal_domains)
    tokens = pa.table(
        {
            "kind": kinds,
            "plain_value": values,
            "value": pseudonymise(kinds, values, key, record_kinds),
            "blocked_reason": pa.array([block_reason(kind, value) for kind, value in pairs], pa.string()),
            "is_internal": pa.array([kind == "email" and is_own(value, own) for kind, value in pairs], pa.bool_()),
        }
    )
    warehouse.append("identifier_token", tokens)
    _write_domains(warehouse, tokens, key=key)


def _write_domains(warehouse: DuckDBWarehouse, tokens: pa.Table, *, key: bytes) -> None:
    """Make `email_domain(value, domain)`, both hashed: which addresses are of one company, without saying of which."""
    emails = tokens.filter(pc.equal(tokens["kind"], "email")).to_pylist()
    rows = [row for row in emails if row["blocked_reason"] in _OF_A_COMPANY]
    pairs = [
        (row["value"], pseudonym("email_domain", domain, key))
        for row in rows
        if not row["is_internal"] and (domain := company_domain(row["plain_value"])) is not None
    ]
    columns = zip(*sorted(set(pairs)), strict=True) if pairs else ((), ())
    arrays = [pa.array(column, pa.string()) for column in columns]
    warehouse.write("email_domain", pa.table(dict(zip(("value", "domain"), arrays, strict=True))))


def is_own(email: str, domains: tuple[str, ...]) -> bool:
    """Whether an address belongs to one of the company's own domains or a subdomain of them.

    >>> is_own("anna@mail.oblako-host.example", ("oblako-host.example",))
    True
    """
    host = email.rpartition("@")[2].casefold()
    return any(host == domain or host.endswith("." + domain) for domain in domains)


def text_tokens(warehouse: DuckDBWarehouse, own: OwnPatterns) -> None:
    """Make `text_token(source, stream, natural_key, text, language, redaction_count)` of redacted texts.

    A language that the source's SQL states wins over a look at the letters.
    """
    warehouse.execute(
        "create temp table text_token (source varchar, stream varchar, natural_key varchar, text varchar, "
        "language varchar, redaction_count bigint)"
    )
    plain = warehouse.arrow(
        "select source, stream, natural_key, trim(text) as text, nullif(trim(language), '') as language "
        "from source_text where trim(text) <> '' order by all"
    )
    for start in range(0, plain.num_rows, _TEXT_CHUNK):
        warehouse.append("text_token", _redacted(plain.slice(start, _TEXT_CHUNK), own))


def _redacted(plain: pa.Table, own: OwnPatterns) -> pa.Table:
    texts = own.redacted(plain["text"].to_pylist())
    stated = plain["language"].to_pylist()
    languages = [known or language_of(text.text) for known, text in zip(stated, texts, strict=True)]
    return pa.table(
        {
            "source": plain["source"],
            "stream": plain["stream"],
            "natural_key": plain["natural_key"],
            "text": pa.array([redacted.text for redacted in texts], pa.string()),
            "language": pa.array(languages, pa.string()),
            "redaction_count": pa.array([redacted.count for redacted in texts], pa.int64()),
        }
    )
