"""The bot and its peers behind one interface: each is built into a folder by one process, and opened and asked by another.

The folder holds `examples.csv`. What a system needs to answer it puts into a folder of its name.
"""

import os
import pickle
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

from benchmarks.machine import stop
from benchmarks.ranking.data import read_examples
from benchmarks.ranking.measure import Prediction

EXAMPLES = "examples.csv"
NOTHING = Prediction(None, 0.0)


class System:
    """Takes questions for intents."""

    name: ClassVar[str]
    about: ClassVar[str]
    """what it is, in the page of figures"""
    needs: ClassVar[tuple[str, ...]] = ()
    """modules that must be installed"""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.own = folder / self.name

    def build(self) -> dict[str, int]:
        """Learn or index the examples; numbers worth telling."""
        raise NotImplementedError

    def open(self) -> None:
        """Make ready what was built."""
        raise NotImplementedError

    def rank(self, text: str) -> Prediction:
        raise NotImplementedError

    def rank_many(self, texts: Sequence[str]) -> list[Prediction]:
        return [self.rank(text) for text in texts]

    def bytes(self) -> int:
        """What is kept on disk to answer from."""
        return sum(path.stat().st_size for path in self.own.rglob("*") if path.is_file())

    def _labels(self) -> list[str]:
        return [str(example.label) for example in read_examples(self.folder / EXAMPLES)]


class Faqbot(System):
    """The way that a user has: `faqbot import`, Engine.load, engine.rank."""

    name = "faqbot"
    about = "this engine: a pack imported from the examples, `Engine.load`, `engine.rank`"

    def build(self) -> dict[str, int]:
        from bot.exchange.importing import import_files

        found = import_files([self.folder / EXAMPLES], self.own / "pack", answer="Noted.", title="Benchmark")
        if not found.is_written:
            stop("the examples make no pack:\n" + "\n".join(map(str, found.faults[:20])))
        self.open()
        rejected = sum(fault.severity == "error" for fault in found.faults)
        return {"phrasings": found.phrasings, "rows left out, a phrasing of two intents": rejected}

    def open(self) -> None:
        from bot import Engine

        os.environ["FAQBOT_CACHE"] = str(self.own / "cache")
        self._engine = Engine.load(self.own / "pack")

    def rank(self, text: str) -> Prediction:
        ranked = self._engine.rank(text, 1)
        return Prediction(ranked[0].intent, ranked[0].confidence) if ranked else NOTHING

    def rank_many(self, texts: Sequence[str]) -> list[Prediction]:
        ranked = self._engine.rank_many(texts, 1)
        return [Prediction(own[0].intent, own[0].confidence) if own else NOTHING for own in ranked]

    def bytes(self) -> int:
        return sum(path.stat().st_size for path in (self.own / "cache").rglob("*") if path.is_file())


class TokenSetRatio(System):
    """Every phrasing compared with every question."""

    name = "rapidfuzz"
    about = "every phrasing compared by rapidfuzz's `token_set_ratio`"
    needs = ("rapidfuzz",)

    _BLOCK: ClassVar[int] = 64

    def build(self) -> dict[str, int]:
        process: Any = import_module("rapidfuzz.utils").default_process
        texts = [process(example.text) for example in read_examples(self.folder / EXAMPLES)]
        self.own.mkdir()
        (self.own / "phrasings.txt").write_text("\n".join(texts), encoding="utf-8")
        return {}

    def open(self) -> None:
        self._process: Any = import_module("rapidfuzz.process")
        self._ratio: Any = import_module("rapidfuzz.fuzz").token_set_ratio
        self._clean: Any = import_module("rapidfuzz.utils").default_process
        self._texts = (self.own / "phrasings.txt").read_text(encoding="utf-8").split("\n")
        self._of = self._labels()

    def rank(self, text: str) -> Prediction:
        _, score, at = self._process.extractOne(self._clean(text), self._texts, scorer=self._ratio)
        return Prediction(self._of[at], score / 100)

    def rank_many(self, texts: Sequence[str]) -> list[Prediction]:
        found = []
        for start in range(0, len(texts), self._BLOCK):  # all at once would take gigabytes
            block = [self._clean(text) for text in texts[start : start + self._BLOCK]]
            scores = self._process.cdist(block, self._texts, scorer=self._ratio, workers=-1)
            best = scores.argmax(axis=1)
            found += [Prediction(self._of[at], float(row[at]) / 100) for row, at in zip(scores, best, strict=True)]
        return found


