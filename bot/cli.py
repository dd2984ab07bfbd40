"""The command line: every command, its help, and an example."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

Command = Callable[[argparse.Namespace], int]

UPKEEP = ("new", "stale", "coverage", "links", "diff", "wrong", "pages", "suggestions")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = build_parser()
    given = parser.parse_args(arguments)
    try:
        return _command(given.command or "run")(given)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `... | head` closed its end
        sys.stderr.close()
        return 0


def _command(name: str) -> Command:
    """The function of a command; what it needs is imported only then, so that help is quick."""
    if name in ("check", "ask", "find", "area", "classify"):
        from bot.commands import content

        return {
            "check": content.check,
            "ask": content.ask,
            "find": content.find,
            "area": content.area,
            "classify": content.classify,
        }[name]
    if name in ("evaluate", "unused", "overlap", "report"):
        from bot.commands import evaluate, neighbours, report

        return {
            "evaluate": evaluate.evaluate,
            "unused": neighbours.unused,
            "overlap": neighbours.overlap,
            "report": report.report,
        }[name]
    if name == "desk-report":
        from bot.commands import desk_report

        return desk_report.desk_report
    if name in UPKEEP:
        return _upkeep_command(name)
    if name == "import-postcodes":
        from bot.commands import postcodes

        return postcodes.import_postcodes
    if name in ("export", "import"):
        from bot.commands import exchange

        return {"export": exchange.export, "import": exchange.import_}[name]
    if name == "schema":
        from bot.commands import schema

        return schema.schema
    if name == "demo":
        from bot.commands import demo

        return demo.demo
    if name == "rota":
        from bot.commands import desk

        return desk.rota
    from bot.commands import run

    return {"run": run.run, "group-id": run.group_id, "new-key": run.new_key}[name]


def _upkeep_command(name: str) -> Command:
    from bot.commands import diff, links, new, pages, suggestions, upkeep, wrong

    return {
        "new": new.new,
        "stale": upkeep.stale,
        "coverage": upkeep.show_coverage,
        "links": links.links,
        "diff": diff.diff,
        "wrong": wrong.wrong,
        "pages": pages.pages,
        "suggestions": suggestions.suggestions,
    }[name]


def build_parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    parser = argparse.ArgumentParser(
        prog="run_bot.py",
        description="The MyEnds bot. Without a command it runs the bot.",
        epilog="Try it without a token: python run_bot.py demo",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _running(commands)
    _content(commands)
    _measuring(commands)
    _upkeep(commands)
    _exchanging(commands)
    return parser


def _add(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str,
         example: str) -> argparse.ArgumentParser:  # fmt: skip
    return commands.add_parser(
        name, help=text, description=text, epilog=f"Example: python run_bot.py {example}"
    )


def _running(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _add(commands, "run", "Run the bot (what happens without a command)", "run")
    demo = _add(
        commands,
        "demo",
        "The real bot against a local Telegram, in the browser",
        "demo --port 8090",
    )
    demo.add_argument("--port", type=int, default=8090, help="where the page is (default 8090)")
    demo.add_argument("--no-browser", action="store_true", help="do not open a browser")
    demo.add_argument("--keep", action="store_true", help="go on with the last demo's data")
    _add(commands, "group-id", "Print the numbers of the groups that the bot hears", "group-id")
    _add(commands, "rota", "Who is on in the next 7 days, and when nobody is", "rota")
    _add(commands, "new-key", "Print a new DATA_KEY", "new-key")


def _content(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = _add(commands, "check", "Check all YAML, with file and line for each mistake", "check")
    check.add_argument("paths", nargs="*", help="only what is wrong in these files or folders")
    check.add_argument("--warnings", action="store_true", help="also what is only to be looked at")
    schema = _add(commands, "schema", "Write the JSON Schemas that editors use", "schema --check")
    schema.add_argument("--check", action="store_true", help="only say what is not up to date")
    ask = _add(commands, "ask", "What the bot would answer, and why", 'ask "any boxing in brixton"')
    ask.add_argument("text", help="a message, as a young person would type it")
    ask.add_argument("--area", help="where they are: SW9, Brixton, Lambeth")
    ask.add_argument("--json", action="store_true", help="for other programs")
    find = _add(commands, "find", "Search the directory", 'find "boxing" --area SW9 --age 15')
    find.add_argument("text", help="what is wanted")
    find.add_argument("--area", help="near where: SW9, Brixton, Lambeth")
    find.add_argument("--age", type=int, help="for which age, in years")
    find.add_argument("--at", help="as of when: 2026-11-22T18:00 (London time)")
    find.add_argument("--limit", type=int, default=10, help="how many (default 10)")
    find.add_argument("--json", action="store_true", help="one JSON object a line")
    area = _add(commands, "area", "What a typed place means", 'area "sw97uh"')
    area.add_argument("text", help="a postcode, borough, area or station")
    area.add_argument("--json", action="store_true", help="for other programs")
    postcodes = _add(
        commands, "import-postcodes",
        "Build the exact table of postcodes from Code-Point Open, ONSPD or NSPL",
        "import-postcodes codepo_gb.zip",
    )  # fmt: skip
    postcodes.add_argument("file", help="the zip as it was downloaded, or the CSV of ONSPD or NSPL")
    classify = _add(
        commands, "classify", "One prediction a line, as evaluation/score.py reads them",
        "classify messages.jsonl",
    )  # fmt: skip
    classify.add_argument("file", help='JSON lines with a "text" each')


def _measuring(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "How well it understands: on our own examples, each held out once, or on labelled files"
    evaluate = _add(commands, "evaluate", text, "evaluate --folds 4")
    evaluate.add_argument("files", nargs="*", help="JSON lines of labelled messages")
    evaluate.add_argument(
        "--without", nargs="+", default=[], choices=("words", "ngrams", "rules", "encoder"),
        metavar="LAYER", help="switch layers off: words, ngrams, rules, encoder",
    )  # fmt: skip
    evaluate.add_argument("--folds", type=_folds, default=4, help="how many parts (default 4)")
    evaluate.add_argument("--ablation", action="store_true", help="what each layer is worth")
    evaluate.add_argument("--weights", help="the encoder's folder (default intents/weights)")
    evaluate.add_argument("--held", help="JSON list of examples that those weights have not seen")
    evaluate.add_argument("--write-docs", action="store_true", help="into docs/understanding.md")
    evaluate.add_argument("--json", action="store_true", help="for other programs")
    unused = _add(commands, "unused", "Examples that no test message is like", "unused --list")
    unused.add_argument("--list", action="store_true", help="each with its file and line")
    overlap = _add(commands, "overlap", "Examples that are like those of another intent", "overlap")
    overlap.add_argument(
        "--alike", type=float, default=0.6, help="how alike at least, 0 to 1 (default 0.6)"
    )
    report = _add(commands, "report", "Anonymous counts of what people looked for", "report")
    report.add_argument("--days", type=int, default=30, help="of the last N days (default 30)")
    report.add_argument("--words", action="store_true", help="show the words that people gave")
    report.add_argument("--json", action="store_true", help="for other programs")
    text = "How the staff desk did: first answers, kinds, hours, outcomes; no small numbers"
    desk = _add(commands, "desk-report", text, "desk-report --weeks 4 --png report.png")
    desk.add_argument("--weeks", type=int, default=4, help="of the last N weeks (default 4)")
    desk.add_argument("--png", metavar="FILE", help="also as the picture that staff get")


def _upkeep(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    stale = _add(commands, "stale", "Entries to check again, by borough, the oldest first", "stale")
    stale.add_argument(
        "--days", type=int, default=60, help="also what will be due within N days (default 60)"
    )
    text = "Which needs have an answer in which borough, and the gaps"
    coverage = _add(commands, "coverage", text, "coverage --strict")
    coverage.add_argument(
        "--strict", action="store_true", help="exit status 1 where there is a gap"
    )
    links = _add(commands, "links", "Whether the directory's web addresses still work", "links")
    links.add_argument("--only-changed", action="store_true", help="only news since the last time")
    wrong = _add(commands, "wrong", "Entries that young people said are wrong", "wrong")
    wrong.add_argument("--done", metavar="ID", help="this one is put right")
    wrong.add_argument("--undone", metavar="ID", help="take that back")
    wrong.add_argument("--all", action="store_true", help="also those that are done")
    text = "Examples that workers gave so that the bot learns, each with its file and a ready line"
    given = _add(commands, "suggestions", text, "suggestions")
    given.add_argument("--done", type=int, metavar="N", help="this one is taken up or refused")
    given.add_argument("--json", action="store_true", help="for other programs")
    text = "Whose answers change between two versions of the directory"
    diff = _add(commands, "diff", text, "diff HEAD .")
    diff.add_argument("old", help="a folder, or a git revision of this project: HEAD, main~3")
    diff.add_argument("new", help="the same; a dot is this folder as it is now")
    text = "A printable page and a poster with a QR code for each borough"
    pages = _add(commands, "pages", text, "pages /tmp/pages --bot myends_help_bot")
    pages.add_argument("folder", help="where they are written")
    pages.add_argument("--bot", required=True, metavar="NAME", help="the bot's user name, with bot")
    new = _add(commands, "new", "Ask for a new entry of the directory, and write it", "new")
    new.add_argument("--from", dest="from_file", metavar="FILE",
                     help="add a service to the organisation of this file")  # fmt: skip


def _folds(given: str) -> int:
    if not given.isdigit() or not 2 <= int(given) <= 20:
        raise argparse.ArgumentTypeError(f"found {given!r}, expected 2 to 20")
    return int(given)


def _exchanging(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "The directory for others: a spreadsheet, or a feed of Open Referral UK"
    export = _add(commands, "export", text, "export --csv services.csv")
    export.add_argument("--csv", metavar="FILE", help="a spreadsheet, one row a service")
    export.add_argument(
        "--open-referral", metavar="FOLDER|FILE.json", help="a feed: a folder as its API, or a page"
    )
    export.add_argument(
        "--public", action="store_true", help="without closed services and what is for staff only"
    )
    text = "Show what a spreadsheet or feed would change in the directory; change it with --write"
    import_ = _add(commands, "import", text, "import --csv services.csv")
    what = import_.add_mutually_exclusive_group(required=True)
    what.add_argument("--csv", metavar="FILE", help="a spreadsheet, as `export` writes it")
    what.add_argument(
        "--open-referral", metavar="FILE|FOLDER", help="a feed, ours or somebody else's"
    )
    import_.add_argument("--write", action="store_true", help="write it into the YAML files")
    others = import_.add_argument_group("for new services of somebody else's feed")
    others.add_argument("--where", metavar="PLACE", help="borough, London or national")
    others.add_argument("--kinds", nargs="+", default=[], metavar="KIND", help="what they answer")
    others.add_argument(
        "--confidence", default="low", choices=("high", "medium", "low"), help="default low"
    )
    others.add_argument("--source", metavar="URL", help="where the feed is")
