"""What happens to one person, in the terms of the company's systems: visits, tickets, deal moves, survey answers.

Input: the bare times of `lives.py`. Output: a `Story`; the writers (`web.py`, `crm.py`, `desk.py`, `survey.py`) only
spell it out. The rules that keep the planted truth visible in the exports stand here:

- the first two touches of an episode always lie on pages or tickets that belong to its stage;
- a visit to earlier pages (`revisit`) is followed by a touch of the current stage, so that it is no return;
- tickets are solved, and answers given, before the last touch of the episode, so that they never delay a silence.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from numpy.random import Generator

from journey_mining.simulation import plan
from journey_mining.simulation.lives import Episode, Life, is_return_by_crm
from journey_mining.simulation.people import Person, pick
from journey_mining.simulation.plan import DECISION, IMPLEMENTATION, RENEWAL, RESEARCH, STAGES, SUPPORT

SECOND = 1 / 86400
SALES, RENEWALS = 0, 1


@dataclass(frozen=True, slots=True)
class Visit:
    """A web session."""

    at: float
    stage: int
    """whose pages are seen; -1 for pages that no rule knows"""
    until: float
    """hits stay before this moment"""
    form: str = ""
    """goal id of a form sent in this session"""
    page: str = ""
    """the one page seen in this session; '' = drawn by the weights of the stage"""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A support request."""

    at: float
    stage: int
    matter: str
    """'' = no matter tag"""
    until: float
    """answered before this moment, or not at all"""


@dataclass(frozen=True, slots=True)
class Answer:
    """A survey answer; the export knows only its date."""

    day: int
    stage: int


@dataclass(slots=True)
class Deal:
    """A deal and the history of its stages."""

    category: int
    moves: list[tuple[float, str]]
    """(moment, stage code without the pipeline's prefix), in order"""
    by_phone: bool = False

    @property
    def stage(self) -> str:
        """Where the deal stands after all moves."""
        return self.moves[-1][1]


@dataclass(slots=True)
class Story:
    """Everything that happens to one person."""

    person: Person
    visits: list[Visit] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    sale: Deal | None = None
    renewal: Deal | None = None
    twin: Deal | None = None
    """a second order at the same time as `sale`; ends as that one does"""

    def register(self, at: float) -> None:
        """The CRM learns of the person (once)."""
        if self.person.registered_at is None:
            self.person.registered_at = at

    def begin_life(self) -> None:
        """A new journey begins with new deals."""
        self.sale = self.renewal = self.twin = None


def tell(person: Person, rng: Generator) -> Story:
    """The story of a person; sets `person.registered_at`."""
    story = Story(person=person)
    for life in person.lives:
        story.begin_life()
        _tell_life(story, life, rng)
    _choose_pages(story)
    return story


def _choose_pages(story: Story) -> None:
    """Lay the pages of the scenario over what was told: the placebo, and the last page before an order."""
    nature = story.person.nature
    memory = nature.scenario.memory_pages
    if not nature.opens_placebo and memory is None:
        return
    story.visits.sort(key=lambda visit: visit.at)
    for no, visit in enumerate(story.visits):
        before_order = no + 1 < len(story.visits) and story.visits[no + 1].stage == DECISION
        if visit.stage != RESEARCH or visit.form:
            continue
        if memory is not None and before_order:
            story.visits[no] = replace(visit, page=memory[0 if nature.by_first_page else 1])
        elif nature.opens_placebo and no and story.visits[no - 1].stage == RESEARCH:
            story.visits[no] = replace(visit, page=nature.scenario.placebo_page)


def _tell_life(story: Story, life: Life, rng: Generator) -> None:
    before: Episode | None = None
    furthest = -1
    for episode in life.episodes:
        furthest = max(furthest, episode.stage)
        from_phone = before is None and life.begins_in_crm
        _enter(story, before, episode, rng, from_phone=from_phone)
        _stay(story, episode, rng, revisits=episode.stage == furthest and not episode.is_back)
        _leave(story, episode)
        _ask(story, episode, rng)
        before = episode


def _enter(story: Story, before: Episode | None, episode: Episode, rng: Generator, *, from_phone: bool) -> None:
    """The first two touches: always recognisable as this stage."""
    first, second = episode.touches[:2]
    if episode.stage == DECISION:
        _enter_decision(story, episode, rng, moved_back=is_return_by_crm(before, episode), from_phone=from_phone)
    elif episode.stage == RENEWAL:
        _enter_renewal(story, episode, rng)
    else:
        bought = before is not None and before.stage == DECISION and story.sale is not None
        if not (episode.stage == IMPLEMENTATION and bought):  # the won deal is the first touch then, see _leave
            _touch(story, episode, first, rng, tickets=episode.stage == SUPPORT)
        _touch(story, episode, second, rng, tickets=False)


def _enter_decision(story: Story, episode: Episode, rng: Generator, *, moved_back: bool, from_phone: bool) -> None:
    first, second = episode.touches[:2]
    if from_phone:
        story.register(first)
        story.sale = _opened(story, plan_category=SALES, at=first, by_phone=True)
        story.visits.append(Visit(second, DECISION, episode.exited))
        return
    if moved_back and story.sale is not None:
        story.sale.moves.append((first, "PREPARATION"))
        story.visits.append(Visit(second, DECISION, episode.exited))
        return
    form_at = first if rng.random() < 0.7 else second
    for at in (first, second):
        story.visits.append(Visit(at, DECISION, episode.exited, form="301" if at == form_at else ""))
    story.register(form_at + 45 * SECOND)
    if story.person.has_deal and story.sale is None:
        story.sale = _opened(story, plan_category=SALES, at=form_at + 45 * SECOND)
        if story.person.nature.has_two_deals:
            story.twin = _opened(story, plan_category=SALES, at=form_at + 3600 * SECOND)
        _answer(story.sale, episode)


