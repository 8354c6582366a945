"""Checks of our own for schemathesis.

The document describes the normalized request. What it can't say it lists, by code; and the server,
as the library, takes bodies that are not normalized. So of generated bodies this must hold: one
that the document allows is refused for a listed code only, and one that it doesn't allow is
accepted only where the input schema allows it.
"""

import json
import os

import jsonschema_rs
import schemathesis

FOLDER = os.environ["SCHEMAS"]

with open(os.path.join(FOLDER, "request.schema.json"), encoding="utf-8") as file:
    NORMALIZED = json.load(file)
with open(os.path.join(FOLDER, "request.input.schema.json"), encoding="utf-8") as file:
    INPUT = json.load(file)

UNSAID = {row["code"] for row in NORMALIZED["x-outgoing-to-device-unsaid"]}
normalized = jsonschema_rs.Draft202012Validator(NORMALIZED)
lenient = jsonschema_rs.Draft202012Validator(INPUT)


@schemathesis.check
def as_documented(ctx, response, case):
    body = response.request.body
    try:
        value = json.loads(body)
    except (TypeError, ValueError):
        return
    if response.status_code == 200:
        assert lenient.is_valid(value), "accepted, though the input schema refuses it"
    elif response.status_code == 400 and normalized.is_valid(value):
        codes = {error["code"] for error in response.json()["errors"]}
        assert codes & UNSAID, f"refused for {codes}, none of which is listed"
