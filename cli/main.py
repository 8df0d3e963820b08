"""The command `luoshi`. A wrong setting ends in one line on standard error and exit code 2, never in a traceback."""

import sys
from typing import Annotated

import typer
import typer.rich_utils
from rich.console import Console
from typer.exceptions import Abort, TyperException

from api.settings import Settings, WrongSetting, settings
from cli import serving
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
    host: Host = None,
    port: Port = None,
    database: Database = None,
    keys: Keys = None,
    evidence: Evidence = None,
) -> None:
    """启动服务：HTTP、写入、跟随三个进程，退出的自动重启，Ctrl-C 一并结束。 Serve a ledger.

    数据库尚不存在时，新建正式台账，三名管理员与首个接入密钥写入数据库旁的文件（权限 600）。

    Runs HTTP, the writer and the follower as supervised processes. A new database is opened as a real ledger; its
    three administrators and the first key are left in a file of mode 600 beside it.
    """
    raise typer.Exit(serving.run(_settings(database, keys, evidence, host, port), console))


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
    except (Abort, KeyboardInterrupt):
        code = 130
    sys.exit(code or 0)