def _answer(deal: Deal, episode: Episode) -> None:
    """The agent's first step of a new deal: its time is what a slow answer is known by."""
    if episode.answer_delay is None:
        return
    opened = deal.moves[0][0]
    delay = episode.answer_delay
    if not episode.is_slow:  # a prompt answer comes before the customer leaves, however short the stay is
        delay = min(delay, 0.8 * (episode.exited - opened))
    if opened + delay < episode.exited:
        deal.moves.append((opened + delay, "PREPARATION"))


def _enter_renewal(story: Story, episode: Episode, rng: Generator) -> None:
    first, second = episode.touches[:2]
    by_manager = story.renewal is None and rng.random() < 0.6
    if by_manager:
        story.renewal = _opened(story, plan_category=RENEWALS, at=first)
    else:
        story.visits.append(Visit(first, RENEWAL, episode.exited))
    story.visits.append(Visit(second, RENEWAL, episode.exited))
    if story.renewal is None:
        story.renewal = _opened(story, plan_category=RENEWALS, at=second + 30 * SECOND)


def _opened(story: Story, *, plan_category: int, at: float, by_phone: bool = False) -> Deal:
    deal = Deal(category=plan_category, moves=[(at, "NEW")], by_phone=by_phone)
    story.deals.append(deal)
    return deal


def _stay(story: Story, episode: Episode, rng: Generator, *, revisits: bool) -> None:
    """Touches after the second: mostly of the stage, some neutral, some on unknown pages, some re-reading."""
    known_next = False
    for place, at in enumerate(episode.touches[2:], start=2):
        gap = at - episode.touches[place - 1]
        if revisits and episode.stage >= RESEARCH and gap > 0.15 and rng.random() < plan.REVISIT:
            early = RESEARCH if episode.stage > RESEARCH else 0
            story.visits.append(Visit(at - 0.03 - 0.05 * rng.random(), early, at))  # an hour or two before
            known_next = True
        if known_next:
            story.visits.append(Visit(at, episode.stage, episode.exited))
        elif not _moved_deal(story, episode, at, rng):
            _later_touch(story, episode, at, rng)
        known_next = False


def _later_touch(story: Story, episode: Episode, at: float, rng: Generator) -> None:
    if rng.random() < plan.UNMAPPED:
        story.visits.append(Visit(at, -1, episode.exited))
    else:
        _touch(story, episode, at, rng, tickets=True)


def _touch(story: Story, episode: Episode, at: float, rng: Generator, *, tickets: bool) -> None:
    stage = STAGES[episode.stage]
    if not tickets or rng.random() >= plan.TICKET_SHARE[stage]:
        story.visits.append(Visit(at, episode.stage, episode.exited))
        return
    first_touch = at == episode.touches[0]
    matters = plan.MATTERS.get(stage, ())
    neutral = not matters or (not first_touch and rng.random() < plan.NEUTRAL_TICKETS)
    matter = "" if neutral else pick(rng, matters)
    if story.person.registered_at is None:  # the chat form makes the contact, and shows whose the cookie is
        story.visits.append(Visit(at - 60 * SECOND, episode.stage, at, form="302"))
        story.register(at)
    story.tickets.append(Ticket(at, episode.stage, matter, _answer_limit(episode)))


def _answer_limit(episode: Episode) -> float:
    return episode.touches[-1] if episode.cause == "lost" else episode.exited


def _moved_deal(story: Story, episode: Episode, at: float, rng: Generator) -> bool:
    """Some touches in decision and renewal are steps of the deal."""
    deal = {DECISION: story.sale, RENEWAL: story.renewal}.get(episode.stage)
    onward = {"NEW": "PREPARATION", "PREPARATION": "PREPAYMENT_INVOICE"}
    if deal is None or deal.stage not in onward or rng.random() > 0.4:
        return False
    if episode.is_slow is not None and (len(deal.moves) < 2 or at <= deal.moves[-1][0]):
        return False  # the first step of the deal is the agent's answer
    deal.moves.append((at, onward[deal.stage]))
    return True


def _leave(story: Story, episode: Episode) -> None:
    """What the CRM is told at the end of a stay."""
    deal = {DECISION: story.sale, RENEWAL: story.renewal}.get(episode.stage)
    if deal is None:
        return
    is_twin_open = story.twin is not None and story.twin.stage == "NEW" and episode.stage == DECISION
    twins = [story.twin] if story.twin is not None and is_twin_open else []
    for ending in (deal, *twins):
        if episode.cause == "progress":
            ending.moves.append((episode.exited, "WON"))
        elif episode.written_at is not None:
            ending.moves.append((episode.written_at, "LOSE"))


def _ask(story: Story, episode: Episode, rng: Generator) -> None:
    person = story.person
    asked = rng.random() < plan.SURVEY_SHARE[STAGES[episode.stage]]
    days = range(int(episode.entered) + 1, int(episode.touches[-1]) + 1)
    if not asked or not days or person.registered_at is None or not person.email:
        return
    day = pick(rng, days)
    if day > person.registered_at:
        story.answers.append(Answer(day=day, stage=episode.stage))
