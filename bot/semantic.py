"""What texts mean, as vectors of a model that the user supplies in a folder. Nothing is ever fetched.

Two kinds of folders are read: a sentence-transformers model exported to ONNX, and a model2vec model. Their libraries come with
the extra `faqbot[semantic]` and are imported when a folder is opened.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bot.errors import BotError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

_BATCH = 64
"""Texts that an ONNX model is given at a time, in their order."""

_MOST_TOKENS = 256
"""Where a text is cut when the tokenizer does not say it."""

_GRAPHS = ("model.onnx", "onnx/model.onnx")
_STATIC = ("model.safetensors", "tokenizer.json", "config.json")
_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}

_OUTPUTS = ("sentence_embedding", "token_embeddings", "last_hidden_state")
"""What is taken of a graph that gives several: the first of these, or whatever comes first. `sentence_embedding` is pooled."""

_PARTS = {"Transformer", "Pooling", "Normalize"}
"""What a sentence-transformers model may be made of, unless its graph holds the whole of it."""


class EmbedderError(BotError, ValueError):
    """A model that cannot be used: which folder, what is wrong with it, and the mend."""


class Embedder(Protocol):
    """Gives vectors for texts. Safe to share between threads; stays in the process that opened it."""

    @property
    def fingerprint(self) -> str:
        """A name for the model, 64 characters: another one as soon as a byte of its files is another."""

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """The vectors of `texts`, of shape (texts, width), each of length 1; all zero for a text of which nothing is known.

        Raises EmbedderError when the model fails on them.
        """


def open_embedder(folder: Path, *, threads: int = 1) -> Embedder:
    """The model in `folder`, read and tried.

    threads: of an ONNX model, 1 or more. With 1 the same texts always give the same vectors.
    Raises EmbedderError for a folder, a file or a library that is missing, and for a model that is damaged or of another kind.
    """
    with _told(folder, "the model"):
        if not folder.is_dir():
            raise EmbedderError(f"{folder}: there is no such folder; name the one that the model is in")
        config = _settings(folder, "config.json") if (folder / "config.json").is_file() else {}
        graph = next((folder / name for name in _GRAPHS if (folder / name).is_file()), None)
        if config.get("model_type") == "model2vec" or (graph is None and (folder / "model.safetensors").is_file()):
            return _Static(folder, _fingerprint(folder, [folder / name for name in _STATIC]))
        if graph is None:
            raise EmbedderError(
                f"{folder}: holds none of 'model.onnx', 'onnx/model.onnx' and 'model.safetensors'; name the folder of a "
                "sentence-transformers model that was exported to ONNX, or of a model2vec model"
            )
        beside = sorted(graph.parent.glob(f"{graph.name}?*"))  # weights too large for the graph
        settings = [path for name in ("1_Pooling/config.json", "modules.json") if (path := folder / name).is_file()]
        return _Onnx(folder, graph, _fingerprint(folder, [graph, folder / "tokenizer.json", *beside, *settings]), threads)


class _Static:
    """A model2vec model: a text is the mean of its tokens, each of which has one vector."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        from model2vec import StaticModel

        self.fingerprint = fingerprint
        self._folder = folder
        with _told(folder, "the model2vec model", "; a sentence-transformers model must be exported to ONNX first"):
            # A whole path: a relative one that has just vanished could be taken for a name to download.
            self._model = StaticModel.from_pretrained(folder.absolute(), force_download=False)

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        import numpy as np

        rows = np.zeros((len(texts), self._model.dim), dtype=np.float32)
        with _told(self._folder, "the model"):
            for at, text in enumerate(texts):
                # `encode` would change the tokenizer for a moment, and start threads of its own.
                tokens = self._model.tokenizer.encode(_whole(text), add_special_tokens=False).ids
                tokens = [token for token in tokens if token != self._model.unk_token_id]
                if tokens:
                    rows[at] = self._vectors(tokens).mean(axis=0)
        return _unit(rows, self._folder)

    def _vectors(self, tokens: list[int]) -> "NDArray[np.float32]":
        model = self._model
        vectors = model.embedding[tokens if model.token_mapping is None else model.token_mapping[tokens]].astype("float32")
        return vectors if model.weights is None else vectors * model.weights[tokens][:, None].astype("float32")


