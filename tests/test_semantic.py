"""Vectors of texts from tiny models of both kinds, made here."""

import importlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BotError
from bot.semantic import Embedder, EmbedderError, open_embedder
from tests.test_imports import modules
from tests.tools import library

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "what", "is", "rye", "bread", "does", "it", "contain", "milk", "how", "baked"]
WIDTH = 4
VECTORS = [[float((word * 7 + at * 3) % 5 - 1.5) for at in range(WIDTH)] for word in range(len(WORDS))]
TEXTS = ["what is rye bread", "milk", "does it contain milk milk milk rye", "rye", "how is it baked"]


def needed(name: str) -> Any:
    """The module called `name`. Without it the test skips itself, or fails where CI is set."""
    return importlib.import_module(name) if os.environ.get("CI") else library(name, "faqbot[test]")


def write_tokenizer(folder: Path, *, specials: bool = False) -> None:
    """Words of WORDS; with `specials` a text stands between [CLS] and [SEP], padded to 32 as some models are."""
    tokenizers = needed("tokenizers")
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    if specials:
        tokenizer.post_processor = tokenizers.processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
        tokenizer.enable_padding(length=32)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))


def write_static(folder: Path) -> Path:
    np = needed("numpy")
    needed("model2vec")
    write_tokenizer(folder)
    tensors = {"embeddings": np.array(VECTORS, dtype=np.float32)}
    needed("safetensors.numpy").save_file(tensors, folder / "model.safetensors")
    (folder / "config.json").write_text('{"model_type": "model2vec", "normalize": false}')
    return folder


def write_onnx(folder: Path, *, pooling: str = "", types: bool = False, output: str = "last_hidden_state", odd: str = "") -> Path:
    """A graph that looks every token up in VECTORS. types: adds 10 for each token of the second type, of which there is none.

    odd: one more input, which no text gives.
    """
    np, onnx = needed("numpy"), needed("onnx")
    needed("onnxruntime")
    write_tokenizer(folder, specials=True)
    names = ["input_ids", "attention_mask", *(["token_type_ids"] if types else []), *([odd] if odd else [])]
    helper, whole = onnx.helper, onnx.TensorProto.INT64
    table = onnx.numpy_helper.from_array(np.array(VECTORS, dtype=np.float32), "table")
    second = onnx.numpy_helper.from_array(np.array([[0.0] * WIDTH, [10.0] * WIDTH], dtype=np.float32), "second")
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["looked_up" if types else output])]
    if types:
        nodes.append(helper.make_node("Gather", ["second", "token_type_ids"], ["type"]))
        nodes.append(helper.make_node("Add", ["looked_up", "type"], [output]))
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, whole, ["texts", "tokens"]) for name in names],
        [helper.make_tensor_value_info(output, onnx.TensorProto.FLOAT, ["texts", "tokens", "width"])],
        [table, second] if types else [table],
    )
    model = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 13)])
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    onnx.save(model, folder / "onnx" / "model.onnx")
    if pooling:
        (folder / "1_Pooling").mkdir(exist_ok=True)
        modes = {f"pooling_mode_{mode}": mode == pooling for mode in ("cls_token", "mean_tokens", "max_tokens")}
        (folder / "1_Pooling" / "config.json").write_text(json.dumps({"word_embedding_dimension": WIDTH, **modes}))
    return folder


def message_of(folder: Path) -> str:
    """What is said of the model, without the folder, which must come first."""
    with pytest.raises(EmbedderError) as raised:
        open_embedder(folder)
    before, _, message = str(raised.value).partition(": ")
    assert before == str(folder)
    return message


def direction(*words: str) -> Any:
    """The mean of the vectors of `words`, 1 long."""
    np = needed("numpy")
    mean = np.mean([VECTORS[WORDS.index(word)] for word in words], axis=0)
    return (mean / np.linalg.norm(mean)).astype(np.float32)


def close(found: Any, expected: Any) -> bool:
    return bool(needed("numpy").allclose(found, expected, atol=1e-6))


BOTH = pytest.mark.parametrize("write", [write_static, write_onnx])
Writer = Callable[[Path], Path]


