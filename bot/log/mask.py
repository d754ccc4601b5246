"""Personal data taken out of a text: names that somebody says are names, addresses, dates and long numbers.

What is masked is what can be told by its form. A name in the middle of a sentence, which nothing announces, is not found.
"""

import re
from collections.abc import Collection

from bot.language.words import NAME, band

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"

_MAIL = re.compile(r"[^\s@<>()\[\],;:\"]{1,80}\s?(?:@|\(at\)|\[at\])\s?[^\s@<>()\[\],;:\"]{1,80}\.\w{2,24}", re.IGNORECASE)
_DATE = re.compile(
    rf"""\b(?:
      \d{{1,4}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?\d{{1,4}}                       # 3/5/1961, 1961-05-03
    | {_DAY}\s(?:of\s)?{_MONTH},?\s\d{{2,4}}                                  # 3rd of May 1961
    | {_MONTH}\s{_DAY},?\s\d{{2,4}}                                           # May 3, 1961
    )(?!\d)""",
    re.IGNORECASE | re.VERBOSE,
)
_BORN = re.compile(
    rf"""\b(born|birthday|birth\s?date|date\ of\ birth|d\.?o\.?b\.?)
    ((?:\s|:|\bis\b|\bwas\b|\bon\b|\bin\b|\bthe\b){{1,8}})
    (?:{_DAY}\s(?:of\s)?{_MONTH}|{_MONTH}\s(?:{_DAY}|\d{{4}})|\d[\d./-]{{0,12}})(?:,?\s\d{{4}})?(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_PHONE = re.compile(
    r"""(?<!\d[\s./-])(?:
      (?<![\w+])(?:\+|00)\(?\d(?:[\s./()-]{0,2}\d){6,16}                       # +44 20 7946 0958
    | (?<!\w)\(?0\d(?:[\s./()-]{0,2}\d){6,14}                                 # (020) 7946-0958
    )(?!\w)""",
    re.VERBOSE,
)
_LONG = re.compile(r"(?<!\d)\d(?:[ ./-]?\d){5,30}(?!\d)")
"""Six digits and more, whatever stands between them: cards, records, accounts."""

_PERSON = (
    "husband|wife|partner|mother|mum|mom|father|dad|parent|son|daughter|child|baby|boy|girl|brother|sister|aunt|uncle|cousin"
    "|niece|nephew|grand(?:ma|pa|mother|father|son|daughter)|friend|neighbou?r|boss|colleague|doctor|nurse|patient"
)
_NAMES = (
    "name(?:'s| is|s)?(?: is)?|(?:i am|i['’]?m|(?:s?he|who)(?: is|['’]s)) (?:called|named)"
    rf"|(?:my|our|his|her|their) (?:{_PERSON})(?: is|['’]s|,)? (?:called|named)"
    "|call me|signed(?=[ ]?[:,\n])|(?<!as )(?:kind |best |warm )?regards(?=[ ]?[,\n])"
)
_AFTER = re.compile(rf"\b({_NAMES})([\s,:]{{1,3}})(?=[^\W\d_])", re.IGNORECASE)
_OWNER = re.compile(
    r"\b(?:my|his|her|their|our|full|first|last|sur|family|patient|the patient's|\w+'s)\s?"
    r"(?:full |first |last |family |sur|middle )?name(?:'s| is|s)?(?: is)?\Z",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"\b((?:(?i:mrs?|mx|dr|prof(?:essor)?)|Ms|MS|Miss|MISS)\b\.?|(?i:doctor)\b(?! [A-Z]+\b))"
    r" ([A-ZÀ-Þ][\w'’-]{1,40}(?: [A-ZÀ-Þ][\w'’-]{1,40})?)"
)
_SELF = re.compile(r"\b(i am|i['’]?m|this is|it is|it['’]s)[ ]+(?=[^\W\d_])", re.IGNORECASE)
_CALLER = re.compile(r"[ ,]{1,2}(?:speaking|here|calling|writing|again)\b", re.IGNORECASE)
_FAREWELL = re.compile(
    r"(?:^|[\n.!?,])[ ]*(?:many |kind |best |warm |with |all the )*"
    r"(?:thanks|thank you|cheers|regards|wishes|best|love|yours(?: sincerely| truly| faithfully)?|sincerely|from)[ ]?[,.!\n-]+\s*"
    r"([A-ZÀ-Þ](?:\.|[\w'’-]{0,40})(?: [A-ZÀ-Þ](?:\.|[\w'’-]{0,40})){0,2})[.!]?\s*\Z",
    re.IGNORECASE,
)
"""The end of a letter: what greets, and who."""

_WORD = re.compile(r"[\s]*([^\W\d_][\w'’-]*\.?)")
_LOWER = re.compile(r"\b[^\W\d_A-ZÀ-Þ]\w")

_NO_NAME = frozenset({
    "a", "about", "after", "an", "and", "are", "at", "because", "but", "calling", "can", "could", "do", "does", "for",
    "from", "had", "has", "have", "he", "her", "his", "how", "i", "i'm", "i've", "if", "in", "is", "it", "its", "mine", "my",
    "no", "not", "of", "on", "or", "our", "please", "she", "should", "so", "that", "the", "their", "they", "this", "to",
    "was", "we", "what", "when", "where", "which", "who", "why", "will", "with", "would", "you", "your",
})  # fmt: skip
"""Words that end a name where nobody wrote capitals."""

_PEOPLES = frozenset({
    "american", "australian", "british", "buddhist", "canadian", "catholic", "chinese", "christian", "dutch", "english",
    "french", "german", "greek", "hindu", "indian", "irish", "italian", "japanese", "jewish", "korean", "mexican", "muslim",
    "polish", "portuguese", "russian", "scottish", "spanish", "swedish", "turkish", "ukrainian", "vietnamese", "welsh",
})  # fmt: skip
"""What people say they are, in capitals, and what is no name: `I am Chinese`."""

_LONGEST_NAME = 4


def mask(text: str, known: Collection[str] = frozenset()) -> str:
    """`text` with `[name]`, `[e-mail]`, `[date]`, `[phone]` and `[number]` in the place of what tells who somebody is.

    known: words, in lower case, that are no names: those of the things of a pack.
    Example: mask("My name is Ann Lee, born 3 May 1961. Is it safe?") == "My name is [name], born [date]. Is it safe?"
    """
    text = _MAIL.sub("[e-mail]", text)
    text = _BORN.sub(r"\1\2[date]", text)
    text = _DATE.sub("[date]", text)
    text = _PHONE.sub("[phone]", text)
    text = _LONG.sub("[number]", text)
    text = _TITLED.sub(lambda found: found[0] if _is_known(found[2], known) else f"{found[1]} [name]", text)
    text = _FAREWELL.sub(lambda found: _without(found, known), text)
    return _without_own_names(_without_names(text, known), known)


def _is_known(name: str, known: Collection[str]) -> bool:
    return any(_plain(word) in known for word in name.split())


def _plain(word: str) -> str:
    return word.lower().replace("’", "'").removesuffix("'s").strip(".")


def _without(found: re.Match[str], known: Collection[str]) -> str:
    start, end = found.span(1)
    is_name = found[1][0].isupper() and not _is_known(found[1], known)
    return found.string[found.start() : start] + "[name]" + found.string[end : found.end()] if is_name else found[0]


def _without_own_names(text: str, known: Collection[str]) -> str:
    """`text` without the names behind `I am`, `this is` and their like.

    They begin many a sentence that names nobody, so what follows has to look like a name: by its capitals, where capitals tell
    anything, or because the dictionary has it as a name or not at all.
    """
    pieces: list[str] = []
    at = 0
    for found in _SELF.finditer(text):
        if found.start() < at:
            continue
        is_self = found[1].lower().startswith("i") and not found[1].lower().startswith("it")
        words = _name_words(text, found.end(), known)
        end = words[-1].end(1) - (words[-1][1].endswith(".") and len(words[-1][1]) > 2) if words else found.end()
        is_caller = _CALLER.match(text, end) is not None
        if words and (is_caller or (is_self and _looks_like_a_name(text, words)) or _has_two_capitals(text, words)):
            pieces += (text[at : found.end()], "[name]")
            at = end
    return "".join((*pieces, text[at:]))


def _name_words(text: str, at: int, known: Collection[str]) -> list[re.Match[str]]:
    """The words of a name that may begin at `at`; none where what stands there is none."""
    words: list[re.Match[str]] = []
    while len(words) < _LONGEST_NAME - 1 and (word := _WORD.match(text, at)):
        plain = _plain(word[1])
        if plain in known or plain in _NO_NAME or plain in _PEOPLES:
            return [] if plain in known else words  # a name of a thing: nobody's
        if not (word[1][0].isupper() or (band(plain) == NAME and len(plain) > 2)):
            break
        words.append(word)
        at = word.end()
        if word[1].endswith(".") and len(word[1]) > 2:
            break
    return words


def _looks_like_a_name(text: str, words: list[re.Match[str]]) -> bool:
    return any(band(_plain(word[1])) in {None, NAME} for word in words) or _has_two_capitals(text, words)


def _has_two_capitals(text: str, words: list[re.Match[str]]) -> bool:
    """Whether it has the capitals of a name, in a text that does not begin every word with one."""
    is_telling = _LOWER.search(text, words[-1].end()) or _LOWER.search(text[: words[0].start()])
    strange = any(band(_plain(word[1])) in {None, NAME} for word in words)
    return len(words) > 1 and all(word[1][0].isupper() for word in words) and (strange or is_telling is not None)


def _without_names(text: str, known: Collection[str]) -> str:
    """`text` without what stands behind `my name is` and its like."""
    pieces: list[str] = []
    at = 0
    for found in _AFTER.finditer(text):
        if found.start() < at or (
            found[1].lower().startswith("name") and not _OWNER.search(text, max(0, found.start() - 30), found.end(1))
        ):
            continue  # `the name of the drug` is nobody's
        if found[1].lower().endswith("name") and found[2].isspace() and not text[found.end()].isupper():
            continue  # `put my name down`
        end = _end_of_name(text, found.end(), known)
        if end > found.end():
            pieces += (text[at : found.end()], "[name]")
            at = end
    return "".join((*pieces, text[at:]))


def _end_of_name(text: str, start: int, known: Collection[str]) -> int:
    """Where the name that begins at `start` ends: words with capitals, or a few words that are no grammar."""
    is_capital = text[start].isupper()
    at = start
    for _ in range(_LONGEST_NAME if is_capital else _LONGEST_NAME - 1):
        word = _WORD.match(text, at)
        if word is None or _plain(word[1]) in _NO_NAME or _plain(word[1]) in known:
            break
        if is_capital and not (
            word[1][0].isupper() or word[1].lower() in {"de", "del", "der", "van", "von", "da", "di", "la", "bin"}
        ):
            break
        at = word.end()
        if word[1].endswith(".") and len(word[1]) > 2:  # the end of the sentence, and no initial
            return at - 1
    return at
