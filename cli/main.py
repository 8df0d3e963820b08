"""The command `luoshi`. A wrong setting ends in one line on standard error and exit code 2, never in a traceback."""

import sys
from pathlib import Path
from typing import Annotated

import typer
import typer.rich_utils
from rich.console import Console
from typer.exceptions import Abort, TyperException

from api.settings import Settings, WrongSetting, settings
from cli import checking, counting, demonstrating, diagnosing, drawing, serving
from cli.opening import NewLedger
from cli.release import release

typer.rich_utils.OPTIONS_PANEL_TITLE = "选项 Options"
typer.rich_utils.COMMANDS_PANEL_TITLE = "命令 Commands"

app = typer.Typer(
    name="luoshi",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        envvar="LUOSHI_DATABASE",
        help="数据库：sqlite:///路径 或 postgresql://…（默认 sqlite:///data/luoshi.db）。 "
        "Database: sqlite:///path or postgresql://… (default sqlite:///data/luoshi.db).",
    ),
]
Keys = Annotated[
    str | None,
    typer.Option(
        "--keys",
        metavar="FILE",
        envvar="LUOSHI_KEYS",
        help="个人信息密钥文件，须与数据库分开备份。 Keys of personal data; back them up apart from the database.",
    ),
]
Evidence = Annotated[
    str | None,
    typer.Option(
        "--evidence",
        metavar="DIR",
        envvar="LUOSHI_EVIDENCE",
        help="佐证材料目录。 Directory of evidence files.",
    ),
]
Host = Annotated[
    str | None,
    typer.Option(
        "--host", metavar="ADDRESS", envvar="LUOSHI_HOST", help="监听地址（默认 127.0.0.1）。 Address to listen on."
    ),
]
Port = Annotated[
    str | None,
    typer.Option("--port", metavar="N", envvar="LUOSHI_PORT", help="监听端口（默认 8000）。 Port to listen on."),
]
console = Console(highlight=False)


@app.callback(invoke_without_command=True)
def about(
    version: Annotated[bool, typer.Option("--version", help="显示版本。 Print the version.")] = False,
) -> None:
    """落实：惠民政策落实督查台账，每一件承诺都有据可查。

    Luoshi: a provable ledger of public service commitments.
    """
    if version:
        typer.echo(f"luoshi {release()}")
        raise typer.Exit


@app.command()
def serve(
    *,
    host: Host = None,
    port: Port = None,
    database: Database = None,
    keys: Keys = None,
    evidence: Evidence = None,
    title: Annotated[
        str, typer.Option("--title", metavar="TEXT", help="新台账的名称。 Title of a new ledger.")
    ] = "惠民政策落实督查台账",
    region: Annotated[
        str, typer.Option("--region", metavar="CODE", help="新台账的行政区划代码。 Division code of a new ledger.")
    ] = "320585",
) -> None:
    """启动服务，退出的进程自动重启，Ctrl-C 一并结束。 Serve a ledger.

    数据库尚不存在时新建正式台账，三名管理员与首个接入密钥写入数据库旁的文件（权限 600）。

    Runs HTTP, the writer, the follower and the ladder of notices as supervised processes. A new database is opened as
    a real ledger; its three administrators and the first key are left in a file of mode 600 beside it.
    """
    chosen = _settings(database, keys, evidence, host, port)
    raise typer.Exit(serving.run(chosen, NewLedger(title, region), console))


@app.command()
def demo(
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="载入后即退出。 Load, then exit without serving.")
    ] = False,
    host: Host = None,
    port: Port = None,
    data: Annotated[
        str | None,
        typer.Option(
            "--data",
            metavar="DIR",
            help="演示数据目录（默认 ./data）。 Directory of the demonstration (default ./data).",
        ),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option("--database", metavar="URL", help="不用目录而用此数据库。 This database instead of a directory."),
    ] = None,
) -> None:
    """演示：经接口载入太仓 2011 年度台账并启动服务。 Demonstration.

    再次运行直接启动，数据保留；中断的载入从断点继续。

    Loads the year Taicang 2011 through the HTTP API, then serves it. A second run starts at once with the data kept;
    an interrupted load goes on where it was.
    """
    chosen = demonstrating.place(data, database, host, port)
    raise typer.Exit(demonstrating.run(chosen, console, keep_serving=not no_serve))


@app.command()
def rebuild(database: Database = None) -> None:
    """由事件重建全部视图，完成后切换，期间不停读。 Rebuild the views.

    Fills a new generation of every view beside the served one, then switches. An interrupted rebuild goes on where
    it was.
    """
    raise typer.Exit(checking.run_rebuild(_settings(database), console))


