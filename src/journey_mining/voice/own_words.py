"""What of a message its customer wrote: without HTML, quoted replies, forwarded parts, signatures, templates and logs.

In: a message as the source delivered it. Out: the customer's own words, with their line breaks. Every pattern is
bounded, so a hostile message costs no more than its length.
"""

from __future__ import annotations

import html
import re
import unicodedata

RAW_LIMIT = 20_000
"""characters of a message that are looked at; quoted tails and pasted logs stand at the end"""
_KEEP = 1
"""a cut that leaves no more characters than this is not made"""

_INVISIBLE = dict.fromkeys(
    [
        0x00AD,  # soft hyphen
        *range(0x200B, 0x2010),  # zero width, joiners and direction marks
        *range(0x202A, 0x202F),  # direction overrides
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),  # variation selectors
        0xFEFF,
        *range(0x1F3FB, 0x1F400),  # skin tones
    ]
)
_LOOKALIKES = {0x2018: "'", 0x2019: "'", 0x02BC: "'", 0x0060: "'", 0x201C: '"', 0x201D: '"', 0x00A0: " ", 0x2026: "..."}
_CONTROL = dict.fromkeys([*range(9), 0x0B, 0x0C, 0x0D, *range(0x0E, 0x20), *range(0x7F, 0xA0)], " ")
_CHARACTERS = {**_CONTROL, **_INVISIBLE, **_LOOKALIKES}
_ODD = re.compile("[" + re.escape("".join(map(chr, _CHARACTERS))) + "]")