# ---- both kinds -----------------------------------------------------------------------------------------------------------


@BOTH
def test_each_text_has_a_row_of_length_one(write: Writer, tmp_path: Path) -> None:
    np = needed("numpy")
    rows = open_embedder(write(tmp_path)).embed(TEXTS)
    assert (rows.shape, rows.dtype) == ((len(TEXTS), WIDTH), np.float32)
    assert close(np.linalg.norm(rows, axis=1), 1)


@BOTH
def test_no_texts_give_no_rows(write: Writer, tmp_path: Path) -> None:
    assert open_embedder(write(tmp_path)).embed([]).shape == (0, WIDTH)


@BOTH
def test_a_text_of_which_nothing_is_known_is_all_zero(write: Writer, tmp_path: Path) -> None:
    embedder = open_embedder(write(tmp_path))
    texts = ["", "rye", "zxqv", "zxqv ploit", "\ud83c", "   "]
    assert [bool(row.any()) for row in embedder.embed(texts)] == [False, True, False, False, False, False]
    assert embedder.embed(["", "zxqv"]).tolist() == [[0.0] * WIDTH] * 2


@BOTH
def test_a_text_has_the_same_row_whatever_stands_beside_it(write: Writer, tmp_path: Path) -> None:
    embedder = open_embedder(write(tmp_path))
    many = [TEXTS[at % len(TEXTS)] + " rye" * (at % 40) for at in range(150)]
    alone = [embedder.embed([text])[0] for text in many]
    assert close(embedder.embed(many), alone)
    assert close(embedder.embed(many[::-1]), alone[::-1])


@BOTH
def test_opened_twice_it_gives_the_very_same(write: Writer, tmp_path: Path) -> None:
    first, second = open_embedder(write(tmp_path)), open_embedder(tmp_path)
    assert first.fingerprint == second.fingerprint
    assert first.embed(TEXTS).tobytes() == second.embed(TEXTS).tobytes()


@BOTH
def test_threads_share_it(write: Writer, tmp_path: Path) -> None:
    embedder = open_embedder(write(tmp_path))
    expected = embedder.embed(TEXTS).tobytes()
    with ThreadPoolExecutor(8) as threads:
        assert {rows.tobytes() for rows in threads.map(lambda _: embedder.embed(TEXTS), range(200))} == {expected}


@pytest.mark.parametrize(
    ("write", "names"),
    [
        (write_static, ["model.safetensors", "tokenizer.json", "config.json"]),
        (
            lambda folder: write_onnx(folder, pooling="mean_tokens"),
            ["onnx/model.onnx", "tokenizer.json", "1_Pooling/config.json"],
        ),
    ],
)
def test_another_byte_is_another_fingerprint(write: Writer, names: Sequence[str], tmp_path: Path) -> None:
    prints = [open_embedder(write(tmp_path)).fingerprint]
    for name in names:
        data = (tmp_path / name).read_bytes()
        if name.endswith(".json"):
            changed = data + b"\n"
        else:
            from_, to = (needed("numpy").float32(value).tobytes() for value in (VECTORS[0][0], 9.0))
            changed = data.replace(from_, to)
        assert changed != data
        (tmp_path / name).write_bytes(changed)
        prints.append(open_embedder(tmp_path).fingerprint)
        (tmp_path / name).write_bytes(data)
    assert len(set(prints)) == len(names) + 1
    assert open_embedder(tmp_path).fingerprint == prints[0]
    assert {len(print_) for print_ in prints} == {64}


# ---- model2vec ------------------------------------------------------------------------------------------------------------


def test_a_model2vec_text_is_the_mean_of_its_known_words(tmp_path: Path) -> None:
    rows = open_embedder(write_static(tmp_path)).embed(["rye bread", "rye zxqv bread"])
    assert close(rows, [direction("rye", "bread")] * 2)


