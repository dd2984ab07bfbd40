"""The durable core end to end as a process of its own, killed at random moments under load."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

from bot.demo.api import LimitSettings, LocalBotApi
from bot.storage.seal import Sealer
from tests.support.actors import Actor, text_of, young_person
from tests.support.kill import Victim, kill_again_and_again

KILLS = 5
MESSAGES = 120


def echoes(person: Actor) -> Counter[str]:
    messages = person.messages_by_id().values()
    texts = [text_of(message) for message in messages if message["from"]["is_bot"]]
    return Counter(text.removeprefix("echo ") for text in texts)


async def write(person: Actor, texts: list[str]) -> None:
    for text in texts:
        person.say(text)
        await asyncio.sleep(0.03)


async def test_no_message_is_lost_by_kills(tmp_path: Path) -> None:
    api = LocalBotApi(seed=3, limits=LimitSettings(private_rate=1000.0, private_burst=1000))
    await api.start()
    person = young_person(api)
    texts = [f"message {number}" for number in range(MESSAGES)]
    arguments = [api.base_url, api.token, str(tmp_path / "bot.sqlite"), Sealer.new_key()]
    victim = Victim(["-m", "tests.support.echo_bot", *arguments], tmp_path / "log")
    try:
        writing = asyncio.create_task(write(person, texts))
        rng = random.Random(11)
        await kill_again_and_again(victim, KILLS, rng, shortest_s=0.9, longest_s=1.6)
        await writing
        await person.wait_until(
            lambda: set(texts) <= set(echoes(person)), "echo of each message", timeout_s=40
        )
        said = echoes(person)
        order = [text for text in said if text in texts]
        assert order == texts
        # Only what was under way at a kill may come twice.
        assert sum(said.values()) - len(said) <= victim.kills
        assert victim.kills == KILLS
    finally:
        if victim.running:
            await victim.kill()
        await api.stop()