class Bm25s(System):
    """BM25 over stems."""

    name = "bm25s"
    about = "BM25 over stems by bm25s, the intent of the best phrasing"
    needs = ("bm25s", "Stemmer")

    def build(self) -> dict[str, int]:
        self._start()
        index = self._library.BM25()
        texts = [example.text for example in read_examples(self.folder / EXAMPLES)]
        index.index(self._tokens(texts), show_progress=False)
        index.save(str(self.own), show_progress=False)
        return {}

    def open(self) -> None:
        self._start()
        self._index = self._library.BM25.load(str(self.own))
        self._of = self._labels()

    def rank(self, text: str) -> Prediction:
        tokens = self._tokens([text])
        if not tokens[0]:
            return NOTHING
        found, scores = self._index.retrieve(tokens, k=1, show_progress=False)
        return Prediction(self._of[int(found[0, 0])], float(scores[0, 0])) if scores[0, 0] > 0 else NOTHING

    def _start(self) -> None:
        self._library: Any = import_module("bm25s")
        self._stemmer: Any = import_module("Stemmer").Stemmer("english")

    def _tokens(self, texts: list[str]) -> Any:
        return self._library.tokenize(
            texts, stopwords=[], stemmer=self._stemmer, token_pattern=r"(?u)\b\w+\b", return_ids=False, show_progress=False
        )


class Tantivy(System):
    """A full-text index alone."""

    name = "tantivy"
    about = "BM25 over stems by tantivy's index on disk, the intent of the best phrasing"
    needs = ("tantivy",)

    def build(self) -> dict[str, int]:
        library: Any = import_module("tantivy")
        schema = library.SchemaBuilder().add_text_field("text", tokenizer_name="en_stem").add_text_field("label", stored=True)
        self.own.mkdir()
        writer = library.Index(schema.build(), path=str(self.own)).writer(num_threads=1)
        for example in read_examples(self.folder / EXAMPLES):
            writer.add_document(library.Document(text=example.text, label=str(example.label)))
        writer.commit()
        writer.wait_merging_threads()
        return {}

    def open(self) -> None:
        index: Any = import_module("tantivy").Index.open(str(self.own))
        self._index, self._searcher = index, index.searcher()

    def rank(self, text: str) -> Prediction:
        words = "".join(char if char.isalnum() else " " for char in text.lower())
        if not words.strip():
            return NOTHING
        query, _ = self._index.parse_query_lenient(words, ["text"])
        hits = self._searcher.search(query, 1).hits
        if not hits:
            return NOTHING
        score, address = hits[0]
        return Prediction(str(self._searcher.doc(address)["label"][0]), float(score))


class TfidfSvc(System):
    """A linear classifier."""

    name = "tfidf-svc"
    about = "scikit-learn: TF-IDF over words (1 to 2) and characters (2 to 5), `LinearSVC(C=1)`"
    needs = ("sklearn",)

    def build(self) -> dict[str, int]:
        text: Any = import_module("sklearn.feature_extraction.text")
        pipeline: Any = import_module("sklearn.pipeline")
        svm: Any = import_module("sklearn.svm")
        words = text.TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")
        pieces = text.TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
        model = pipeline.make_pipeline(pipeline.make_union(words, pieces), svm.LinearSVC(C=1.0, random_state=0))
        examples = read_examples(self.folder / EXAMPLES)
        model.fit([example.text for example in examples], [example.label for example in examples])
        self.own.mkdir()
        with (self.own / "model.pickle").open("wb") as file:
            pickle.dump(model, file, pickle.HIGHEST_PROTOCOL)
        return {}

    def open(self) -> None:
        with (self.own / "model.pickle").open("rb") as file:
            self._model: Any = pickle.load(file)

    def rank(self, text: str) -> Prediction:
        return self.rank_many([text])[0]

    def rank_many(self, texts: Sequence[str]) -> list[Prediction]:
        if not texts:
            return []
        scores = self._model.decision_function(texts)
        if scores.ndim == 1:  # of two intents it tells only how much the second is
            return [Prediction(str(self._model.classes_[int(score > 0)]), abs(float(score))) for score in scores]
        best = scores.argmax(axis=1)
        return [Prediction(str(self._model.classes_[at]), float(row[at])) for row, at in zip(scores, best, strict=True)]


SYSTEMS: dict[str, type[System]] = {one.name: one for one in (Faqbot, TfidfSvc, TokenSetRatio, Bm25s, Tantivy)}


def chosen(names: Sequence[str] | None, among: Sequence[str] = tuple(SYSTEMS)) -> list[str]:
    """The systems of these names, all of `among` if there is none. Ends the benchmark when one is unknown or not installed."""
    for name in names or ():
        if name not in among:
            stop(f"there is no system '{name}'; there are {', '.join(among)}")
    found = list(names or among)
    if missing := [name for name in found if any(find_spec(module) is None for module in SYSTEMS[name].needs)]:
        stop(
            f"not installed: {', '.join(missing)}; python -m pip install -r benchmarks/requirements.txt, "
            "or name the systems that you want with --systems"
        )
    return found
