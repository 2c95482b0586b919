"""Russian, English, both, or neither."""

from __future__ import annotations

import pytest

from journey_mining.languages import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Не работает почта", "ru"),
        ("VPS упал, nginx не стартует", "ru"),
        ("The server is down", "en"),
        ("Charged twice", "en"),
        ("Thanks, the café page works now", "en"),
        ("Ошибка: connection refused by upstream server", "mixed"),
        ("Ich kann mich seit gestern nicht mehr anmelden", "und"),
        ("Não consigo acessar o painel desde ontem", "und"),
        ("Сайт не працює, допоможіть, будь ласка, бо їм усім потрібно", "und"),
        ("مرحبا", "und"),
        ("12345 !!!", "und"),
        ("", "und"),
        ("см. https://oblako-host.example/very/long/path", "ru"),
    ],
)
def test_letters_and_function_words_tell_the_language(text, language):
    assert language_of(text) == language


def test_loading_tells_russian_in_latin_letters():
    import pyarrow as pa

    from journey_mining.privacy import OwnPatterns
    from journey_mining.sources.tokens import _redacted

    texts = ("pochemu ne rabotaet sayt, pishu vtoroy raz", "why is the site down", "Ich bin sehr müde seit gestern")
    names = ("source", "stream", "natural_key")
    plain = pa.table({**dict.fromkeys(names, ["x"] * 3), "text": texts, "language": [None, None, "de"]})
    assert _redacted(plain, OwnPatterns())["language"].to_pylist() == ["ru", "en", "de"]
