"""Personal data taken out of a text: names that somebody says are names, addresses, dates and long numbers.

What is masked is what can be told by its form. A name in the middle of a sentence, which nothing announces, is not found.
"""

import re

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

_NAMES = "name(?:'s| is|s)?(?: is)?|(?:i am|i'm|he is|she is|am|is|are) (?:called|named)|call me|signed|(?:kind |best )?regards"
_AFTER = re.compile(rf"\b({_NAMES})([\s,:]{{1,3}})(?=[^\W\d_])", re.IGNORECASE)
_OWNER = re.compile(
    r"\b(?:my|his|her|their|our|full|first|last|sur|family|patient|the patient's|\w+'s)\s?"
    r"(?:full |first |last |family |sur|middle )?name(?:'s| is|s)?(?: is)?\Z",
    re.IGNORECASE,
)
_TITLED = re.compile(r"\b((?i:mrs?|ms|miss|mx|dr|prof(?:essor)?|doctor)\b\.?) ([A-ZÀ-Þ][\w'’-]{1,40}(?: [A-ZÀ-Þ][\w'’-]{1,40})?)")
_SELF = re.compile(r"\b([Ii] am|[Ii]['’]m|[Tt]his is) ([A-ZÀ-Þ][a-zß-ÿ'’-]{1,40}(?: [A-ZÀ-Þ][\w'’-]{1,40}){1,2})")
_WORD = re.compile(r"[\s]*([^\W\d_][\w'’-]*\.?)")

_NO_NAME = frozenset({
    "a", "about", "after", "an", "and", "are", "at", "because", "but", "calling", "can", "could", "do", "does", "for",
    "from", "had", "has", "have", "he", "her", "his", "how", "i", "i'm", "i've", "if", "in", "is", "it", "its", "mine", "my",
    "no", "not", "of", "on", "or", "our", "please", "she", "should", "so", "that", "the", "their", "they", "this", "to",
    "was", "we", "what", "when", "where", "which", "who", "why", "will", "with", "would", "you", "your",
})  # fmt: skip
"""Words that end a name where nobody wrote capitals."""

_LONGEST_NAME = 4


def mask(text: str) -> str:
    """`text` with `[name]`, `[e-mail]`, `[date]`, `[phone]` and `[number]` in the place of what tells who somebody is.

    Example: mask("My name is Ann Lee, born 3 May 1961. Is it safe?") == "My name is [name], born [date]. Is it safe?"
    """
    text = _MAIL.sub("[e-mail]", text)
    text = _BORN.sub(r"\1\2[date]", text)
    text = _DATE.sub("[date]", text)
    text = _PHONE.sub("[phone]", text)
    text = _LONG.sub("[number]", text)
    text = _TITLED.sub(r"\1 [name]", text)
    text = _SELF.sub(r"\1 [name]", text)
    return _without_names(text)


def _without_names(text: str) -> str:
    """`text` without what stands behind `my name is` and its like."""
    pieces: list[str] = []
    at = 0
    for found in _AFTER.finditer(text):
        if found.start() < at or (
            found[1].lower().startswith("name") and not _OWNER.search(text, max(0, found.start() - 30), found.end(1))
        ):
            continue  # `the name of the drug` is nobody's
        end = _end_of_name(text, found.end())
        if end > found.end():
            pieces += (text[at : found.end()], "[name]")
            at = end
    return "".join((*pieces, text[at:]))


def _end_of_name(text: str, start: int) -> int:
    """Where the name that begins at `start` ends: words with capitals, or a few words that are no grammar."""
    is_capital = text[start].isupper()
    at = start
    for _ in range(_LONGEST_NAME if is_capital else _LONGEST_NAME - 1):
        word = _WORD.match(text, at)
        if word is None or word[1].lower().replace("’", "'") in _NO_NAME:
            break
        if is_capital and not (
            word[1][0].isupper() or word[1].lower() in {"de", "del", "der", "van", "von", "da", "di", "la", "bin"}
        ):
            break
        at = word.end()
        if word[1].endswith(".") and len(word[1]) > 2:  # the end of the sentence, and no initial
            return at - 1
    return at
