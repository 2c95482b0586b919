"""Who the simulated people are: names, companies, mail addresses, phones, cookies, and the traps among them.

Phones are in number ranges that are not in use (Moscow numbers that begin with 0, mobile codes that no operator holds),
mail addresses are under `.example`; so no string here can belong to anybody.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from numpy.random import PCG64, Generator, SeedSequence

from journey_mining.simulation import plan
from journey_mining.simulation.lives import Life, lives
from journey_mining.simulation.nature import Nature, nature, plain_nature
from journey_mining.simulation.scenarios import DEFAULT, TINY_SEGMENT, Scenario

T = TypeVar("T")
_MOBILE_CODES = ("907", "935", "943", "944", "945", "946", "947", "948", "972", "973", "974", "975", "976")
_LETTERS = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f h ts ch sh sch - y - e yu ya".replace("-", "").split(" "),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Company:
    """An employer; several customers of one company may share its phone and its common mailbox."""

    name: str
    domain: str
    office_phone: str
    """ten digits"""
    shares_phone: bool
    shares_mailbox: bool


@dataclass(slots=True, kw_only=True)
class Person:
    """A simulated customer with everything that the exports may tell of them."""

    no: int
    segment: str
    has_deal: bool
    first_name: str
    last_name: str
    company: Company | None
    email: str
    """'' for the few who leave only a phone"""
    private_email: str
    mobile: str
    """ten digits, nobody else's"""
    lives: tuple[Life, ...]
    cookies: list[str]
    ip: str
    browser: str
    device: str
    contact_id: str = ""
    """first contact in the CRM, once registered"""
    registered_at: float | None = None
    linked: set[str] = field(default_factory=set)
    """cookies that the exported window shows together with the contact"""
    nature: Nature = field(default_factory=plain_nature)

    @property
    def true_id(self) -> str:
        """Name of the person in the answer key."""
        return f"C{self.no:06d}"

    @property
    def shares_office_phone(self) -> bool:
        """Whether the work phone in the CRM is the company's switchboard."""
        return self.company is not None and self.company.shares_phone


def generator(seed: int, *purpose: int) -> Generator:
    """An independent stream of random numbers for one purpose."""
    return Generator(PCG64(SeedSequence([seed, *purpose])))


def pick(rng: Generator, of: Sequence[T]) -> T:
    """One element, evenly; much faster than `Generator.choice` for single draws."""
    return of[int(rng.random() * len(of))]


def weighted(rng: Generator, weights: dict[T, float]) -> T:
    """One key, by weight."""
    draw = rng.random() * sum(weights.values())
    for key, weight in weights.items():
        draw -= weight
        if draw < 0:
            return key
    return next(reversed(weights))


@cache
def words(name: str) -> dict[str, Any]:
    """A packaged word list."""
    return tomllib.loads(files("journey_mining.simulation").joinpath("words", f"{name}.toml").read_text("utf-8"))


def latin(text: str) -> str:
    """Russian letters as people spell them in mail addresses.

    >>> latin("Щербаков")
    'scherbakov'
    """
    return "".join(_LETTERS.get(letter, letter) for letter in text.lower())


def companies(rng: Generator, count: int) -> list[Company]:
    """`count` employers."""
    lists = words("names")
    return [_company(rng, lists, no) for no in range(count)]


def _company(rng: Generator, lists: dict[str, Any], no: int) -> Company:
    firm = pick(rng, lists["firms"])
    return Company(
        name=f"{pick(rng, lists['forms'])} «{firm}-{no + 1}»",
        domain=f"{latin(firm)}-{no + 1}.example",
        office_phone=f"4950{no % 1_000_000:06d}",
        shares_phone=rng.random() < 0.3,
        shares_mailbox=rng.random() < 0.2,
    )


def people(seed: int, customers: int, scenario: Scenario = DEFAULT) -> list[Person]:
    """All customers of the world, in order of their number."""
    employers = companies(generator(seed, 1), max(2, customers // 4))
    return [_person(generator(seed, 2, no), seed, no, employers, scenario) for no in range(customers)]


def full_name(rng: Generator) -> tuple[str, str]:
    """A first name and the surname in its form."""
    lists = words("names")
    surname = pick(rng, lists["surnames"])
    if rng.random() < 0.5:
        return pick(rng, lists["men"]), surname
    return pick(rng, lists["women"]), surname + "а"


def new_cookie(rng: Generator, day: float) -> str:
    """A Metrica client id: unix seconds of the first visit and nine random digits."""
    seconds = 1_767_214_800 + int(day * 86400)
    return f"{seconds}{int(rng.integers(10**8, 10**9))}"


def _person(rng: Generator, seed: int, no: int, employers: list[Company], scenario: Scenario) -> Person:
    segment = weighted(rng, plan.SEGMENT_SHARE)
    segment = TINY_SEGMENT if no < scenario.tiny_count else segment
    inner = nature(scenario, seed, no, segment)
    first, last = full_name(rng)
    company = pick(rng, employers) if segment != "personal" else None
    has_deal = bool(rng.random() < scenario.has_deal[segment])
    found = lives(rng, segment, has_deal=has_deal, nature=inner)
    local = f"{latin(first)[0]}.{latin(last)}{no}"
    private = f"{local}@{pick(rng, ('pochta.example', 'mail.example', 'yashchik.example'))}"
    phone_only = segment != "corp" and rng.random() < 0.06
    return Person(
        no=no,
        segment=segment,
        has_deal=has_deal,
        first_name=first,
        last_name=last,
        company=company,
        email="" if phone_only else f"{local}@{company.domain}" if company else private,
        private_email="" if phone_only else private,
        mobile=f"{_MOBILE_CODES[no % 13]}{(no * 7919 + 1234567) % 10**7:07d}",
        lives=found,
        cookies=[new_cookie(rng, found[0].episodes[0].entered) for _ in range(pick(rng, (1, 1, 2, 2, 3)))],
        ip=f"{pick(rng, ('192.0.2', '198.51.100', '203.0.113'))}.{int(rng.integers(1, 255))}",
        browser=weighted(rng, {"yandex_browser": 4.0, "chrome": 5.0, "firefox": 1.0, "safari_mobile": 2.0}),
        device=weighted(rng, {"1": 7.0, "2": 3.0, "3": 0.3}),
        nature=inner,
    )


def phone_as_written(rng: Generator, digits: str) -> str:
    """Ten digits in one of the three ways in which people write them."""
    area, a, b, c = digits[:3], digits[3:6], digits[6:8], digits[8:]
    return pick(rng, (f"+7 {area} {a}-{b}-{c}", f"8 ({area}) {a}-{b}-{c}", f"7{digits}"))
