"""A small complete pack of another trade, a bakery: what it answers shows that the engine knows nothing of medicine."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.compiled import Compiled, compile_pack, understander_of
from bot.engine import Engine
from bot.language.english import English
from bot.pack.files import shipped_pack
from bot.pack.format import Pack
from bot.pack.load import load
from bot.understand.understanding import Understander, Understanding

BAKERY = """\
pack:
  title: Bakery – questions about bread
  source: {title: The bread book, publisher: Crumb Press, url: "https://crumb.example/book", noun: book}
  reviewed: "2026-03-31"
  topic: bakery
  greeting: Hello. I answer questions about bread.
  notice: I repeat what one book says.
  fallback: I don't have an answer to that.
  starters: [How should bread be kept?, Which breads contain nuts?]
  emergency: {Europe: "112", US: "911"}

kinds:
  dough:
    name: kind of dough
    plural: kinds of dough
    words: [(kind|kinds|type|types) of dough, doughs]
    overview: [what, breads]
    members: breads
    attributes:
      what: {name: what it is}
      works: {name: how it rises, words: [(rise|rises|works)], otherwise: what}
      breads:
        name: breads
        type: things
        of: [bread]
        inverse: dough
        words: [(baked from|products)]
        say:
          forward: "We bake these from {thing}: {values}."
          count: "We bake {count} breads from {thing}: {values}."
      allergens:
        name: allergens
        type: things
        of: [allergen]
        words: [(allergen|allergens)]
        links: [(contain|contains|containing|have|has)]
        say:
          forward: "Bread from {holder} contains {values}."
          reverse: "{value_cap} {is} part of {things}."
          lacking: "{value_cap} {is} not listed for {things}."
          none: "The {source} lists {value} for no bread."
          affirm: "Yes. Bread from {holder} contains {value}."
          deny: "No, not in this {source}: it does not list {value} for bread from {holder}."
          missing: "The {source} lists no allergens for {thing}."
      traces:
        name: traces
        type: things
        of: [allergen]
        part_of: allergens
        words: [(trace|traces)]
        say:
          forward: "There may be traces of {values}."
          reverse: "There may be traces of {value} in {things}."
          affirm: "Yes. There may be traces of {value} in bread from {holder}."
      oven:
        name: oven
        type: things
        of: [oven]
        words: [(baked|oven)]
        say:
          forward: "{holder_cap} is baked {values}."
          reverse: "These are baked {value}: {things}."
          affirm: "Yes. {holder_cap} is baked {value}."
          deny: "No. The {source} says that {holder} is baked {values}."
          missing: "The {source} does not say how {thing} is baked."
  bread:
    name: bread
    plural: breads
    words: [(breads|loaves|loaf|rolls)]
    show: "{trade} ({plain})"
    short: "{trade}"
    overview: [dough, what]
    attributes:
      plain:
        name: plain name
        type: name
        words: [(plain name|common name)]
        say: {forward: "The plain name of {trade} is {plain}.", affirm: "Yes. {trade} is our name for {plain}."}
      trade:
        name: trade name
        type: name
        words: [(trade name|sold as)]
        say: {forward: "We sell {plain} as {trade}.", missing: "We have no name of our own for {thing}."}
      dough:
        name: dough
        type: things
        of: [dough]
        closed: true
        words: [(dough|made from|made of)]
        say:
          forward: "{thing} is made from {values}."
          reverse: "These are made from {value}: {things}."
          affirm: "Yes. {thing} is made from {value}."
          deny: "No. {thing} is not made from {value}, but from {values}."
      baskets:
        name: baskets
        type: things
        of: [basket]
        inverse: parts
        say:
          forward: "{thing} is in these baskets: {values}."
          count: "{thing} is in {count} of the baskets: {values}."
          missing: "{thing} is in no basket."
      what: {name: what it is, via: dough}
      works: {name: how it rises, via: dough, words: [(rise|rises|works)], otherwise: what}
      allergens:
        name: allergens
        type: things
        of: [allergen]
        via: dough
        words: [(allergen|allergens)]
        links: [(contain|contains|containing|have|has)]
        say:
          forward: "Bread from {holder} contains {values}."
          affirm: "Yes. Bread from {holder} contains {value}."
          deny: "No, not in this {source}: it does not list {value} for bread from {holder}."
          none: "The {source} lists {value} for no bread."
          missing: "The {source} lists no allergens for {thing}."
      traces:
        name: traces
        type: things
        of: [allergen]
        part_of: allergens
        via: dough
        words: [(trace|traces)]
        say:
          forward: "There may be traces of {values}."
          affirm: "Yes. There may be traces of {value} in bread from {holder}."
      oven:
        name: oven
        type: things
        of: [oven]
        via: dough
        words: [(baked|oven)]
        say:
          forward: "{holder_cap} is baked {values}."
          affirm: "Yes. {holder_cap} is baked {value}."
          deny: "No. The {source} says that {holder} is baked {values}."
          missing: "The {source} does not say how {thing} is baked."
  basket:
    named: false
    name: basket
    plural: baskets
    words: [(basket|baskets|hamper|hampers)]
    attributes:
      parts:
        name: breads
        type: things
        of: [bread]
        closed: true
        words: [(basket|baskets|hamper|hampers|goes with|together with|together)]
        say:
          forward: "{thing}."
          reverse: "We pack {count} with {value}: {things}."
          count: "We pack {count} with {value}: {things}."
          none: "We pack no basket with {value}."
          lacking: "We pack {count} without {value}: {things}."
          affirm: "Yes. We pack this basket: {things}."
          deny: "No. We pack no basket with {value} together."
  allergen: {name: allergen, plural: allergens, attributes: {}}
  oven: {name: oven, plural: ovens, attributes: {}}
  term:
    name: term
    plural: terms
    overview: [what]
    attributes:
      what: {name: what it is, words: [(mean|meaning)]}
      steps: {name: steps, words: [(step|steps|happens)], otherwise: what, ordered: true}

