"""Conditions of root causes in words, in both languages."""

from __future__ import annotations

from journey_mining.scoring.root_cause_search import Condition, Rule

Names = dict[str, tuple[str, str]]
"""Russian and English name of each stage"""

_FIXED = {
    ("first_answer", "over_24h"): ("первый ответ позже 24 часов", "first answer after more than 24 hours"),
    ("first_answer", "within_24h"): ("первый ответ в течение 24 часов", "first answer within 24 hours"),
    ("ticket_before", "yes"): ("раньше было обращение в поддержку", "had a support ticket before"),
    ("ticket_before", "no"): ("раньше не было обращений в поддержку", "had no support ticket before"),
    ("touches_before", "0"): ("до этого не было касаний", "no touches before"),
    ("touches_before", "1-3"): ("до этого от 1 до 3 касаний", "1 to 3 touches before"),
    ("touches_before", "4-9"): ("до этого от 4 до 9 касаний", "4 to 9 touches before"),
    ("touches_before", "10+"): ("до этого 10 касаний и больше", "10 touches or more before"),
    ("entry_day", "weekend"): ("начало в выходные", "began on a weekend"),
    ("entry_day", "workday"): ("начало в будни", "began on a working day"),
    ("entry_hour", "office"): ("начало в рабочие часы (9–18)", "began in office hours (9 to 18)"),
    ("entry_hour", "evening"): ("начало вечером или ночью (18–9)", "began in the evening or at night (18 to 9)"),
    ("previous_stage", "none"): ("путь начался с этой стадии", "the journey began in this stage"),
    ("utm_source", "none"): ("пришли без рекламной метки", "came without a campaign mark"),
    ("utm_medium", "none"): ("пришли без рекламной метки", "came without a campaign mark"),
}
_CHANNELS = {
    "web": ("сайт", "website"),
    "crm": ("CRM", "CRM"),
    "email": ("почта", "e-mail"),
    "chat": ("чат", "chat"),
    "phone": ("телефон", "phone"),
    "portal": ("личный кабинет", "customer portal"),
    "messenger": ("мессенджер", "messenger"),
    "social": ("соцсети", "social networks"),
    "survey": ("опрос", "survey"),
    "store": ("магазин", "store"),
}
"""channels that sources of the catalogue name; another one stands as it was written"""
_OPEN = {
    "entry_channel": ("канал входа: {}", "channel of entry: {}"),
    "entry_source": ("первая запись в системе: {}", "first record in: {}"),
    "customer_type": ("тип клиента: {}", "type of customer: {}"),
    "utm_source": ("источник рекламы: {}", "campaign source: {}"),
    "utm_medium": ("канал рекламы: {}", "campaign medium: {}"),
    "previous_stage": ("до этого была стадия «{}»", "came from “{}”"),
}


def rule_texts(rule: Rule, stages: Names) -> tuple[str, str]:
    """A rule in Russian and in English.

    >>> rule_texts((("entry_day", "weekend"), ("utm_medium", "cpc")), {})[1]
    'began on a weekend, and campaign medium: cpc'
    """
    parts = [_condition_texts(condition, stages) for condition in rule]
    return " и ".join(part[0] for part in parts), ", and ".join(part[1] for part in parts)


def _condition_texts(condition: Condition, stages: Names) -> tuple[str, str]:
    if condition in _FIXED:
        return _FIXED[condition]
    name, value = condition
    russian, english = _OPEN.get(name, (f"{name}: {{}}", f"{name}: {{}}"))
    named = {"previous_stage": stages, "entry_channel": _CHANNELS}.get(name, {})
    names = named.get(value, (value, value))
    return russian.format(names[0]), english.format(names[1])
