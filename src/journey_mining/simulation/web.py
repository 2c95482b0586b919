"""Web visits as Yandex Metrica's Logs API writes them: one row per hit, tab-separated, one gzip file a month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from numpy.random import Generator

from journey_mining.simulation import plan
from journey_mining.simulation.people import Person, generator, pick, weighted, words
from journey_mining.simulation.plan import AWARENESS, IMPLEMENTATION, SITE, STAGES
from journey_mining.simulation.story import SECOND, Story, Visit

COLUMNS = (
    "watchID visitID counterID clientID dateTime URL title referer UTMSource UTMMedium UTMCampaign isPageView link "
    "download goalsID params browser deviceCategory ipAddress"
)
HEADER = "\t".join(f"ym:pv:{name}" for name in COLUMNS.split())
COUNTER = "48211907"
_SLUGS = {"blog": "blog", "news": "news", "docs": "docs", "cases": "cases", "help": "help", "promo-x": "promo"}
_LATER_HIT_SECONDS = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One row of the export and what the answer key has to know of it."""

    at: float
    watch_id: str
    visit_id: str
    cookie: str
    url: str
    title: str
    referer: str
    utm: tuple[str, str, str]
    is_page: bool
    is_download: bool
    goal: str
    login: tuple[str, str] | None
    """(contact id, customer type) where the visitor is logged in"""
    browser: str
    device: str
    ip: str
    is_mapped: bool

    def row(self) -> str:
        """The line of the export."""
        goals = rf"[\'{self.goal}\']" if self.goal else "[]"
        moment = plan.moment(self.at).strftime("%Y-%m-%d %H:%M:%S")
        head = (self.watch_id, self.visit_id, COUNTER, self.cookie, moment, self.url, self.title, self.referer)
        flags = (str(int(self.is_page)), "0", str(int(self.is_download)))
        return "\t".join((*head, *self.utm, *flags, goals, self._params(), self.browser, self.device, self.ip))

    def _params(self) -> str:
        if self.login is None:
            return ""
        contact, kind = self.login
        return f'"{{""client_id"":""{contact}"",""client_type"":""{kind}""}}"'


def hits(stories: Iterable[Story], seed: int) -> list[Hit]:
    """All hits of customers inside the window, by person and time."""
    found: list[Hit] = []
    for story in stories:
        rng = generator(seed, 4, story.person.no)
        for visit in sorted(story.visits, key=lambda visit: visit.at):
            if plan.WINDOW_START <= visit.at < plan.WORLD_DAYS:
                found.extend(_session(story.person, visit, rng))
    return found


def _session(person: Person, visit: Visit, rng: Generator) -> Iterator[Hit]:
    registered = person.registered_at is not None and person.registered_at <= visit.at
    cookie = pick(rng, person.cookies) if registered and not visit.form and rng.random() < 0.4 else person.cookies[0]
    # a new device shows itself by a login, otherwise nobody could ever tell whose it is
    login_first = bool(visit.form) or (registered and cookie not in person.linked)
    logged_in = registered and rng.random() < 0.3
    referer, utm = _arrival(visit, rng)
    at, visit_id = visit.at, big_number(rng)
    for no in range(1 + min(int(rng.poisson(0.55)), 3)):
        first = no == 0
        name = _page(visit, rng, person.nature.scenario.placebo_page, first=first)
        login = logged_in or (registered and name.startswith("panel/")) or (login_first and first)
        if login and person.contact_id:
            person.linked.add(cookie)
        address, title = _address(person.segment, name, rng)
        yield Hit(
            at=at,
            watch_id=big_number(rng),
            visit_id=visit_id,
            cookie=cookie,
            url=address + (_query(person, visit, utm, rng) if first else ""),
            title=title,
            referer=referer,
            utm=utm if first else ("", "", ""),
            is_page=not (first and visit.form),
            is_download=False,
            goal=visit.form if first else "",
            login=(person.contact_id, plan.CUSTOMER_TYPE[person.segment]) if login and person.contact_id else None,
            browser=person.browser,
            device=person.device,
            ip=person.ip,
            is_mapped=visit.stage >= 0,
        )
        at, referer = at + min(10 + rng.exponential(_LATER_HIT_SECONDS), 280) * SECOND, address
        if at >= min(visit.until, plan.WORLD_DAYS):
            return


def _query(person: Person, visit: Visit, utm: tuple[str, str, str], rng: Generator) -> str:
    if visit.form and person.email and rng.random() < 0.02:
        return f"?email={quote(person.email)}"  # badly made forms put the address into the URL
    return f"?utm_source={utm[0]}&utm_medium={utm[1]}&utm_campaign={utm[2]}" if utm[0] else ""


def _page(visit: Visit, rng: Generator, placebo: str, *, first: bool) -> str:
    if visit.stage < 0:
        return "promo-x"
    if first and visit.form:
        return "order" if visit.form == "301" else "docs"
    if visit.page:
        return visit.page
    weights: dict[str, float] = words("pages")["weights"][STAGES[visit.stage]]
    return weighted(rng, {page: weight for page, weight in weights.items() if page != placebo} if placebo else weights)


def _address(segment: str, name: str, rng: Generator) -> tuple[str, str]:
    lists: dict[str, Any] = words("pages")
    title = f"{lists['titles'][name]} — Облако-Хост"
    slug = f"/{pick(rng, lists[f'slugs_{_SLUGS[name]}'])}" if name in _SLUGS else ""
    if name.startswith(("panel/", "reviews/", "help", "promo")):
        return f"https://{SITE}/{name}{slug}", title
    return f"https://{SITE}/{segment}/{'' if name == 'landing' else name}{slug}", title


def _arrival(visit: Visit, rng: Generator) -> tuple[str, tuple[str, str, str]]:
    """Referer and campaign marks of a session's first hit."""
    if visit.stage >= IMPLEMENTATION:
        return f"https://{SITE}/", ("", "", "")
    kinds: dict[str, Any] = words("pages")["arrivals"]
    kind = kinds[weighted(rng, {name: value["weight"] for name, value in kinds.items()})]
    if "source" not in kind:
        return kind["referer"], ("", "", "")
    campaign = f"{'brand' if visit.stage > AWARENESS else 'hosting'}_{int(visit.at // 30) + 1:02d}"
    return kind["referer"], (kind["source"], kind["medium"], campaign)


def big_number(rng: Generator) -> str:
    """An id of Metrica: an unsigned 64-bit number of 19 or 20 digits."""
    return str(int(rng.integers(10**18, 18 * 10**18, dtype="uint64")))


def months(found: list[Hit], rng: Generator) -> dict[str, list[str]]:
    """Rows by month of delivery: sessions of a day in no order, some rows doubled, some a month late."""
    keyed: dict[str, list[tuple[int, float, float, str]]] = {}
    session_key: dict[str, float] = {}
    for hit in found:
        key = session_key.setdefault(hit.visit_id, float(rng.random()))
        row, day = hit.row(), int(hit.at)
        late = rng.random() < plan.LATE_HITS
        month = plan.moment(min(hit.at + 31 * late, plan.WORLD_DAYS - 0.01)).strftime("%Y-%m")
        copies = 2 if rng.random() < plan.DUPLICATE_HITS else 1
        keyed.setdefault(month, []).extend([(day, key, float(rng.random()), row)] * copies)
    return {month: [entry[3] for entry in sorted(rows)] for month, rows in sorted(keyed.items())}