@app.command()
def verify(database: Database = None) -> None:
    """核对台账与视图，不符时退出码为 1。 Verify ledger and views.

    Re-hashes every event, checks positions, clocks and unique rows, folds every view again and compares it with what
    is served. Exit code 1 on any difference.
    """
    raise typer.Exit(checking.run_verify(_settings(database), console))


@app.command()
def doctor(
    host: Host = None,
    port: Port = None,
    database: Database = None,
    keys: Keys = None,
    evidence: Evidence = None,
) -> None:
    """体检：设置、权限、数据库、版本、时钟、延迟，每项一行。 Check this installation.

    Checks settings, file modes, database, versions, clock and the lag of the views, one line each. Exit code 1 when
    something is wrong.
    """
    raise typer.Exit(diagnosing.run(_settings(database, keys, evidence, host, port), console))


@app.command()
def draw(
    frame: Annotated[Path, typer.Argument(metavar="FILE", help="抽样框文件。 The frame, frame,stratum,member a line.")],
    *,
    seed: Annotated[str, typer.Option("--seed", metavar="TEXT", help="种子。 The seed, as it was given.")],
    residents: Annotated[int, typer.Option("--residents", metavar="N", help="邀请群众数。 Residents invited.")],
    enterprises: Annotated[int, typer.Option("--enterprises", metavar="N", help="邀请企业数。 Enterprises invited.")],
    expect: Annotated[
        str | None, typer.Option("--expect", metavar="DIGEST", help="公布的名单摘要。 The published digest.")
    ] = None,
) -> None:
    """群众评议：由抽样框和种子重新抽取，与公布的摘要比对。 Draw an appraisal again.

    Prints the drawn list; with the published digest, exit code 1 when it is another.
    """
    raise typer.Exit(drawing.run_draw(frame, seed, residents=residents, enterprises=enterprises, expect=expect))


@app.command()
def codes(
    count: Annotated[int, typer.Argument(metavar="N", min=1, max=10_000, help="个数。 How many.")],
) -> None:
    """群众评议：制作一次性码及其摘要（JSON）。 Make one-time codes.

    Codes are for the envelopes, hashes for `issue_codes`; nothing is stored.
    """
    raise typer.Exit(drawing.run_codes(count))


@app.command()
def deadline(
    *,
    start: Annotated[
        str,
        typer.Option("--start", metavar="WHEN", help="起点，日期或时间。 Date or time it is counted from."),
    ],
    rule: Annotated[str | None, typer.Option("--rule", metavar="NAME", help="时限规则。 Rule to count by.")] = None,
    working_days: Annotated[
        int | None,
        typer.Option(
            "--working-days",
            metavar="N",
            help="只数工作日，负数往前数。 Count so many working days, backwards when negative.",
        ),
    ] = None,
    calendar: Annotated[
        str | None,
        typer.Option("--calendar", metavar="FILE", help="日历文件（JSON）。 Calendar file (docs/deadlines.md)."),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            metavar="URL",
            help="按该台账公布的日历和起点当日施行的规则。 By the calendar and limits of this ledger.",
        ),
    ] = None,
    pause: Annotated[
        list[str] | None,
        typer.Option("--pause", metavar="FROM..TO", help="停表期间，可多次给出。 Days the clock stands; repeatable."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")] = False,
) -> None:
    """期限计算，逐行说明依据与每个不计入的日子。 Explain a deadline.

    Counts by a rule or plain working days, under the announced calendar, that of a ledger or that of a file, and says
    of every day that does not count why.
    """
    raise typer.Exit(
        counting.run(
            rule=rule,
            working_days=working_days,
            start=start,
            calendar=calendar,
            database=database,
            pauses=pause or (),
            as_json=as_json,
        )
    )


def _settings(
    database: str | None,
    keys: str | None = None,
    evidence: str | None = None,
    host: str | None = None,
    port: str | None = None,
) -> Settings:
    return settings({"database": database, "keys": keys, "evidence": evidence, "host": host, "port": port})


def main() -> None:
    """Entry point of the script `luoshi` and of `python -m cli`."""
    try:
        code = app(standalone_mode=False)
    except WrongSetting as wrong:
        typer.echo(f"luoshi: {wrong}", err=True)
        code = 2
    except TyperException as wrong:
        if wrong.format_message():  # empty when the help was shown because nothing was asked
            typer.echo(f"luoshi: 用法有误。Wrong usage: {wrong.format_message()}", err=True)
        code = wrong.exit_code
    except OSError as error:  # a full disk, a directory taken away
        typer.echo(f"luoshi: 系统错误。The system refused: {error}", err=True)
        code = 1
    except (Abort, KeyboardInterrupt):
        code = 130
    sys.exit(code or 0)
