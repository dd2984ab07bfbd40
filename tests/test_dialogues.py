"""Plays `tests/dialogues/*.yaml` with the real content: whole conversations that read as scripts.

    they: words      a young person writes           bot: words     one reply has these words
    tap: label       presses a button                bot: =key      one reply is this wording
    edits, sends     changes words, sends a voice    silence        nothing comes
    worker: words    replies in the staff group      claims, closes presses on the card
    staff alerted: level/kind    a card comes        staff: words   something that staff see

Every reply must be expected: one too many fails, and so does silence where words should come.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.conversation.world import World
from tests.support.real import real_catalogue
from tests.telegram import updates as raw
from tests.telegram.desk_bench import Bench

KAY, SAM, GROUP = 5001, 9001, raw.GROUP
FILES = sorted((Path(__file__).parent / "dialogues").glob("*.yaml"))
Step = str | dict[str, Any]


def dialogues() -> list[Any]:
    """Every dialogue of every file, with its name."""
    return [
        pytest.param(steps, id=f"{path.stem}: {name}")
        for path in FILES
        for name, steps in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    ]


@pytest.fixture(scope="session")
def real_world() -> World:
    return real_catalogue().world


class Stage:
    """Plays the steps, and keeps what nobody has spoken about yet."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.replies: list[Any] = []
        self.last: list[Any] = []  # all that was said, for its buttons
        self.seen_by_staff: list[str] = []
        self.cases = 0
        self.written = 0
        self.log: list[str] = []

    async def play(self, steps: list[Step]) -> None:
        for step in steps:
            verb, what = (step, "") if isinstance(step, str) else next(iter(step.items()))
            self.log.append(f"    {verb}: {what}")
            action = getattr(self, f"do_{verb.replace(' ', '_')}")
            await action(str(what))
        self._nothing_left()
        found = await self.bench.look(lambda unit: unit.load_case(self.cases + 1))
        assert found is None, self._story(f"staff were alerted and nobody expected it: {found}")

    def _story(self, problem: str) -> str:
        left = "\n".join(f"    (bot says) {self._text(call)}" for call in self.replies)
        return "\n".join([problem, *self.log, left])

    def _text(self, call: Any) -> str:
        bare = re.sub(r"<[^>]+>", "", str(call.params.get("text", "(a pin on the map)")))
        return html.unescape(bare)

    def _nothing_left(self) -> None:
        assert not self.replies, self._story("a reply that nobody expected")

    async def _after(self) -> None:
        self.replies = self.bench.new(KAY)
        self.last += self.replies
        self.seen_by_staff += [self._text(call) for call in self.bench.new(GROUP)]

    # ---- the young person -------------------------------------------------------------------

    async def do_they(self, text: str) -> None:
        self._nothing_left()
        self.written = await self.bench.says(KAY, text)
        await self._after()

    async def do_edits(self, text: str) -> None:
        self._nothing_left()
        await self.bench.says(KAY, text, edit=self.written)
        await self._after()

    async def do_sends(self, kind: str) -> None:
        self._nothing_left()
        await self.bench.says(KAY, "", **raw.CONTENTS[kind])
        await self._after()

    async def do_shares(self, place: str) -> None:
        self._nothing_left()
        lat, lon = (float(part) for part in place.split(","))
        await self.bench.says(KAY, "", location={"latitude": lat, "longitude": lon})
        await self._after()

    async def do_tap(self, label: str) -> None:
        self._nothing_left()
        for call in reversed(self.last):
            markup = call.params.get("reply_markup", {})
            for button in (b for row in markup.get("inline_keyboard", []) for b in row):
                if label.lower() == button["text"].lower():
                    await self.bench.taps(KAY, button["callback_data"])
                    return await self._after()
            for button in (b for row in markup.get("keyboard", []) for b in row):
                if label.lower() == button["text"].lower():
                    await self.bench.says(KAY, button["text"])
                    return await self._after()
        raise AssertionError(self._story(f"there is no button {label!r}"))

    # ---- the bot ----------------------------------------------------------------------------

    async def do_bot(self, wanted: str) -> None:
        assert self.replies, self._story("silence where words should come")
        call = self.replies.pop(0)
        if wanted.startswith("="):
            fits = _pattern(self.bench.world, wanted[1:]).search(str(call.params.get("text")))
        else:
            fits = wanted.lower() in self._text(call).lower()
        assert fits, self._story(f"not {wanted!r} but: {self._text(call)}")

    async def do_silence(self, _: str) -> None:
        self._nothing_left()

    async def do_wait(self, seconds: str) -> None:
        self._nothing_left()
        await self.bench.wait(float(seconds))
        await self._after()

    # ---- staff ------------------------------------------------------------------------------

    async def do_staff_alerted(self, wanted: str) -> None:
        self.cases += 1
        case = await self.bench.look(lambda unit: unit.load_case(self.cases))
        assert case is not None, self._story("staff were not alerted")
        level, _, kind = wanted.partition("/")
        assert case.urgency == level, self._story(f"{case.urgency}/{case.kind}: {case.reason}")
        assert not kind or case.kind == kind, self._story(f"{case.kind}: {case.reason}")
        assert any(f"#{self.cases} " in text for text in self.seen_by_staff), self._story("no card")

    async def do_staff(self, wanted: str) -> None:
        at = [n for n, text in enumerate(self.seen_by_staff) if wanted.lower() in text.lower()]
        assert at, self._story(f"staff do not see {wanted!r} in {self.seen_by_staff}")
        del self.seen_by_staff[at[0]]

    async def do_claims(self, _: str) -> None:
        self._nothing_left()
        await self.bench.presses(SAM, f"claim:{self.cases}")
        await self._after()

    async def do_closes(self, outcome: str) -> None:
        self._nothing_left()
        await self.bench.presses(SAM, f"end:{self.cases}:{outcome}")
        await self._after()

    async def do_worker(self, text: str) -> None:
        self._nothing_left()
        target = [c for c in self.bench.calls(GROUP) if c.role in ("card", "relay-in")][-1]
        await self.bench.staff(SAM, text, reply_to=self.bench.id_of(target))
        await self._after()


def _pattern(world: World, key: str) -> re.Pattern[str]:
    """A wording as a pattern: anything may stand in its blanks."""
    text = world.wording.texts[key].strip()
    parts = re.split(r"\{[a-z-]+\}", text)
    return re.compile(".*".join(re.escape(part) for part in parts), re.DOTALL)


@pytest.mark.parametrize("steps", dialogues())
async def test_dialogue(steps: list[Step], real_world: World) -> None:
    bench = Bench(real_world)
    await bench.start()
    try:
        await Stage(bench).play(steps)
    finally:
        await bench.stop()
