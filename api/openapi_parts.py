"""Pieces of the OpenAPI description that are written by hand: headers, the problem document, the two plain routes."""

import json
from collections.abc import Sequence
from typing import Any

from api.examples import Step
from domain.command import COMMANDS

BULK_EXAMPLE_COUNT = 3
DESCRIPTION = """\
惠民政策落实督查台账。命令写入事件，查询可问“当时所知”（`as_of`）和“截至哪一天”（`on`）。

A provable ledger of public service commitments. Commands store events; queries answer as known at a position or
recorded time (`as_of`) and as true on a day (`on`).

- 每条命令须带 `Idempotency-Key` 和 `Luoshi-Person`；同键同内容得到首次的回答。Every command names an idempotency
  key and a person; the same key with the same body gets the first answer.
- 错误均为 `application/problem+json`，`type` 指向说明。Errors are problem documents whose `type` is an address here.
- 演示台账的示例可依次执行。On an empty demonstration ledger the examples work one after another.
"""


def _header(name: str, zh: str, en: str, *, required: bool = False, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": f"{zh} {en}",
        "schema": {"type": "string", **schema},
    }


HEADERS = {
    "IdempotencyKey": _header(
        "Idempotency-Key",
        "幂等键，建议 UUIDv7。",
        "Best a UUID of version 7.",
        required=True,
        minLength=1,
        maxLength=200,
    ),
    "LuoshiPerson": _header(
        "Luoshi-Person", "办理人编号。", "The person who acts.", required=True, minLength=1, maxLength=64
    ),
    "IfMatch": _header("If-Match", "所依据的版本。", 'The version you read, such as "3".', pattern='^"[1-9][0-9]*"$'),
    "LuoshiOccurredAt": _header(
        "Luoshi-Occurred-At", "发生时间，须带时区。", "When it happened, with an offset.", format="date-time"
    ),
    "LuoshiSimulatedAt": _header(
        "Luoshi-Simulated-At", "仅演示台账：模拟时间。", "Demonstration ledgers only.", format="date-time"
    ),
    "LuoshiChannel": _header("Luoshi-Channel", "渠道。", "Channel.", pattern="^[a-z][a-z_]{0,31}$"),
    "LuoshiProgramme": _header(
        "Luoshi-Programme", "服务载体，UTF-8 百分号编码。", "Platform, percent-encoded UTF-8.", maxLength=40
    ),
    "LuoshiOnBehalfOf": _header("Luoshi-On-Behalf-Of", "代何人。", "On whose behalf.", maxLength=200),
    "LuoshiCorrelation": _header("Luoshi-Correlation", "关联号。", "Correlation id.", maxLength=200),
    "LuoshiCausation": _header("Luoshi-Causation", "所回应的事件。", "Event this answers to.", format="uuid"),
}
IF_MATCH = HEADERS["IfMatch"]
SECURITY = {"key": {"type": "http", "scheme": "bearer", "description": "接入密钥 API key: `ls_<id>_<secret>`"}}
SCHEMAS: dict[str, Any] = {
    "Problem": {
        "type": "object",
        "description": "RFC 9457",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": {"type": "string"},
            "title_en": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "detail_en": {"type": "string"},
            "field": {"type": "string", "description": "所涉字段 The field it is about"},
            "state": {"type": "string", "description": "当前状态 The present state"},
            "allowed": {
                "type": "array",
                "items": {"type": "string"},
                "description": "此时可以的命令或取值 What is possible instead",
            },
            "current_version": {"type": "integer"},
        },
    },
    "Command": {
        "type": "object",
        "additionalProperties": False,
        "required": ["command", "body"],
        "properties": {
            "command": {"type": "string", "enum": sorted(COMMANDS)},
            "stream": {"type": "string", "description": "所办事项的编号；新建时不填 What it acts on"},
            "body": {"type": "object", "description": "该命令的字段 The command's own fields"},
            "person": {"type": "string"},
            "key": {"type": "string", "maxLength": 200},
            "if_version": {"type": ["integer", "null"]},
            "occurred_at": {"type": ["string", "null"], "format": "date-time"},
            "simulated_at": {"type": ["string", "null"], "format": "date-time"},
            "channel": {"type": "string"},
            "programme": {"type": ["string", "null"]},
            "on_behalf_of": {"type": ["string", "null"]},
            "correlation": {"type": ["string", "null"]},
            "causation": {"type": ["string", "null"]},
        },
    },
}
PROBLEM = {
    "description": "问题说明 Problem document",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
RECEIPT = {"application/json": {"schema": {"$ref": "#/components/schemas/Receipt"}}}
DEFAULT = {"$ref": "#/components/responses/Problem"}


def submission(step: Step) -> dict[str, Any]:
    """A step as the body of the hot route or a line of bulk."""
    made: dict[str, Any] = {
        "command": step.command,
        "person": step.person,
        "key": step.key,
        "simulated_at": step.at.isoformat(),
        "body": dict(step.body),
    }
    if step.stream:
        made |= {"stream": step.stream, "if_version": step.if_version}
    return made


def hot_operation(step: Step) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Command"}
    return {
        "operationId": "submit_command",
        "summary": "提交任一命令 Submit any command",
        "description": (
            "最短的路：一条命令，最多 1 MiB。正文未给的字段取自标头。"
            "The shortest way: one command of at most 1 MiB. Headers are defaults for what the body leaves out."
        ),
        "tags": ["提交 Submit"],
        "security": [{"key": []}],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema, "example": submission(step)}},
        },
        "responses": {"201": {"description": "已登记 Stored", "content": RECEIPT}, "default": DEFAULT},
    }


def bulk_operation(steps: Sequence[Step]) -> dict[str, Any]:
    example = "".join(json.dumps(submission(step), ensure_ascii=False) + "\n" for step in steps)
    lines = {"application/jsonl": {"schema": {"type": "string"}, "example": example}}
    return {
        "operationId": "submit_commands",
        "summary": "批量提交命令 Submit many commands",
        "description": (
            "JSON Lines，每行一条命令（字段同 Command），总长不限，每行最多 1 MiB；"
            "逐行作答，顺序不变。标头为各行的缺省值。"
            "JSON Lines, a Command each, of any length in all and at most 1 MiB a line; one result a line, in order: a "
            "Receipt with `line` and `status`, or a Problem with `line`. Headers are defaults for the lines."
        ),
        "tags": ["提交 Submit"],
        "security": [{"key": []}],
        "requestBody": {"required": True, "content": lines},
        "responses": {
            "200": {
                "description": "每行一个结果 One result a line",
                "content": {"application/jsonl": {"schema": {"type": "string"}}},
            },
            "default": DEFAULT,
        },
    }