things:
  bakery:
    kind: term
    name: the bakery
    aliases: ["(bakery|bakeries)"]
    section: Introduction
    facts: {what: The bakery makes bread.}
  starter:
    kind: term
    name: sourdough starter
    aliases: ["(starter|mother dough|levain)"]
    section: Starters
    facts: {what: A starter is flour and water that has begun to ferment., steps: "Mix flour and water. Feed it every day."}
  proofing:
    kind: term
    name: proofing
    aliases: ["proving"]
    section: Starters
    facts: {what: Proofing is the last rise of the dough.}
  sourdough:
    kind: dough
    name: sourdough
    aliases: [sour dough, leaven]
    section: Doughs
    facts: {what: Sourdough rises with a starter., allergens: [wheat], traces: [sesame], oven: stone}
  yeast_dough:
    kind: dough
    name: yeast dough
    aliases: [yeasted dough]
    section: Doughs
    facts:
      what: Yeast dough rises with yeast.
      works: Yeast makes gas that lifts the dough.
      allergens: [wheat, milk, eggs, hazelnuts]
      oven: steam
  puff_pastry:
    kind: dough
    name: puff pastry
    section: Pastry
    facts: {what: Puff pastry has many thin layers., allergens: [wheat, milk, almonds], oven: [steam, stone]}
  flatbread_dough: {kind: dough, name: flatbread dough, section: Pastry, facts: {what: Flatbread dough does not rise.}}
  rustino:
    kind: bread
    name: rye loaf
    aliases: [rustic, rusty]
    section: Doughs
    facts: {plain: rye loaf, trade: Rustino, dough: sourdough}
  kornelia: {kind: bread, name: spelt loaf, section: Doughs, facts: {plain: spelt loaf, trade: Kornelia, dough: sourdough}}
  brioletta: {kind: bread, name: brioche, section: Doughs, facts: {plain: brioche, trade: Brioletta, dough: yeast_dough}}
  nuttina: {kind: bread, name: hazelnut roll, section: Doughs, facts: {plain: hazelnut roll, trade: Nuttina, dough: yeast_dough}}
  mandorla:
    kind: bread
    name: almond croissant
    section: Pastry
    facts: {plain: almond croissant, trade: Mandorla, dough: puff_pastry}
  crispbread: {kind: bread, name: crispbread, section: Pastry, facts: {plain: crispbread, dough: flatbread_dough}}
  basket_breakfast:
    kind: basket
    name: "Rustino, Brioletta and Mandorla"
    section: Baskets
    facts: {parts: [rustino, brioletta, mandorla]}
  basket_supper: {kind: basket, name: "Rustino and Kornelia", section: Baskets, facts: {parts: [rustino, kornelia]}}
  basket_party:
    kind: basket
    name: "Brioletta, Nuttina and Mandorla"
    section: Baskets
    facts: {parts: [brioletta, nuttina, mandorla]}
  wheat: {kind: allergen, name: wheat, aliases: [gluten]}
  milk: {kind: allergen, name: milk, aliases: ["(dairy|lactose)"]}
  eggs: {kind: allergen, name: eggs, plural: true, aliases: [egg]}
  nuts: {kind: allergen, name: nuts, plural: true, aliases: [nut]}
  hazelnuts: {kind: allergen, name: hazelnuts, plural: true, aliases: [hazelnut, filberts], variant_of: nuts}
  almonds: {kind: allergen, name: almonds, plural: true, aliases: [almond], variant_of: nuts}
  sesame: {kind: allergen, name: sesame, aliases: [sesame (seed|seeds)]}
  soy: {kind: allergen, name: soy, aliases: [soya]}
  stone: {kind: oven, name: in a stone oven, aliases: [stone oven, on stone]}
  steam: {kind: oven, name: in a steam oven, aliases: [steam oven, with steam]}

