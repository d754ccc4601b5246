"""Headings and texts -> questions and answers, for pages and Markdown that say in no other way which are the questions."""

from collections.abc import Iterator

from bot.errors import Fault
from bot.exchange.markup import QUESTION, TEXT, Block, joined
from bot.pack.nodes import Text
from bot.pack.rows import Row


def rows_of(blocks: list[Block], path: str, faults: list[Fault]) -> Iterator[Row]:
    """The rows of a document: a question is what is marked as one, and a heading that ends with `?`; where there is neither, a
    heading with text of its own. The answer is the text up to the next heading, and the heading above is the section.

    Text that belongs to no question is a warning.
    """
    wanted = _questions(blocks)
    at = 0
    section = ""
    while at < len(blocks):
        block = blocks[at]
        place = Text.at("", path, block.line, 1)
        at += 1
        if id(block) not in wanted:
            if block.level != TEXT:
                section = block.text
            elif at == 1 or blocks[at - 2].level != TEXT:
                faults.append(place.fault("the text from here to the next heading belongs to no question", "warning"))
            continue
        answer: list[Block] = []
        while at < len(blocks) and id(blocks[at]) not in wanted:
            inner = blocks[at]
            if inner.level != TEXT and (inner.level <= block.level or block.level == QUESTION):
                break
            answer.append(inner if inner.level == TEXT else Block(TEXT, f"**{inner.text}**", inner.line))
            at += 1
        if not answer:
            faults.append(place.fault(f"'{block.text}' has no answer below it"))
            continue
        yield Row(
            place,
            question=Text.at(block.text, path, block.line, 1),
            answer=Text.at(joined(answer), path, answer[0].line, 1),
            section=Text.at(section, path, block.line, 1) if section else None,
        )


def _questions(blocks: list[Block]) -> set[int]:
    """The blocks that are questions, by identity."""
    marked = [block for block in blocks if block.level == QUESTION]
    headings = [block for block in blocks if block.level not in {TEXT, QUESTION}]
    asking = [block for block in headings if block.text.endswith(("?", "？", "؟"))]
    if marked or asking:
        return {id(block) for block in (*marked, *asking)}
    after = {id(block): next_ for block, next_ in zip(blocks, [*blocks[1:], None], strict=True)}
    with_text = [block for block in headings if (next_ := after[id(block)]) is not None and next_.level == TEXT]
    return {id(block) for block in with_text if not (block.level == 1 and block is headings[0] and len(headings) > 1)}
