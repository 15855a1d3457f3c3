"""Bodies that fit a command's form, whatever its rules will say to them."""

from typing import Any
from uuid import uuid4

from domain.command import Command

SHAPES = {
    "uuid": lambda: str(uuid4()),
    "date": lambda: "2026-03-02",
    "date-time": lambda: "2026-03-02T09:00:00+08:00",
}
PATTERNS = {
    "^[0-9a-f]{64}$": "0" * 64,
    "^[a-z][a-z0-9._-]{1,31}$": "somebody",
    "^[0-9A-HJ-NPQRTUWXY]{18}$": "91370402MA3D00001G",
}


def filled(command: type[Command]) -> dict[str, Any]:
    """Every needed field of the command, of the right form."""
    schema = command.model_json_schema()
    return _value(schema, schema.get("$defs", {}))


def _value(schema: dict[str, Any], known: dict[str, Any]) -> Any:
    schema = known[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    match schema["type"]:
        case "object":
            fields = schema.get("properties", {})
            return {name: _value(fields[name], known) for name in schema.get("required", ())}
        case "array":
            return [_value(schema["items"], known) for _ in range(schema.get("minItems", 0))]
        case "boolean":
            return True
        case "integer":
            return schema.get("minimum", 1)
        case _:
            return _text(schema)


def _text(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return schema["enum"][0]
    if "format" in schema:
        return SHAPES[schema["format"]]()
    return PATTERNS.get(schema.get("pattern", ""), "甲" * schema.get("minLength", 1))