_QUOTING_DIV = re.compile(
    r"<(?:div|span|p)\b[^<>]{0,200}(?:gmail_quote|yahoo_quoted|moz-cite-prefix|divRplyFwdMsg|appendonsend)[^<>]{0,200}>",
    re.IGNORECASE,
)
_QUOTE_BEGINS = "\n----- Original Message -----\n"
_FOREIGN_TAG = re.compile(r"<(/?)(?:blockquote|style|script|pre)\b[^<>]{0,200}>", re.IGNORECASE)
_FOREIGN_BBCODE = re.compile(r"\[(/?)(?:quote|code|img)\b[^\[\]]{0,100}\]", re.IGNORECASE)
_BREAKING_TAG = re.compile(r"</?(?:br|p|div|li|tr|h[1-6]|hr)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"<(?:/?[a-z][^<>]{0,500}|!--.{0,500}?--)>", re.IGNORECASE | re.DOTALL)
_BBCODE = re.compile(
    r"\[/?(?:[bius]|url|size|color|font|list|center|left|right|table|t[rdh]|p|user|icon|disk|spoiler|\*)"
    r"(?:[ =][^\[\]]{0,200})?\]",
    re.IGNORECASE,
)

_WROTE = (
    r"on [^\n]{5,90}(?:\n[^\n]{0,90})?\bwrote:"
    r"|[^\n]{0,90}(?:пишет|написал|написала|писал|писала)(?:\(а\))?:"
    r"|(?:\w{2,3}, )?\d{1,2} \w{3,9}\.? \d{4}(?: ?г\.?)?,? (?:в |at )?\d{1,2}:\d\d[^\n]{0,90}(?:\n[^\n]{0,60})?:"
    r"|\d{1,2}\.\d{1,2}\.\d{2,4},? (?:в )?\d{1,2}:\d\d[^\n]{0,90}:"
    r"|\w{5,12}, \d{1,2} \w{3,8} \d{4}[^\n]{0,20} от [^\n]{1,90}:"
)
_HEADERS = r"(?:sent|date|to|subject|cc|отправлено|дата|кому|тема|копия)"
_DASHES = r"[-_=*—]{2,40}[ \t]?"
_OPENING = r"^[ \t]{0,8}"
_INTRODUCTION = re.compile(rf"{_OPENING}(?:{_WROTE})[ \t]*(?=\s{{1,6}}>)", re.IGNORECASE | re.MULTILINE)
_QUOTED_LINE = re.compile(r"^[ \t]{0,8}>.*$", re.MULTILINE)
_TAIL = re.compile(
    rf"{_OPENING}(?:"
    # replies and forwarded parts
    rf"(?:{_DASHES})(?:original message|forwarded message|reply message|исходное сообщение|пересылаемое сообщение"
    rf"|пересланное сообщение|конец пересылаемого сообщения)"
    rf"|begin forwarded message:|начало переадресованного сообщения:|(?:{_WROTE})[ \t]*$"
    rf"|[*_]{{0,2}}(?:from|от|от кого)[ \t]?:[*_]{{0,2}}[ \t][^\n]{{1,200}}\n"
    rf"(?:[^\n]{{0,200}}\n){{0,1}}[ \t]{{0,8}}[*_]{{0,2}}{_HEADERS}[ \t]?:"
    # what a help desk puts under a reply
    rf"|[#(\[*—-]{{0,5}}[ \t]?(?:please )?(?:type|write|enter)? ?(?:your )?reply above this line"
    rf"|[#(\[*—-]{{0,5}}[ \t]?(?:пожалуйста, ?)?(?:введите|пишите|напишите)(?: ваш| свой)? ответ (?:выше|над) "
    # signatures
    rf"|--[ \t]*$|с уважением\b|с наилучшими пожеланиями\b|(?:best|kind|warm) regards\b|regards,|(?:yours )?sincerely\b"
    rf"|yours (?:faithfully|truly)\b|best,[ \t]*$|best wishes,[ \t]*$|всего доброго,?[ \t]*$"
    rf"|sent from (?:my|outlook|mail|yahoo)\b|sent (?:with|via) [^\n]{{2,30}}$|get outlook for\b|отправлено (?:с|из)\b"
    # legal notices
    rf"|(?:{_DASHES})?(?:confidentiality notice|legal disclaimer|disclaimer:|уведомление о конфиденциальности)"
    rf"|th(?:is|e information in this) (?:e-?mail|message|communication)[^\n]{{0,80}}"
    rf"(?:confidential|intended (?:only|solely|for))"
    rf"|(?:настоящее|данное|это) (?:электронное )?(?:сообщение|письмо)[^\n]{{0,80}}"
    rf"(?:конфиденциальн|предназначен|может содержать)"
    rf"|информация, содержащаяся в (?:этом|данном|настоящем)"
    rf"|please consider the environment|(?:пожалуйста, )?(?:подумайте об окружающей среде|берегите природу)"
    rf")",
    re.IGNORECASE | re.MULTILINE,
)
_REGISTERED = (
    r"(?:ваше (?:обращение|сообщение|письмо)|ваша? (?:заявка|запрос|тикет)|(?:обращение|заявка|тикет|запрос) [№#])"
    r"[^\n]{0,60}(?:зарегистрирован|принят[оа]?\b|получен[оа]?\b|создан[оа]?\b|закрыт[оа]?\b|обновлен)"
    r"|(?:вашему (?:обращению|запросу|письму)|вашей заявке) (?:присвоен|назначен)"
    r"|(?:your|a) (?:request|ticket|case|message|inquiry)\b[^\n]{0,40}(?:has been|was) "
    r"(?:received|registered|created|updated|logged|assigned|closed|solved)"
)
_TEMPLATE_LINE = re.compile(
    rf"{_OPENING}(?:(?:{_REGISTERED})[^\n]{{0,100}}"
    r"|\[?(?:ticket|тикет|обращение) ?(?:id)?[ :#№]{1,4}[\w-]{1,20}\]?[ \t]*"
    r"|[#(\[*—-]{0,5}[ \t]?(?:please )?(?:type|write)? ?(?:your )?reply above this line[^\n]{0,20}"
    r"|чтобы (?:добавить комментарий|ответить), [^\n]{0,120}|to add (?:additional )?comments, [^\n]{0,120}"
    r"|\[?cid:[^\n]{1,90}|\[(?:image|изображение):?[^\n]{0,90}\])$",
    re.IGNORECASE | re.MULTILINE,
)
_LOG_LINE = re.compile(
    r"^[ \t]{0,16}(?:"
    r"\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d[^\n]*"
    r"|\[?\d\d[./]\d\d[./]\d{4} \d\d:\d\d:\d\d[^\n]*"
    r"|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d [^\n]*"
    r"|(?:\d{1,3}(?:\.\d{1,3}){3}|\[ip\]) - [^\n]*"
    r"|[\[<]?(?:ERROR|WARN|WARNING|INFO|DEBUG|FATAL|TRACE|CRITICAL|NOTICE)[\]>]?[ :\t][^\n]*"
    r"|at [\w.$<>/]{2,200} ?\([^\n]*|at \S{1,200}:\d{1,6}:\d{1,6}[^\n]*"
    r"|File \"[^\n]*|Traceback \(most[^\n]*|Caused by: [^\n]*|\.\.\. \d{1,4} (?:more|common)[^\n]*|Stack ?trace:[^\n]*"
    r"|(?:Uncaught )?[A-Za-z_][\w.]{1,100}(?:Error|Exception)(?:: [^\n]*|[ \t]*$)|#\d{1,3} [^\n]*[(:]\d{1,6}[^\n]*"
    r"|\S{1,60}[@:~]\S{0,60}[$#] [^\n]*|\d{1,5} bytes from [^\n]*|(?:Reply from|Ответ от) [^\n]*"
    r"|\d{1,2} {1,4}(?:\* |[^\n]{1,120} ms\b)[^\n]*"
    r")$",
    re.MULTILINE,
)
_SIGNATURE_LENGTH = 90
_INLINE_SIGNATURE = re.compile(r"(?:с уважением|best regards|kind regards)[,.!]?[^.!?\n]{0,60}$", re.IGNORECASE)
_AUTOMATIC = re.compile(
    r"\W{0,5}(?:(?:re|fwd?|ответ): ?)?(?:автоматический ответ|автоответ|automatic reply|auto-?reply"
    r"|это автоматическ(?:ий ответ|ое (?:сообщение|письмо|уведомление))|this is an automat(?:ed|ic)"
    r"|(?:данное|это) (?:письмо|сообщение) (?:создано|сформировано|отправлено) автоматически"
    r"|(?:i am |i'm |i will be )?(?:currently )?out of (?:the )?office"
    r"|i am (?:currently )?on (?:annual )?(?:leave|vacation|holiday) (?:until|till|from)\b"
    r"|(?:я )?(?:сейчас |нахожусь )?в отпуске (?:с|до|по)\b|меня нет (?:в офисе|на рабочем месте)"
    r"|мы получили ваше (?:письмо|обращение|сообщение)|we(?:'ve| have) received your"
    r"|thank you for (?:contacting|reaching out|your (?:e?mail|message|request|inquiry))[^\n]{0,60}[.!,]\s{0,3}"
    r"(?:we|our|your|this)\b"
    r"|спасибо за (?:ваше )?(?:обращение|письмо|сообщение)[^\n]{0,40}[.!,]\s{0,3}(?:мы|наш|ваш|это)\w{0,3}\b"
    r"|delivery status notification|undeliver(?:able|ed)\b|mail delivery (?:failed|subsystem)"
    rf"|недоставленное сообщение|{_REGISTERED})",
    re.IGNORECASE,
)
_UNANSWERABLE = re.compile(
    r"не отвечайте на (?:это|данное) (?:письмо|сообщение)|do not reply (?:directly )?to this (?:e-?mail|message)",
    re.IGNORECASE,
)


def own_words(text: str) -> str:
    """What the customer wrote: no HTML, BBCode, quotation, forwarded part, signature, template line or pasted log.

    A message of which nothing would be left is kept as it stands.

    >>> own_words("Спасибо!<br>--<br>Отдел закупок")
    'Спасибо!'
    """
    text = _plain(text[:RAW_LIMIT])
    if "\n" in text:
        text = _kept(text, _TEMPLATE_LINE.sub("", text))
        text = _kept(text, _QUOTED_LINE.sub(" ", _INTRODUCTION.sub(" ", text)) if ">" in text else text)
        text = _without_tail(text)
        text = _kept(text, _LOG_LINE.sub("", text))
    ending = text[-_SIGNATURE_LENGTH:]
    found = _INLINE_SIGNATURE.search(ending) if "важен" in ending or "egard" in ending else None
    return (_kept(text, text[: -len(found.group())]) if found else text).strip()


def is_automatic(own: str) -> bool:
    """Whether no person wrote a message: a reply from the holidays, a receipt of a help desk, an undelivered mail.

    >>> is_automatic("Ваше обращение № 12 зарегистрировано."), is_automatic("Моё обращение никто не читает")
    (True, False)
    """
    return _AUTOMATIC.match(own) is not None or (
        ("отвечай" in own or "reply" in own) and _UNANSWERABLE.search(own) is not None
    )


def _plain(text: str) -> str:
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if "<" in text or "&" in text:
        text = _QUOTING_DIV.sub(_QUOTE_BEGINS, text)
        text = _kept(text, _outside(_FOREIGN_TAG, text))
        text = html.unescape(_TAG.sub(" ", _BREAKING_TAG.sub("\n", text)))
    if "[" in text:
        text = _BBCODE.sub(" ", _kept(text, _outside(_FOREIGN_BBCODE, text)))
    return text.translate(_CHARACTERS) if _ODD.search(text) else text


def _outside(tag: re.Pattern[str], text: str) -> str:
    """What stands outside of the elements of `tag`, however deeply they are nested; each becomes a line break."""
    parts, depth, kept_from = [], 0, 0
    for found in tag.finditer(text):
        if depth == 0:
            parts.append(text[kept_from : found.start()])
        depth = max(depth - 1, 0) if found[1] else depth + 1
        kept_from = found.end()
    return "\n".join([*parts, text[kept_from:] if depth == 0 else ""])


def _without_tail(text: str) -> str:
    """The text up to the first mark of a quotation, a signature or a notice before which something stands."""
    for found in _TAIL.finditer(text):
        before = text[: found.start()]
        if len(before.strip()) > _KEEP:
            return before
    return text


def _kept(whole: str, part: str) -> str:
    """`part`, unless cutting left nothing: a message that is all quotation is scored as it stands."""
    return part if len(part.strip()) > _KEEP else whole
