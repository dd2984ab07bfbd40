"""The composition root: the only file that knows every part, and how they start and stop."""

from __future__ import annotations

import asyncio
import logging
import random
import shutil
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot

from bot.cases.plan import DeskPlan
from bot.cases.rota import uncovered
from bot.content.catalogue import Catalogue
from bot.content.desk_file import LivePlan
from bot.content.live import LiveContent
from bot.content.problems import Problem
from bot.delivery.clock import Clock, SystemClock
from bot.delivery.inbox import InboxLoop
from bot.delivery.model import Call, Outcome, Priority
from bot.delivery.outbox import OutboxLoop
from bot.delivery.ports import Store, Unit
from bot.delivery.timers import TimerLoop
from bot.delivery.wakers import Wakers
from bot.delivery.watcher import STORE, Signs, Watcher
from bot.settings import Settings
from bot.storage.seal import Sealer
from bot.storage.sqlite import SqliteStore
from bot.telegram.digest import plan_digest
from bot.telegram.drill import plan_drill
from bot.telegram.due import plan_housekeeping
from bot.telegram.handle import Handler, Observer
from bot.telegram.members import AskTelegram, Members
from bot.telegram.office import Job, Office
from bot.telegram.poller import Poller
from bot.telegram.render import message
from bot.telegram.report import plan_report
from bot.telegram.reporter import DRAW, Reporter
from bot.telegram.sender import Sender
from bot.telegram.shifts import plan_shift_end
from bot.telegram.startup import Standing, introduce, note_layers, note_standing, patiently, verify
from bot.telegram.transport import AiohttpRequest
from bot.telegram.watch import Alarm
from bot.telegram.webhook import health_handler, make_web_app, webhook_handler
from bot.upkeep.done import read_done

log = logging.getLogger(__name__)

PROBLEMS_SHOWN = 5
GAPS_WITHIN = timedelta(days=7)
STOP_WITHIN_S = 8.0  # for calls in flight
ALLOWED_UPDATES = (
    "message", "edited_message", "callback_query", "my_chat_member", "chat_member",
    "message_reaction",
)  # fmt: skip


@dataclass
class Parts:
    """What runs, for health and for stopping in order."""

    store: Store
    handler: Handler
    inbox: InboxLoop
    outbox: OutboxLoop
    timers: TimerLoop
    wakers: Wakers
    standing: Standing
    watcher: Watcher
    poller: Poller | None = None  # without webhooks

    def ticks(self) -> dict[str, datetime | None]:
        """When each loop ticked last."""
        ticks = {
            "inbox": self.inbox.ticked_at,
            "outbox": self.outbox.ticked_at,
            "timers": self.timers.ticked_at,
        }
        return ticks | ({"poller": self.poller.ticked_at} if self.poller else {})