class _Onnx:
    """A sentence-transformers model exported to ONNX."""

    def __init__(self, folder: Path, graph: Path, fingerprint: str, threads: int) -> None:
        import onnxruntime

        self.fingerprint = fingerprint
        self._folder = folder
        self._tokenizer, self._unknown = _tokenizer(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 4  # what goes wrong is raised
        with _told(folder, f"'{graph.relative_to(folder).as_posix()}'"):
            onnxruntime.disable_telemetry_events()
            self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
            self._inputs = {
                node.name: "int32" if node.type == "tensor(int32)" else "int64" for node in self._session.get_inputs()
            }
            if odd := sorted(self._inputs.keys() - _INPUTS):
                raise EmbedderError(
                    f"{folder}: the graph wants '{odd[0]}', which no text gives; export it for feature extraction"
                )
            outputs = [node.name for node in self._session.get_outputs()]
            self._output = next((name for name in _OUTPUTS if name in outputs), outputs[0])
            self._pooling = "" if self._output == "sentence_embedding" else _pooling(folder)
            self._width = self._vectors([[0]], [[0]]).shape[1]

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        import numpy as np

        rows = np.zeros((len(texts), self._width), dtype=np.float32)
        with _told(self._folder, "the model"):
            for start in range(0, len(texts), _BATCH):
                read = [self._tokenizer.encode(_whole(text)) for text in texts[start : start + _BATCH]]
                known = [at for at, text in enumerate(read) if self._is_known(text.ids, text.special_tokens_mask)]
                if known:
                    rows[[start + at for at in known]] = self._vectors(
                        [read[at].ids for at in known], [read[at].type_ids for at in known]
                    )
        return _unit(rows, self._folder)

    def _is_known(self, tokens: Sequence[int], special: Sequence[int]) -> bool:
        """Is any of the tokens of the text itself in the vocabulary?"""
        return any(not is_special and token != self._unknown for token, is_special in zip(tokens, special, strict=True))

    def _vectors(self, tokens: Sequence[Sequence[int]], types: Sequence[Sequence[int]]) -> "NDArray[np.float32]":
        """One vector of any length for each text, which is given as its tokens and their types."""
        import numpy as np

        shape = len(tokens), max(map(len, tokens))
        ids, mask, kinds = (np.zeros(shape, dtype=np.int64) for _ in range(3))  # the mask says what is padding, not the token
        for at, (own, own_types) in enumerate(zip(tokens, types, strict=True)):
            ids[at, : len(own)], mask[at, : len(own)], kinds[at, : len(own)] = own, 1, own_types
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}
        feed = {name: given[name].astype(kind) for name, kind in self._inputs.items()}
        found: NDArray[np.float32] = self._session.run([self._output], feed)[0].astype(np.float32)
        if found.ndim == 3 and self._pooling:
            seen = mask[:, :, None].astype(np.float32)
            found = found[:, 0] if self._pooling == "cls" else (found * seen).sum(axis=1) / seen.sum(axis=1)
        if found.ndim != 2:
            raise EmbedderError(f"{self._folder}: the graph gives no vectors of tokens; export it for feature extraction")
        return found


def _tokenizer(folder: Path) -> "tuple[Tokenizer, int | None]":
    """The tokenizer, which cuts and does not pad, and its token for what it does not know."""
    from tokenizers import Tokenizer

    with _told(folder, "'tokenizer.json'"):
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        model = _settings(folder, "tokenizer.json")["model"]
        unknown = model["unk_id"] if "unk_id" in model else tokenizer.token_to_id(model.get("unk_token") or "")
        tokenizer.no_padding()
        if tokenizer.truncation is None:
            tokenizer.enable_truncation(_MOST_TOKENS)
        return tokenizer, unknown


def _pooling(folder: Path) -> str:
    """How the vectors of tokens become that of a text: `mean`, or `cls`, which is the first. Raises EmbedderError for others."""
    if (folder / "modules.json").is_file():
        parts = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        if odd := [part["type"] for part in parts if part["type"].split(".")[-1] not in _PARTS]:
            raise EmbedderError(
                f"{folder}: 'modules.json' names {odd[0]}, which is not read; export the model with all its parts"
            )
    if not (folder / "1_Pooling" / "config.json").is_file():
        return "mean"
    config = _settings(folder, "1_Pooling/config.json")
    wanted = [key for key, value in config.items() if key.startswith("pooling_mode_") and value is True]
    for name, key in (("mean", "pooling_mode_mean_tokens"), ("cls", "pooling_mode_cls_token")):
        if wanted == [key] or config.get("pooling_mode") == name:
            return name
    raise EmbedderError(f"{folder}: '1_Pooling/config.json' should say mean or cls; export the model with its pooling")


def _settings(folder: Path, name: str) -> dict[str, Any]:
    with _told(folder, f"'{name}'"):
        return dict(json.loads((folder / name).read_text(encoding="utf-8")))


def _fingerprint(folder: Path, files: Sequence[Path]) -> str:
    """A hash of the names and bytes of `files`. Raises EmbedderError when one is missing."""
    digest = hashlib.sha256()
    for path in files:
        name = path.relative_to(folder).as_posix()
        if not path.is_file():
            raise EmbedderError(f"{folder}: '{name}' is missing; get all files of the model again")
        with path.open("rb") as file:
            digest.update(f"{name} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()


def _whole(text: str) -> str:
    """`text` without halves of characters, which tokenizers refuse."""
    return text.encode("utf-8", "replace").decode()


def _unit(rows: "NDArray[np.float32]", folder: Path) -> "NDArray[np.float32]":
    """Each row made 1 long; what is all zero stays so. Raises EmbedderError for what is no number."""
    import numpy as np

    lengths: NDArray[np.float32] = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(lengths).all():
        raise EmbedderError(f"{folder}: the model gives what are no numbers; get all its files again")
    lengths[lengths == 0] = 1
    return rows / lengths


@contextmanager
def _told(folder: Path, what: str, mend: str = "; get all files of the model again") -> Iterator[None]:
    """Whatever goes wrong within is raised as an EmbedderError."""
    try:
        yield
    except (EmbedderError, MemoryError):
        raise
    except ImportError as error:
        library = error.name or str(error)
        raise EmbedderError(f"{folder}: the model needs '{library}': python -m pip install 'faqbot[semantic]'") from error
    except Exception as error:  # the libraries have no family of errors
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise EmbedderError(f"{folder}: {what} cannot be used ({reason}){mend}") from error
