import pytest

from bot.reply import Reply
from tests.packs import bakery, shipped

WITHOUT = "which baskets are without Nuttina?"


def talk(*questions: str) -> Reply:
    """The last reply of a conversation."""
    conversation = bakery().conversation()
    return [conversation.ask(question) for question in questions][-1]


@pytest.mark.parametrize(
    "text",
    ["count?", "how many?", "how many is that?", "total of those", "number of those?", "and how many are they?", "in total?"],
)
def test_the_number_of_what_was_told(text: str) -> None:
    assert talk(WITHOUT, text).text.startswith("We pack two without Nuttina")
    assert talk("which kinds of dough are there?", text).text.startswith("The book names four kinds of dough")


@pytest.mark.parametrize("text", ["count?", "how many?", "how many are there?"])
def test_the_number_of_the_members_of_a_group(text: str) -> None:
    assert talk("what is sourdough?", text).text.startswith("We bake two breads from sourdough")


@pytest.mark.parametrize(
    ("text", "basket"),
    [
        ("smallest one?", "Rustino and Kornelia"),
        ("the shortest?", "Rustino and Kornelia"),
        ("which is the smallest", "Rustino and Kornelia"),
        ("and the largest one", "Rustino, Brioletta and Mandorla"),
        ("the one of two breads?", "Rustino and Kornelia"),
        ("only three-bread ones", "Rustino, Brioletta and Mandorla"),
    ],
)
def test_the_smallest_of_what_was_told(text: str, basket: str) -> None:
    assert basket in talk(WITHOUT, text).text
    assert "Nuttina" not in talk(WITHOUT, text).text


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("now drop the ones with Mandorla", "parts.reverse:"),
        ("and without Mandorla?", "parts.reverse:"),
    ],
)
def test_some_of_it_are_dropped(text: str, intent: str) -> None:
    reply = talk(WITHOUT, text)
    assert (reply.intent, "Rustino and Kornelia" in reply.text, "Brioletta" in reply.text) == (intent, True, False)


@pytest.mark.parametrize("text", ["so all three have it?", "do all three have Brioletta?", "all of them contain it?"])
def test_whether_all_have_it(text: str) -> None:
    assert talk("which baskets contain Brioletta?", text).verdict == "no"


@pytest.mark.parametrize("text", ["how many of them have Nuttina too?", "how many with Nuttina as well?"])
def test_what_was_left_out_comes_back(text: str) -> None:
    reply = talk("which baskets have Brioletta but not Nuttina?", text)
    assert (reply.intent, "Brioletta, Nuttina and Mandorla" in reply.text) == ("parts.count:brioletta+nuttina", True)


def test_none_of_it_has_neither() -> None:
    told = talk("which baskets are without Brioletta and Kornelia?").text
    assert told == "None. Every one of them has Brioletta (brioche) or Kornelia (spelt loaf)."


@pytest.mark.parametrize("text", ["both of the same dough?", "both from one dough?"])
def test_both_of_which_something_else_is_asked(text: str) -> None:
    assert str(talk("which baskets have Brioletta and Mandorla?", text).intent).startswith(("dough.", "compare", "same"))


def test_both_of_a_group_that_was_counted() -> None:
    reply = talk("how many sourdough breads are there?", "and what are both baked in?")
    assert "stone oven" in reply.text


def test_a_word_of_a_name_narrows_nothing() -> None:
    conversation = shipped().conversation()
    conversation.ask("which drug groups cause nerve damage?")
    assert "nerve_damage" not in str(conversation.ask("and which cause low blood counts?").intent)


@pytest.mark.parametrize("text", ["ok back to Rustino. what is it baked in", "and Rustino again, how is it baked?"])
def test_what_is_asked_of_a_thing_by_name_narrows_nothing(text: str) -> None:
    conversation = bakery().conversation()
    conversation.ask("which baskets have Mandorla?")
    conversation.ask("and Kornelia?")
    assert conversation.ask(text).intent == "oven.list:rustino"


@pytest.mark.parametrize("text", ["any with Kornelia?", "do any have Kornelia too", "and with Kornelia as well?"])
def test_which_of_them_have_something_more(text: str) -> None:
    conversation = bakery().conversation()
    conversation.ask("which baskets have Rustino?")
    assert {"rustino", "kornelia"} <= set(str(conversation.ask(text).intent).partition(":")[2].split("+"))


def test_what_each_of_them_is_asks_for_no_size() -> None:
    conversation = shipped().conversation()
    conversation.ask("which combinations are without Revlimid, Pomalyst and Kyprolis?")
    assert str(conversation.ask("what class is each of the 3 drugs in that").intent).startswith("class.")


@pytest.mark.parametrize(
    ("counted", "text", "intent"),
    [
        ("how many breads are made from yeast dough?", "list them", "dough.reverse:yeast_dough"),
        ("how many allergens has yeast dough?", "name them", "allergens.list:yeast_dough"),
        ("how many allergens has yeast dough?", "list those please", "allergens.list:yeast_dough"),
    ],
)
def test_what_was_counted_is_listed(counted: str, text: str, intent: str) -> None:
    assert talk(counted, text).intent == intent


@pytest.mark.parametrize("text", ["which?", "which ones", "enumerate", "and which are they?", "list them"])
def test_which_were_counted_is_told(text: str) -> None:
    reply = talk("how many baskets have Brioletta?", text)
    assert (reply.kind, "Rustino, Brioletta and Mandorla" in reply.text) == ("answer", True)


def test_the_number_is_asked_of_something_else() -> None:
    reply = talk("how many baskets have Rustino?", "and with Nuttina how many?")
    assert reply.intent == "parts.count:nuttina"


def list_of_combinations(text: str) -> Reply:
    conversation = shipped().conversation()
    conversation.ask("combos")
    return conversation.ask(text)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("with ninlaro", "parts.reverse:ixazomib"),
        ("any with ninlaro?", "parts.reverse:ixazomib"),
        ("any without dex", "parts.reverse:"),
        ("how many with revlimid?", "parts.count:lenalidomide"),
    ],
)
def test_some_of_all_that_was_told_by_an_entry(text: str, intent: str) -> None:
    assert list_of_combinations(text).intent == intent


def test_what_is_without_a_group_is_counted() -> None:
    reply = shipped().ask("how many combos have no proteasome inhibitor")
    assert reply.text.startswith("The article lists four combinations without proteasome inhibitors")


def test_one_of_the_two_is_no_size() -> None:
    assert "no combination of two" not in shipped().ask("which of the two goes with pomalyst").text