class BotApp:
    """One bot: start it with `run`, stop it by cancelling."""

    def __init__(
        self,
        settings: Settings,
        content: LiveContent,
        *,
        clock: Clock | None = None,
        observe: Observer | None = None,
        on_ready: Callable[[], None] | None = None,
        desk: LivePlan | None = None,
        watch: bool = True,
    ) -> None:
        self._settings = settings
        self._content = content
        self._clock = clock or SystemClock()
        self._observe = observe
        self._on_ready = on_ready
        self._desk = desk
        self._watch = watch
        self.parts: Parts | None = None

    async def run(self) -> None:
        """Run until cancelled; raises `StartError` or `StorageError` when it must not start."""
        async with AsyncExitStack() as stack:
            sealer = self._sealer()
            if self._desk is not None:
                self._desk.load()
            self._content.ensure()
            store = await SqliteStore.open(self._settings.database_path, sealer)
            stack.push_async_callback(store.close)
            polling, sending = AiohttpRequest(), AiohttpRequest()
            for request in (polling, sending):
                await request.initialize()
                stack.push_async_callback(request.shutdown)
            bot = self._bot(sending, polling)
            office = self._office()
            standing = await verify(bot, office.groups(), self._clock)
            office = replace(office, bot_username=standing.username)
            self.parts = self._assemble(store, bot, standing, office)
            await self._announce(bot, standing)
            await self._run_loops(bot, polling)

    def _sealer(self) -> Sealer:
        key = self._settings.data_key
        assert key is not None  # `ready_to_run` has looked
        old = self._settings.data_keys_old.get_secret_value()
        return Sealer([key.get_secret_value(), *(k.strip() for k in old.split(",") if k.strip())])

    def _staff_group(self) -> int:
        group = self._settings.staff_chat_id
        if group is None and self._desk is not None:
            group = self._desk.plan().groups[-1].chat_id
        assert group is not None  # `ready_to_run` has looked
        return group

    def _webhook_secret(self) -> str:
        secret = self._settings.webhook_secret
        assert secret is not None  # `ready_to_run` has looked
        return secret.get_secret_value()

    def _bot(self, sending: AiohttpRequest, polling: AiohttpRequest) -> Bot:
        token = self._settings.telegram_bot_token
        assert token is not None  # `ready_to_run` has looked
        return Bot(
            token.get_secret_value(),
            base_url=self._settings.telegram_api_url,
            request=sending,
            get_updates_request=polling,
        )

    def _office(self) -> Office:
        return Office(
            world=self._content.world,
            staff_group=self._staff_group(),
            chain=self._settings.chain,
            on_call=self._settings.on_call_chat_id,
            lead=self._settings.safeguarding_lead_chat_id,
            reopens_days=self._settings.case_reopens_days,
            plan=self._desk.plan if self._desk else DeskPlan,
            digest=self._settings.weekly_digest,
            report=self._settings.weekly_report,
            wrong_done=self._wrong_done,
        )

    def _assemble(self, store: Store, bot: Bot, standing: Standing, office: Office) -> Parts:
        wakers = Wakers()
        handler = Handler(
            store, office, self._clock.now, wakers.wake_all, self._observe,
            members=Members(AskTelegram(bot), self._clock.now),
        )  # fmt: skip
        sender = Sender(bot)
        reporter = Reporter(store, self._content.world, self._clock.now)

        async def send(call: Call) -> Outcome:
            if call.method == DRAW:
                return await reporter.made(call)
            return await sender.send(call.method, call.params)

        outbox = OutboxLoop(
            store, send, handler.resolve, handler.on_sent, handler.on_failed,
            handler.on_moved, self._clock, is_group, jitter=random.random,
            wake=wakers.outbox, on_settled=wakers.wake_all,
        )  # fmt: skip
        alarm = Alarm(store, office, handler, send, wakers.wake_all)
        signs = Signs(
            lambda: self.parts.ticks() if self.parts else {},
            lambda: outbox.refusing,
            lambda: shutil.disk_usage(self._settings.database_path.parent).free,
        )
        return Parts(
            store=store,
            handler=handler,
            inbox=InboxLoop(
                store, handler.handle, handler.quarantined, self._clock,
                wake=wakers.inbox, on_settled=wakers.wake_all,
            ),
            outbox=outbox,
            watcher=Watcher(store, self._clock, signs, alarm.tell),
            timers=TimerLoop(store, self._clock, wakers.inbox.set, wake=wakers.timers),
            wakers=wakers,
            standing=standing,
        )  # fmt: skip

    async def _announce(self, bot: Bot, standing: Standing) -> None:
        parts = self.parts
        assert parts is not None
        await parts.store.transact(lambda unit: self._begin(parts.handler.job(unit), standing))
        world = self._content.world()
        reached = [one.chat_id for one in standing.groups if not one.why]
        await introduce(bot, world.wording, world.operator, reached)
        for layer, fault in self._content.current.understander.health.last_error.items():
            log.warning("understanding runs without %s: %s", layer, fault)

    def _begin(self, job: Job, standing: Standing) -> None:
        note_standing(job, standing)
        parts = self.parts
        assert parts is not None
        parts.handler.note_groups(job)
        note_layers(job, self._content.current.understander.health.last_error)
        plan_housekeeping(job)
        plan_shift_end(job)
        plan_digest(job)
        plan_report(job)
        plan_drill(job)

    def _wrong_done(self) -> Mapping[str, int]:
        try:
            return read_done(self._settings.data_dir)
        except (ValueError, OSError) as error:
            log.warning("the digest shows what was done too: %s", error)
            return {}

    async def _run_loops(self, bot: Bot, polling: AiohttpRequest) -> None:
        """Run until cancelled or until a part fails, which is raised."""
        parts = self.parts
        assert parts is not None
        loops = (parts.inbox, parts.outbox, parts.timers)
        async with AsyncExitStack() as stack:
            running = [asyncio.create_task(loop.run()) for loop in loops]
            coming = [
                asyncio.create_task(task)
                for task in (*await self._receive(bot, polling, stack), parts.watcher.run())
            ]
            try:
                if self._on_ready is not None:
                    self._on_ready()
                done, _ = await asyncio.wait(
                    [*running, *coming], return_when=asyncio.FIRST_COMPLETED
                )
                for task in done:
                    task.result()
            finally:
                await self._wind_down(running, coming)

    async def _wind_down(
        self, running: list[asyncio.Task[None]], coming: list[asyncio.Task[None]]
    ) -> None:
        """Take in no more, let calls in flight end, so that a clean stop repeats nothing."""
        parts = self.parts
        assert parts is not None
        for task in coming:
            task.cancel()
        for loop in (parts.inbox, parts.outbox, parts.timers):
            await loop.stop()
        await asyncio.wait(running, timeout=STOP_WITHIN_S)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, *coming, return_exceptions=True)

    async def _receive(
        self, bot: Bot, polling: AiohttpRequest, stack: AsyncExitStack
    ) -> list[Coroutine[Any, Any, None]]:
        """What lets updates in, by webhook where one is set; and what watches the content."""
        parts, settings = self.parts, self._settings
        assert parts is not None
        watching = [self._content.watch(self._good, self._bad)] if self._watch else []
        if self._watch and self._desk is not None:
            watching.append(self._desk.watch(self._plan_good, self._plan_bad))
        health = health_handler(self.health)
        if settings.webhook_url:
            secret = self._webhook_secret()
            webhook = webhook_handler(parts.store, secret, self._clock, parts.wakers.inbox.set)
            path = urlsplit(settings.webhook_url).path or "/"
            await self._listen(make_web_app(path, webhook, health), stack)
            address, kinds = settings.webhook_url, list(ALLOWED_UPDATES)
            await patiently(
                lambda: bot.set_webhook(address, secret_token=secret, allowed_updates=kinds),
                self._clock,
            )
            return watching
        await self._listen(make_web_app("/", None, health), stack)
        await patiently(bot.delete_webhook, self._clock)
        poller = Poller(
            polling, settings.telegram_api_url, bot.token, parts.store, self._clock,
            parts.wakers.inbox.set, ALLOWED_UPDATES,
        )  # fmt: skip
        parts.poller = poller
        return [poller.run(), *watching]

    async def _listen(self, app: web.Application, stack: AsyncExitStack) -> None:
        """Open the port for webhooks and /healthz; without webhooks a taken port is no disaster."""
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, self._settings.listen_host, self._settings.listen_port)
        try:
            await site.start()
        except OSError as error:
            if self._settings.webhook_url:
                raise
            log.warning("/healthz is not served: %s", error.strerror)

    async def _good(self, catalogue: Catalogue) -> None:
        await self._tell_staff("staff.content-good", services=catalogue.services)

    async def _bad(self, problems: list[Problem]) -> None:
        shown = "\n".join(str(problem) for problem in problems[:PROBLEMS_SHOWN])
        await self._tell_staff("staff.content-bad", problems=shown)

    async def _plan_good(self, plan: DeskPlan) -> None:
        parts, now = self.parts, self._clock.now()
        assert parts is not None
        await parts.store.transact(lambda unit: _replan(parts.handler.job(unit)))
        gaps = uncovered(plan, now, now + GAPS_WITHIN)
        await self._tell_staff("desk-time.plan-gaps" if gaps else "desk-time.plan-good")

    async def _plan_bad(self, problems: list[Problem]) -> None:
        shown = "\n".join(str(problem) for problem in problems[:PROBLEMS_SHOWN])
        await self._tell_staff("desk-time.plan-bad", problems=shown)

    async def _tell_staff(self, key: str, **values: object) -> None:
        parts = self.parts
        assert parts is not None
        now = self._clock.now()

        def work(unit: Unit) -> None:
            job = parts.handler.job(unit)
            params = message(job.staff_group, job.text(key, **values))
            call = Call("sendMessage", params, job.staff_group, Priority.REPLY, role="note")
            unit.enqueue(f"content:{now.isoformat()}", [call], now)

        await parts.store.transact(work)
        parts.wakers.wake_all()

    def health(self) -> dict[str, Any]:
        """What /healthz shows: no person, no text; "ok" is false when something has stopped."""
        if self.parts is None:
            return {"ok": False, "why": "starting"}
        watcher = self.parts.watcher
        stale, faults = watcher.stale(), watcher.report()
        without = self._content.current.understander.health.last_error
        groups = self.parts.handler.reachable
        return {
            "ok": not stale and STORE not in faults and any(groups.values()),
            "loops": {name: name not in stale for name in self.parts.ticks()},
            "groups": {name: "ok" if there else "not" for name, there in groups.items()},
            "faults": faults,
            "topics": self.parts.standing.topics,
            "understanding_without": sorted(without),
            "services": self._content.current.services,
        }


def _replan(job: Job) -> None:
    """The plan has changed: what it sets times for is set anew."""
    plan_shift_end(job)
    plan_drill(job)


def is_group(chat_id: int) -> bool:
    """Groups have negative ids, and a limit of their own."""
    return chat_id < 0