def test_model2vec_gives_what_its_own_library_gives(tmp_path: Path) -> None:
    np, model2vec = needed("numpy"), needed("model2vec")
    write_static(tmp_path)
    small = model2vec.StaticModel.from_pretrained(tmp_path, vocabulary_quantization=None, quantize_to="int8")
    small.weights = np.linspace(0.5, 1.5, len(WORDS)).astype(np.float32)
    small.token_mapping = np.arange(len(WORDS))[::-1].copy()
    small.save_pretrained(tmp_path / "small")
    for folder in (tmp_path, tmp_path / "small"):
        expected = model2vec.StaticModel.from_pretrained(folder, normalize=True).encode(TEXTS)
        assert close(open_embedder(folder).embed(TEXTS), expected)


def test_a_model2vec_folder_may_hold_a_graph_too(tmp_path: Path) -> None:
    expected = open_embedder(write_static(tmp_path)).embed(TEXTS)
    (tmp_path / "model.onnx").write_bytes(b"for somebody else")
    assert close(open_embedder(tmp_path).embed(TEXTS), expected)


# ---- ONNX -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pooling", ["", "mean_tokens"])
def test_the_mean_leaves_padding_out(pooling: str, tmp_path: Path) -> None:
    rows = open_embedder(write_onnx(tmp_path, pooling=pooling)).embed(["rye", "how is rye bread baked"])
    assert close(rows[0], direction("[CLS]", "rye", "[SEP]"))


def test_the_first_token_may_stand_for_the_text(tmp_path: Path) -> None:
    rows = open_embedder(write_onnx(tmp_path, pooling="cls_token")).embed(["rye", "how is rye bread baked"])
    assert close(rows, [direction("[CLS]")] * 2)


def test_pooling_may_be_named_by_one_word(tmp_path: Path) -> None:
    write_onnx(tmp_path, pooling="cls_token")
    (tmp_path / "1_Pooling" / "config.json").write_text('{"pooling_mode": "cls"}')
    assert close(open_embedder(tmp_path).embed(["rye"])[0], direction("[CLS]"))


def test_a_graph_may_ask_for_the_types_of_tokens(tmp_path: Path) -> None:
    rows = open_embedder(write_onnx(tmp_path, types=True)).embed(["rye", "how is rye bread baked"])
    assert close(rows[0], direction("[CLS]", "rye", "[SEP]"))


def test_a_long_text_is_cut(tmp_path: Path) -> None:
    embedder = open_embedder(write_onnx(tmp_path))
    expected = direction("[CLS]", *["rye"] * 254, "[SEP]")
    assert close(embedder.embed(["rye " * 254 + "milk " * 500]), [expected])


def test_the_graph_may_lie_beside_the_tokenizer(tmp_path: Path) -> None:
    expected = open_embedder(write_onnx(tmp_path)).embed(TEXTS)
    (tmp_path / "onnx" / "model.onnx").rename(tmp_path / "model.onnx")
    assert close(open_embedder(tmp_path).embed(TEXTS), expected)


# ---- what can be wrong ------------------------------------------------------------------------------------------------------


def test_a_missing_folder(tmp_path: Path) -> None:
    assert message_of(tmp_path / "none") == "there is no such folder; name the one that the model is in"


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    assert message_of(tmp_path) == (
        "holds none of 'model.onnx', 'onnx/model.onnx' and 'model.safetensors'; name the folder of a sentence-transformers model "
        "that was exported to ONNX, or of a model2vec model"
    )


@pytest.mark.parametrize(
    ("write", "name"),
    [
        (write_static, "config.json"),
        (write_static, "tokenizer.json"),
        (write_static, "model.safetensors"),
        (write_onnx, "tokenizer.json"),
    ],
)
def test_a_missing_file(write: Writer, name: str, tmp_path: Path) -> None:
    (write(tmp_path) / name).unlink()
    assert message_of(tmp_path) == f"'{name}' is missing; get all files of the model again"


