"""Names are no typing slips: "sufra" is not "supra", unless that would hide a danger."""

from __future__ import annotations

from collections.abc import Iterable

from intents.mending import Mender
from intents.normalise import Normaliser
from intents.rules import LEVELS, Rulebook

# Where a name is tried as a slip: "The Kell Trust" is there, and somebody wants to "kell myself".
IN_DANGER = (
    "i want to {} myself", "i {} myself", "he will {} me", "he {} me", "they were {} me",
    "he has a {} outside my house", "i carry a {}", "i took an {}",
)  # fmt: skip


def sparing(
    names: Iterable[str], normaliser: Normaliser, mender: Mender, rulebook: Rulebook
) -> Normaliser:
    """The same normaliser, but the words of these names are no slips.

    Where mending a word makes the rules see a danger, or a graver one, it stays a slip. The rules
    alone are asked: they say the same whatever else was learnt. They also choose between the
    readings of a slip.
    """
    bare = normaliser.mending(list)
    mender = mender.seeing(lambda words: _gravest(rulebook, tuple(words)))
    words = {word for name in names for word in bare(name).words}
    slips = {word for word in words if mender([word]) != [word]}
    mended = bare.mending(mender)

    def hides_danger(word: str) -> bool:
        said = [frame.format(word) for frame in IN_DANGER]
        return any(
            _gravest(rulebook, mended(text).words) > _gravest(rulebook, bare(text).words)
            for text in said
        )

    return bare.mending(
        mender.sparing(words - {word for word in slips if hides_danger(word)})
    )  # fmt: skip


def _gravest(rulebook: Rulebook, words: tuple[str, ...]) -> int:
    return max((LEVELS[hit.level] for hit in rulebook.hits(words)), default=-1)
