"""A small pack about tea, its engine, and a talk with it."""

from pathlib import Path

import pytest

from bot.engine import Engine
from bot.shell.later import Later
from bot.shell.talk import Talk

TEA = """\
pack:
  title: Tea – questions
  source: {title: The tea book, publisher: Leaf Press, url: "https://tea.example/book"}
  reviewed: "2026-01-31"
  greeting: Hello. I answer questions about tea.
  notice: I repeat what one book says.
  fallback: I don't have an answer to that.
  starters: [What is a teapot for?, What happens in the tea ceremony?]
kinds:
  tea:
    name: tea
    plural: teas
    attributes:
      taste: {name: taste, words: [taste, tastes like]}
    overview: [taste]
things:
  green: {kind: tea, name: Green tea, aliases: [sencha], section: Leaves, facts: {taste: Green tea tastes of grass.}}
  black: {kind: tea, name: Black tea, section: Leaves, facts: {taste: Black tea tastes of malt.}}
entries:
  pot:
    question: What is a teapot for?
    phrasings: [why do I need a teapot, use of a teapot]
    answer: A teapot keeps the leaves together.
    section: Pots
  ceremony:
    question: What happens in the tea ceremony?
    phrasings: [steps of the tea ceremony, how does the tea ceremony go]
    answer: |-
      It takes these steps:

      1. The host boils the water and lets it stand for a while, so that it does not scald the leaves.
      2. The guests bow.
    section: Ceremony
    next: [What is a teapot for?]
smalltalk:
  thanks: {phrasings: [(thanks|thank you)], answer: You are welcome.}
guards:
  burn:
    kind: urgent
    answer: Cool the burn under running water now.
    signs: ["(burned|burnt|scalded)"]
"""


@pytest.fixture(scope="session")
def tea(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pack."""
    folder = tmp_path_factory.mktemp("packs") / "tea"
    folder.mkdir()
    (folder / "tea.yaml").write_text(TEA, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def engine(tea: Path) -> Engine:
    return Engine.load(tea, cache=False)


@pytest.fixture
def talk(engine: Engine) -> Talk:
    return Talk(there(engine), "Tea – questions")


def there(engine: Engine) -> Later[Engine]:
    """The engine, loaded already."""
    later = Later(lambda: engine)
    later.wait()
    return later
