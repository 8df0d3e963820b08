"""JSON bodies of routes that are no commands; a content type is not asked for. They are refused in the words of all."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from api.problems import invalid
from ledger import json_text

M = TypeVar("M", bound=BaseModel)


def read(model: type[M], body: bytes) -> M:
    """Raises Problem or Refusal."""
    try:
        return model.model_validate_json(body)
    except ValidationError as fault:
        json_text.check(body)
        raise invalid(fault.errors(include_input=False, include_url=False)) from None


def described(model: type[BaseModel]) -> dict[str, Any]:
    """What OpenAPI says of such a body; `api.openapi` holds the schema."""
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
