"""Currencies beside amounts: their codes, signs and short names. Pure."""

import re

# ISO 4217
_CODES = frozenset(
    """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
    HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA
    MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
    RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
    USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW""".split()
)
_SIGNS = {
    "€": "EUR", "$": "USD CAD AUD NZD SGD HKD MXN ARS CLP COP", "£": "GBP", "¥": "JPY CNY", "₹": "INR", "₽": "RUB",
    "₺": "TRY", "₴": "UAH", "₪": "ILS", "₩": "KRW", "₫": "VND", "฿": "THB", "₦": "NGN", "₱": "PHP", "₸": "KZT",
    "₾": "GEL", "₼": "AZN", "₵": "GHS", "₡": "CRC", "₲": "PYG", "֏": "AMD", "R$": "BRL", "US$": "USD", "CA$": "CAD",
    "C$": "CAD NIO", "AU$": "AUD", "A$": "AUD", "NZ$": "NZD", "S$": "SGD", "HK$": "HKD", "MX$": "MXN", "zł": "PLN",
    "zl": "PLN", "kr": "SEK NOK DKK ISK", "Kč": "CZK", "Ft": "HUF", "lei": "RON MDL", "leu": "RON MDL", "лв": "BGN",
    "руб": "RUB", "р": "RUB", "грн": "UAH", "Fr": "CHF", "SFr": "CHF", "TL": "TRY", "Rs": "INR PKR LKR", "R": "ZAR",
    "din": "RSD", "kn": "EUR", "RM": "MYR", "Rp": "IDR", "S/": "PEN", "Q": "GTQ", "euro": "EUR", "euros": "EUR",
    "ευρώ": "EUR", "dollars": "USD CAD AUD NZD SGD HKD", "pounds": "GBP", "złotych": "PLN", "reais": "BRL",
}  # fmt: skip
_KNOWN = {sign.casefold(): frozenset(codes.split()) for sign, codes in _SIGNS.items()} | {
    code.casefold(): frozenset((code,)) for code in _CODES
}
_WORD = r"[^\W\d_]{1,8}\$?\.?|S/\.?|[^\w\s.,'’+()\-%]"
_BEFORE = re.compile(rf"([-+−–]?)\s*({_WORD})\s*(?=[-+−–(.,\d])")
_AFTER = re.compile(rf"(?<=[\d)\-–.,])\s*({_WORD})\s*$")

Currency = tuple[str, frozenset[str]]
"""As it is written, and the codes of the currencies that it can be."""


def parted(text: str) -> tuple[str, list[Currency]]:
    """An amount without its currency, and the currencies written beside it: mostly one or none.

    >>> parted("R$ 49,90")[0], parted("-5 kr")[0], parted("12 months")[0]
    ('49,90', '-5', '12 months')
    """
    found: list[Currency] = []
    if (before := _BEFORE.match(text)) and (currency := _known(before[2])):
        found.append(currency)
        text = before[1] + text[before.end() :]
    if (after := _AFTER.search(text)) and (currency := _known(after[1])):
        found.append(currency)
        text = text[: after.start()]
    return text.strip(), found


def _known(word: str) -> Currency | None:
    codes = _KNOWN.get(word.rstrip(".").casefold())
    if codes is None:
        return None
    return (next(iter(codes)) if len(codes) == 1 else word), codes


def common(found: list[Currency]) -> Currency | None:
    """The currency that all of these can be; None where they are several."""
    codes = frozenset.intersection(*(codes for _word, codes in found))
    if not codes:
        return None
    word = next(iter(codes)) if len(codes) == 1 else min(found, key=lambda one: len(one[1]))[0]
    return word, codes
