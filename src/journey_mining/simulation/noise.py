"""What must not count as customers: robots, the company's own staff, and cookies that nobody can place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from numpy.random import Generator

from journey_mining.simulation import plan
from journey_mining.simulation.crm import Contact
from journey_mining.simulation.people import (
    Person,
    full_name,
    generator,
    latin,
    new_cookie,
    phone_as_written,
    pick,
    words,
)
from journey_mining.simulation.plan import SITE
from journey_mining.simulation.story import SECOND
from journey_mining.simulation.web import Hit, big_number

_ROBOTS = ("Googlebot/2.1", "YandexBot/3.0", "bingbot/2.0", "AhrefsBot/7.0", "SemrushBot/7", "PetalBot", "DotBot/1.2")
_PUBLIC = ("", "pricing", "calculator", "compare", "docs/dns", "docs/backup", "blog/ssl-za-5-minut", "cases/klinika")
_PANEL = ("panel/servers", "panel/status", "panel/billing", "help/oshibka-502")


@dataclass(frozen=True, slots=True)
class Excluded:
    """Something that the pipeline has to keep out of journeys."""

    kind: str
    """cookie | email"""
    value: str
    reason: str
    """bot_honest | bot_behaviour | staff"""


def robots(customers: int, seed: int) -> tuple[list[Hit], list[Excluded]]:
    """Robots: half say what they are, half look like browsers but open more than sixty pages a minute."""
    hits: list[Hit] = []
    excluded = []
    for no in range(round(customers * plan.BOTS)):
        rng = generator(seed, 12, no)
        honest = no % 2 == 0
        day = plan.WINDOW_START + rng.random() * (plan.WORLD_DAYS - plan.WINDOW_START - 1)
        cookie = new_cookie(rng, day)
        count, pause = (int(rng.integers(3, 12)), 1800.0) if honest else (int(rng.integers(64, 80)), 0.6)
        browser = pick(rng, _ROBOTS) if honest else "chrome"
        day = day if honest else int(day * 1440) / 1440  # a burst fits into one minute of the clock
        hits.extend(_crawl(rng, cookie, browser, day, count, pause))
        excluded.append(Excluded("cookie", cookie, "bot_honest" if honest else "bot_behaviour"))
    return hits, excluded


def _crawl(rng: Generator, cookie: str, browser: str, day: float, count: int, pause: float) -> Iterator[Hit]:
    visit, at = big_number(rng), day
    ip = f"203.0.113.{int(rng.integers(1, 255))}"
    for _ in range(count):
        path = f"{pick(rng, plan.SEGMENTS)}/{pick(rng, _PUBLIC)}"
        yield _hit(rng, at=at, visit_id=visit, cookie=cookie, path=path, browser=browser, ip=ip)
        at += rng.random() * 2 * pause * SECOND if pause > 1 else pause * SECOND


def _hit(rng: Generator, *, at: float, visit_id: str, cookie: str, path: str, browser: str, ip: str) -> Hit:
    return Hit(
        at=at,
        watch_id=big_number(rng),
        visit_id=visit_id,
        cookie=cookie,
        url=f"https://{SITE}/{path}",
        title="Облако-Хост",
        referer="",
        utm=("", "", ""),
        is_page=True,
        is_download=False,
        goal="",
        login=None,
        browser=browser,
        device="1",
        ip=ip,
        is_mapped=True,
    )


def staff(customers: int, seed: int) -> tuple[list[Contact], list[str]]:
    """Contacts of employees who test the shop, and a cookie for each of them."""
    found, cookies = [], []
    for no in range(max(1, round(customers * plan.STAFF))):
        rng = generator(seed, 13, no)
        first, last = full_name(rng)
        at = rng.random() * plan.WINDOW_START
        phone = phone_as_written(rng, f"495009{no % 10_000:04d}")
        email = f"{latin(first)[0]}.{latin(last)}{no}@{SITE}"
        found.append(Contact("", None, first, last, "Облако-Хост", (phone, ""), (email, ""), at))
        cookies.append(new_cookie(rng, at))
    return found, cookies


def staff_hits(contacts: Sequence[Contact], cookies: Sequence[str], seed: int) -> tuple[list[Hit], list[Excluded]]:
    """What employees do in the panel, always logged in, once their contacts have numbers."""
    hits, excluded = [], []
    for no, (contact, cookie) in enumerate(zip(contacts, cookies, strict=True)):
        rng = generator(seed, 14, no)
        login = (contact.contact_id, "Корпорация")
        for _ in range(int(rng.integers(2, 8))):
            day = plan.WINDOW_START + rng.random() * (plan.WORLD_DAYS - plan.WINDOW_START)
            at = int(day) + (9 + 9 * (day % 1)) / 24
            path, visit = pick(rng, _PANEL), big_number(rng)
            hit = _hit(rng, at=at, visit_id=visit, cookie=cookie, path=path, browser="chrome", ip="192.0.2.10")
            hits.append(replace(hit, login=login))
        excluded += [Excluded("cookie", cookie, "staff"), Excluded("email", contact.emails[0], "staff")]
    return hits, excluded


def stray_visits(people: Sequence[Person], seed: int) -> tuple[list[Hit], dict[str, Person]]:
    """One visit each of a few customers from a device that they never log in on; nobody can place it."""
    hits: list[Hit] = []
    owners: dict[str, Person] = {}
    for person in people:
        rng = generator(seed, 15, person.no)
        begin = max(plan.WINDOW_START, person.lives[0].episodes[0].entered)
        end = min(plan.WORLD_DAYS, person.lives[-1].episodes[-1].exited)
        if not person.contact_id or begin >= end or rng.random() >= plan.UNLINKABLE_COOKIES:
            continue
        day = begin + rng.random() * (end - begin)
        cookie, visit = new_cookie(rng, day), big_number(rng)
        slug = pick(rng, words("pages")["slugs_blog"])
        path = f"{person.segment}/blog/{slug}"
        hits.append(_hit(rng, at=day, visit_id=visit, cookie=cookie, path=path, browser="safari_mobile", ip=person.ip))
        owners[cookie] = person
    return hits, owners


def broken_contact() -> Contact:
    """The one contact whose date does not exist; the writer spoils it."""
    return Contact("", None, "Тест", "Ошибочный", "", ("", ""), ("oshibka@mail.example", ""), plan.WORLD_DAYS - 30.0)
