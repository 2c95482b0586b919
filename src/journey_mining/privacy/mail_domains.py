"""Domains of e-mail addresses: which say where somebody works, and which only who carries the mail.

An e-mail names a person; its domain names a company, unless anybody can have an address there.
"""

from __future__ import annotations

PUBLIC_DOMAINS = frozenset(
    {
        "mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru", "xmail.ru", "vk.com", "yandex.ru", "ya.ru",
        "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "yandex.uz", "narod.ru", "rambler.ru", "lenta.ru",
        "autorambler.ru", "myrambler.ru", "ro.ru", "rambler.ua", "gmail.com", "googlemail.com", "outlook.com",
        "hotmail.com", "live.com", "msn.com", "windowslive.com", "outlook.de", "outlook.fr", "hotmail.co.uk",
        "hotmail.de", "hotmail.fr", "hotmail.it", "live.co.uk", "yahoo.com", "ymail.com", "rocketmail.com",
        "yahoo.co.uk", "yahoo.de", "yahoo.fr", "yahoo.es", "yahoo.it", "yahoo.co.in", "yahoo.co.jp", "yahoo.com.br",
        "aol.com", "icloud.com", "me.com", "mac.com", "proton.me", "protonmail.com", "pm.me", "tutanota.com", "tuta.io",
        "gmx.de", "gmx.net", "gmx.com", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "orange.fr",
        "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "libero.it", "virgilio.it", "tin.it", "wp.pl", "o2.pl",
        "onet.pl", "interia.pl", "seznam.cz", "centrum.cz", "email.cz", "abv.bg", "mail.bg", "ukr.net", "i.ua",
        "meta.ua", "tut.by", "mail.by", "mail.kz", "bigmir.net", "qq.com", "163.com", "126.com", "sina.com",
        "naver.com", "daum.net", "hanmail.net", "rediffmail.com", "uol.com.br", "bol.com.br", "terra.com.br",
        "comcast.net", "verizon.net", "att.net", "sbcglobal.net", "cox.net", "btinternet.com", "sky.com",
        "ntlworld.com", "telenet.be", "skynet.be", "ziggo.nl", "xs4all.nl", "bluewin.ch", "telia.com", "fastmail.com",
        "zoho.com", "hushmail.com", "mail.com", "hey.com", "duck.com", "mailinator.com", "yopmail.com",
        "guerrillamail.com",
        "10minutemail.com", "temp-mail.org", "privaterelay.appleid.com", "users.noreply.github.com",
    }
)  # fmt: skip
"""where anybody can have an address; in ASCII and lower case"""


def company_domain(email: str) -> str | None:
    """The domain of an address in its one spelling; None where it is public or the text is no address.

    >>> company_domain("anna@firm.example"), company_domain("anna@mail.ru")
    ('firm.example', None)
    """
    local, at, host = email.rpartition("@")
    if not (local and at) or "." not in host or host in PUBLIC_DOMAINS:
        return None
    return host
