"""What an embedder says of a text, as features: one more kind beside the words, learned from and weighed together with them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.understand.features import NEAR
from bot.understand.utterance import Utterance

if TYPE_CHECKING:
    from bot.semantic import Embedder

_LENGTH = 2.0
"""The length of the vector, beside those of the other kinds (`bot.understand.features`)."""


def meanings(
    embedder: "Embedder | None", utterances: Sequence[Utterance], attention: tuple[float, ...] = ()
) -> list[dict[str, float]]:
    """Feature -> value for each utterance, nothing where there is no embedder. `e:` a direction of the embedding, to and fro:
    values are never negative.

    attention: of a single long message, how much each token counts, 0..1; left out, all of them count.
    """
    if embedder is None:
        return [{} for _ in utterances]
    rows = embedder.embed([_text(utterance, attention) for utterance in utterances]).tolist()
    return [{f"e:{'+' if value > 0 else '-'}{at}": abs(value) * _LENGTH for at, value in enumerate(row) if value} for row in rows]


def _text(utterance: Utterance, attention: tuple[float, ...]) -> str:
    """The words as they were read, so that a slip that was mended is none for the embedder either."""
    tokens = utterance.tokens
    kept = [token for token, share in zip(tokens, attention, strict=True) if share >= NEAR] if attention else tokens
    return " ".join(token.word for token in kept)
