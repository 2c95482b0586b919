"""Shares of customers with Wilson's interval, the one way in which all tables of paths state them."""

from __future__ import annotations

from dataclasses import dataclass

from journey_mining.scoring.intervals import wilson
from journey_mining.scoring.occupancy import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerShare:
    """Some customers out of others."""

    customers: int
    base: int
    low: float
    high: float
    flags: str
    """comma-separated"""

    @property
    def share(self) -> float:
        """Customers over base; 0 for an empty base."""
        return round(self.customers / self.base, 6) if self.base else 0.0


def customer_share(customers: int, base: int, reader: Reader) -> CustomerShare:
    """The share of `customers` among `base`; both count distinct customers, so that trials are independent."""
    low, high = wilson(customers, base, reader.z)
    flags = reader.thresholds.flags(base, share=customers / base if base else None)
    return CustomerShare(
        customers=customers, base=base, low=round(low, 6), high=round(high, 6), flags=",".join(dict.fromkeys(flags))
    )