entries:
  keeping:
    question: How should bread be kept?
    section: At home
    about: [bakery]
    answer: Keep bread in a box of clay or wood.
    risk: low
    phrasings: [where do I store my loaf, best place to keep bread fresh, "(how|where) do (i|you|we) keep [my|the] bread"]
    next: [What is proofing?]
  freezing:
    question: Can bread be frozen?
    section: At home
    about: [bakery]
    answer: Bread keeps for three months in the freezer.
    phrasings: [putting bread into the freezer]
    so: ["(three|3) months", "(can|may) * frozen", "(survive|keep|good) * freezer", "freezer * (bread|loaf) * (good|keep)"]
    not_so: ["(two|four|six) months", "(spoil|ruin) * bread", "never * freezer", "(a|one) year"]
    confirms: [does bread survive the freezer, may bread be put into the freezer, is frozen bread good]
    denies: [does freezing spoil the bread, is frozen bread ruined]
  crust:
    question: Why does the crust crack?
    section: Baking
    about: [proofing]
    answer: The crust cracks when the dough was not proofed for long enough.
    phrasings: [cracks in the crust, what makes a crust burst, torn crust reason, should I eat a loaf with a torn crust]
  starter-steps:
    question: How do I make a starter?
    fact: starter.steps
  toasting:
    question: How is bread toasted?
    section: At home
    answer: Toast bread in slices as thick as a finger.
    phrasings: ["(how do|may|can) (i|you) toast {bread}", "can i eat [my] bread toasted", "what about (my|the) toaster"]
    confirms: ["is {bread} [any] good [as] toast"]
  stale:
    question: What is stale bread good for?
    section: At home
    answer: Soak stale bread in milk.
    risk: low
    phrasings: ["[how] can i eat stale bread"]

phrasings:
  crust:
    asks: ["My loaf bursts open in the oven, why is that?", "why does the surface of a loaf tear while it bakes"]

synonyms:
  kept: ["(keep|keeps|kept|store|stored|storage)"]
background: ["(baker|shop|flour)"]
gaps:
  price: {name: prices, words: ["(price|prices|cost|costs|pay|cheap)"]}
  calories: {name: calories, words: ["(calorie|calories)", "fattening"]}

guards:
  reaction:
    kind: urgent
    answer: This may be an emergency. Call now ({emergency}).
    always: ["(throat|tongue) * (swelling|swollen|closing)", "(fever|temperature) {38..42.5}"]
    signs: ["(itchy|itching|wheezing) * (now|since|after)"]
    unless: ["(film|novel)"]
  despair:
    kind: urgent
    whenever: true
    answer: Talk to someone now ({emergency}).
    always: ["end it all"]
  advice:
    kind: refer
    of_pack: true
    answer: Please ask your doctor whether it is safe for you.
    always: ["(can|may|should) {person} [safely] eat"]
    signs: [allergic to]

smalltalk:
  hello: {phrasings: ["(hello|hi|good morning) [there|baker]"], answer: Hello! Ask me about bread.}
  thanks: {phrasings: ["(thanks|thank you) [so much|for your help]"], remarks: true, answer: You are welcome.}
  bye: {phrasings: ["(bye|goodbye)"], remarks: true, answer: Goodbye.}
  ok: {phrasings: ["(ok|okay|i see)"], answer: All right.}
"""


@cache
def bakery_pack() -> Pack:
    """The pack of the bakery, checked."""
    with TemporaryDirectory() as folder:
        return load(write_bakery(Path(folder)))


@cache
def bakery_compiled() -> Compiled:
    return compile_pack(bakery_pack())


@cache
def bakery() -> Engine:
    """The engine of the bakery."""
    return Engine(bakery_compiled())


@cache
def bakery_understander() -> Understander:
    """What understands questions about bread."""
    return understander_of(bakery_compiled())


def understood(text: str) -> Understanding:
    """What the bakery understands of `text`."""
    return bakery_understander().understand(text)


def write_bakery(folder: Path) -> Path:
    """Write the pack of the bakery into `folder`, and give that folder."""
    (folder / "bakery.yaml").write_text(BAKERY, encoding="utf-8")
    return folder


@cache
def english() -> English:
    """What the engine knows of English, with everything that falls away once a pack is compiled."""
    return English.load()


@cache
def shipped() -> Engine:
    """The engine of the shipped pack."""
    return Engine.load()


@cache
def shipped_source() -> Pack:
    """The shipped pack as its authors wrote it."""
    return load(shipped_pack())