@pytest.mark.parametrize(
    ("write", "name", "start", "mend"),
    [
        (write_static, "config.json", "'config.json' cannot be used (", "get all files of the model again"),
        (write_static, "model.safetensors", "the model2vec model cannot be used (", "must be exported to ONNX first"),
        (write_static, "tokenizer.json", "the model2vec model cannot be used (", "must be exported to ONNX first"),
        (write_onnx, "onnx/model.onnx", "'onnx/model.onnx' cannot be used (", "get all files of the model again"),
        (write_onnx, "tokenizer.json", "'tokenizer.json' cannot be used (", "get all files of the model again"),
    ],
)
@pytest.mark.parametrize("data", [b"", b"[1, 2", b"\x00\xff" * 40])
def test_a_damaged_file(write: Writer, name: str, start: str, mend: str, data: bytes, tmp_path: Path) -> None:
    (write(tmp_path) / name).write_bytes(data)
    message = message_of(tmp_path)
    assert message.startswith(start)
    assert message.endswith(mend)
    assert "\n" not in message


def test_a_model_that_was_not_exported(tmp_path: Path) -> None:
    np = needed("numpy")
    write_static(tmp_path)
    needed("safetensors.numpy").save_file({"encoder.weight": np.zeros((2, 2))}, tmp_path / "model.safetensors")
    assert message_of(tmp_path).endswith("; a sentence-transformers model must be exported to ONNX first")


def test_another_pooling(tmp_path: Path) -> None:
    assert message_of(write_onnx(tmp_path, pooling="max_tokens")) == (
        "'1_Pooling/config.json' should say mean or cls; export the model with its pooling"
    )


def test_a_part_that_is_not_read(tmp_path: Path) -> None:
    parts = [{"type": f"sentence_transformers.models.{name}"} for name in ("Transformer", "Pooling", "Dense", "Normalize")]
    (write_onnx(tmp_path) / "modules.json").write_text(json.dumps(parts))
    assert message_of(tmp_path) == (
        "'modules.json' names sentence_transformers.models.Dense, which is not read; export the model with all its parts"
    )


def test_a_graph_that_wants_more_than_a_text(tmp_path: Path) -> None:
    assert message_of(write_onnx(tmp_path, odd="pixel_values")) == (
        "the graph wants 'pixel_values', which no text gives; export it for feature extraction"
    )


def test_a_graph_that_gives_no_vector_of_a_text(tmp_path: Path) -> None:
    assert message_of(write_onnx(tmp_path, output="sentence_embedding")) == (
        "the graph gives no vectors of tokens; export it for feature extraction"
    )


@BOTH
def test_numbers_that_are_none(write: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "VECTORS", [[float("nan")] * WIDTH] * len(WORDS))
    with pytest.raises(EmbedderError, match="the model gives what are no numbers; get all its files again"):
        open_embedder(write(tmp_path)).embed(["rye"])


@pytest.mark.parametrize(
    ("write", "name"), [(write_static, "model2vec"), (write_onnx, "onnxruntime"), (write_onnx, "tokenizers")]
)
def test_a_missing_library(write: Writer, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path)
    monkeypatch.setitem(sys.modules, name, None)
    assert message_of(tmp_path) == f"the model needs '{name}': python -m pip install 'faqbot[semantic]'"


def test_the_error_is_of_the_family_and_a_value_error() -> None:
    assert EmbedderError.__mro__[1:3] == (BotError, ValueError)


# ---- imports ----------------------------------------------------------------------------------------------------------------


def test_importing_it_loads_no_library(tmp_path: Path) -> None:
    found = modules("import bot, bot.semantic", tmp_path)
    assert "bot.semantic" in found
    assert found & {"numpy", "onnxruntime", "tokenizers", "model2vec", "safetensors", "huggingface_hub"} == set()


def test_opening_it_reaches_for_no_network(tmp_path: Path) -> None:
    write_static(tmp_path / "static")
    write_onnx(tmp_path / "onnx")
    code = f"""
import socket, sys
from pathlib import Path
def refused(*_): raise AssertionError("the network")
socket.socket.connect = socket.getaddrinfo = refused
from bot.semantic import open_embedder
for name in ("static", "onnx"): open_embedder(Path({str(tmp_path)!r}) / name).embed(["rye"])
"""
    assert "torch" not in modules(code, tmp_path)


def test_any_object_of_the_shape_is_an_embedder() -> None:
    class Own:
        fingerprint = "own"

        def embed(self, texts: Sequence[str]) -> Any:
            return [texts]

    own: Embedder = Own()
    assert own.fingerprint == "own"
