"""Answers against the schemas of Google's discovery document: types, and no field Google does not have."""

import re
from datetime import date, datetime
from urllib.parse import urlsplit


class Schemas:
    def __init__(self, document):
        self.schemas = document["schemas"]
        self.methods = []
        for resource, described in document["resources"].items():
            for name, method in described["methods"].items():
                pattern = re.sub(r"\{[^}]+\}", "[^/]+", method["path"])
                schema = method.get("response", {}).get("$ref")
                literal = len(re.sub(r"\{[^}]+\}", "", method["path"]))
                entry = (literal, method["httpMethod"], re.compile(f"/calendar/v3/{pattern}$"))
                self.methods.append((*entry, f"{resource}.{name}", schema))
        # The most literal path first: events/import before events/{eventId}.
        self.methods.sort(key=lambda method: -method[0])

    def method(self, verb, uri):
        path = urlsplit(uri).path
        for _, method, pattern, name, schema in self.methods:
            if method == verb and pattern.search(path):
                return name, schema
        raise AssertionError(f"Google has no method {verb} {path}")

    def check(self, name, value, where):
        self._check({"$ref": name}, value, where)

    def _check(self, schema, value, where):
        if "$ref" in schema:
            schema = self.schemas[schema["$ref"]]
        kind = schema.get("type")
        if kind == "object":
            assert isinstance(value, dict), f"{where}: {value!r} is no object"
            known, others = schema.get("properties", {}), schema.get("additionalProperties")
            for field, held in value.items():
                described = known.get(field, others)
                assert described is not None, f"{where}: Google has no field {field!r}"
                self._check(described, held, f"{where}.{field}")
        elif kind == "array":
            assert isinstance(value, list), f"{where}: {value!r} is no array"
            for index, item in enumerate(value):
                self._check(schema["items"], item, f"{where}[{index}]")
        elif kind == "string":
            assert isinstance(value, str), f"{where}: {value!r} is no string"
            self._check_format(schema.get("format"), value, where)
        elif kind == "boolean":
            assert isinstance(value, bool), f"{where}: {value!r} is no boolean"
        elif kind == "integer":
            assert isinstance(value, int) and not isinstance(value, bool), f"{where}: {value!r} is no integer"
        else:
            assert kind == "any", f"{where}: a type the checker does not know: {kind}"

    @staticmethod
    def _check_format(name, value, where):
        if name == "date-time":
            parsed = datetime.fromisoformat(value.replace("Z", "+00:00"))
            assert parsed.tzinfo is not None, f"{where}: {value} has no offset"
        elif name == "date":
            date.fromisoformat(value)
        elif name == "int64":
            int(value)
