"""Projects of other shapes than the sample, made from its simulated exports: the real line runs on them.

Nothing here invents a table: only stages.toml, segments.toml and the set of sources differ from those of the sample.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from journey_mining.project import init_project
from journey_mining.sources import catalog_dir
from journey_mining.sources.workbench.adopting import DEMO_SOURCES

FINER_STAGES = {
    "reading": ("awareness", "Чтение", "Reading", ("blog",)),
    "proof": ("research", "Примеры и отзывы", "Examples and reviews", ("docs", "cases")),
    "trial": ("decision", "Пробный период", "Trial", ("trial",)),
    "contract": ("decision", "Договор и оплата", "Contract and payment", ("sale_won",)),
    "migration": ("implementation", "Перенос данных", "Data migration", ("panel_migration",)),
}
"""stage by id: after which stage of the template it stands, its names, and the rules that lead into it"""
_PARTS = (
    ("main", "главная", "front page", r"/?$"),
    ("blog", "блог", "blog", r"/blog"),
    ("news", "новости", "news", r"/news"),
    ("prices", "тарифы", "prices", r"/pricing"),
    ("sums", "калькулятор", "calculator", r"/calculator"),
    ("docs", "документация", "documentation", r"/docs"),
    ("cases", "примеры", "cases", r"/(cases|compare)"),
)
_KINDS = (
    ("smb", "Малый бизнес", "Small business"),
    ("personal", "Физлица", "Individuals"),
    ("corp", "Корпоративные", "Corporate"),
)
_COMING = (
    ("ads", "реклама", "ads", 'utm_medium = ["cpc", "cpm", "paid", "display"]'),
    ("", "без рекламы", "no ads", ""),
)


def sample_shaped(root: Path, exports: Path, sources: tuple[str, ...] = DEMO_SOURCES) -> Path:
    """A project of the IT template with its own copy of the exports of these sources; not run yet."""
    init_project(root, template="it_services", sources=sources, catalog=catalog_dir(), inbox="inbox", demo=True)
    for source in sources:
        shutil.copytree(exports / source, root / "inbox" / source, dirs_exist_ok=True)
    return root


def twelve_stages(root: Path, exports: Path) -> Path:
    """Five of the template's stages are told apart more finely, which makes twelve."""
    sample_shaped(root, exports)
    place = root / "stages.toml"
    text = place.read_text(encoding="utf-8")
    for stage, (after, ru, en, rules) in FINER_STAGES.items():
        head = re.compile(rf'(\[\[stage\]\]\nid = "{after}"\n(?:[^\n]+\n)+)')
        block = f'\n[[stage]]\nid = "{stage}"\nru = "{ru}"\nen = "{en}"\nsilence = "30d"\noptional = true\n'
        text = _once(head, text, lambda found, block=block: found[1] + block)
        for rule in rules:
            own = re.compile(rf'(\[\[rule\]\]\nid = "{rule}"\npriority = \d+\n)stage = "\w+"')
            text = _once(own, text, lambda found, stage=stage: f'{found[1]}stage = "{stage}"')
    place.write_text(text, encoding="utf-8")
    return root


def forty_segments(root: Path, exports: Path) -> Path:
    """Forty groups by the page and the way a journey began with: few large ones, many small, some empty."""
    sample_shaped(root, exports)
    blocks = ['facts = "first_event"\n']
    for kind, ru, en in _KINDS:
        for coming, coming_ru, coming_en, condition in _COMING:
            for part, part_ru, part_en, path in _PARTS[: 7 if kind != "corp" else 6]:
                keys = ", ".join(filter(None, (f'url_re = "^/{kind}{path}"', condition)))
                names = f'ru = "{ru}: {part_ru}, {coming_ru}"\nen = "{en}: {part_en}, {coming_en}"\n'
                name = "_".join(filter(None, (kind, part, coming)))
                blocks.append(f'[[segment]]\nid = "{name}"\n{names}any = [{{ {keys} }}]\n')
    (root / "segments.toml").write_text("\n".join(blocks), encoding="utf-8")
    shutil.rmtree(root / "knowledge")  # it speaks of the segments of the template
    return root


def web_only(root: Path, exports: Path) -> Path:
    """Nothing but page events, and one group."""
    sample_shaped(root, exports, sources=("metrica",))
    segment = (
        'facts = "first_event"\n\n[[segment]]\nid = "site"\nru = "Сайт"\nen = "Site"\nany = [{ channel = ["web"] }]\n'
    )
    (root / "segments.toml").write_text(segment, encoding="utf-8")
    shutil.rmtree(root / "knowledge")
    return root


def _once(pattern: re.Pattern[str], text: str, replace: object) -> str:
    """The text with the one place that matches changed; a template that changed its ways is noticed here."""
    changed, places = pattern.subn(replace, text)  # type: ignore[arg-type]
    assert places == 1, f"{pattern.pattern} stands at {places} places of the template"
    return changed
