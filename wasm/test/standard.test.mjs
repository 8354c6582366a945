// Standard Schema, by itself and in form libraries.

import assert from "node:assert/strict";
import test from "node:test";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { FormApi } from "@tanstack/form-core";
import Ajv2020 from "ajv/dist/2020.js";
import { document, withJsonSchema } from "../dist/json-schema.js";
import ru from "../dist/messages/ru.js";
import { NORMAL, each } from "./entries.mjs";

const WRONG = {
  text: "a",
  attachments: [{ url: "https://a.example/f.png" }, { url: "ftp://a" }],
  clientApplicationDescriptor: { channelType: "MOBILE", clientId: "c", deviceAddress: "d" },
};

test(
  "the interface",
  each(({ schema, standardSchema, createPolicy }) => {
    const { version, vendor, validate } = schema["~standard"];
    assert.deepEqual([version, vendor], [1, "outgoing-to-device"]);
    assert.deepEqual(validate(JSON.parse(NORMAL)), { value: JSON.parse(NORMAL) });
    assert.deepEqual(validate(NORMAL), { value: JSON.parse(NORMAL) });
    assert.deepEqual(
      validate(WRONG).issues.map(({ path }) => path),
      [
        ["attachments", 1, "url"],
        ["clientApplicationDescriptor", "appMarker"],
      ],
    );
    assert.equal(
      standardSchema({ messages: ru })["~standard"].validate(WRONG).issues[1].message,
      "Канал MOBILE требует этого поля.",
    );
    const policy = createPolicy({ channels: { MOBILE: { requires: [] } } });
    assert.equal(standardSchema({ policy })["~standard"].validate(WRONG).issues.length, 1);
    for (const value of [undefined, () => {}, 5n]) assert.equal(validate(value).issues.length, 1);
    assert.equal(validate(null).issues.length, 1);
  }),
);

test(
  "react-hook-form's resolver puts the messages beside the fields",
  each(async ({ schema }) => {
    const options = { fields: {}, shouldUseNativeValidation: false, criteriaMode: "all" };
    const { errors } = await standardSchemaResolver(schema)(WRONG, undefined, options);
    assert.equal(errors.clientApplicationDescriptor.appMarker.message, "MOBILE requires this field.");
    assert.ok(errors.attachments[1].url.message.length > 0);
    assert.equal(errors.text, undefined);
    const accepted = await standardSchemaResolver(schema)(JSON.parse(NORMAL), undefined, options);
    assert.deepEqual(accepted, { values: JSON.parse(NORMAL), errors: {} });
  }),
);

test(
  "TanStack Form validates with it as one types",
  each(async ({ schema }) => {
    let submitted;
    const form = new FormApi({
      defaultValues: structuredClone(WRONG),
      validators: { onChange: schema },
      onSubmit: ({ value }) => (submitted = value),
    });
    form.mount();
    const errors = (name) => form.getFieldMeta(name)?.errors?.map(({ message }) => message) ?? [];
    form.setFieldValue("text", "ab");
    assert.deepEqual(errors("clientApplicationDescriptor.appMarker"), ["MOBILE requires this field."]);
    assert.equal(errors("attachments[1].url").length, 1);
    await form.handleSubmit();
    assert.equal(submitted, undefined);
    form.setFieldValue("clientApplicationDescriptor.appMarker", "m");
    form.setFieldValue("attachments[1].url", "https://a.example/g.png");
    assert.equal(form.state.isValid, true, JSON.stringify(form.state.errors));
    await form.handleSubmit();
    assert.equal(submitted.clientApplicationDescriptor.appMarker, "m");
  }),
);

test(
  "the JSON-schema side",
  each(({ schema, standardSchema, createPolicy, isValid }) => {
    const policy = createPolicy({ channels: { SMS: { text: 3 } } });
    const json = withJsonSchema(standardSchema({ policy }), { policy })["~standard"];
    assert.equal(json.validate(JSON.parse(NORMAL)).issues, undefined);
    const target = "draft-2020-12";
    const sms = (text) => ({ text, clientApplicationDescriptor: { channelType: "sms", deviceAddress: "d" } });
    const accepts = (document, value) =>
      new Ajv2020.default({ strict: false, validateFormats: false }).compile(document)(value);
    assert.equal(isValid(sms("abc"), { policy }), true);
    assert.equal(accepts(json.jsonSchema.input({ target }), sms("abc")), true);
    assert.equal(accepts(json.jsonSchema.input({ target }), sms(5)), false);
    assert.equal(accepts(json.jsonSchema.output({ target }), json.validate(sms("abc")).value), true);
    // The default policy has no such channel.
    assert.equal(
      accepts(withJsonSchema(schema)["~standard"].jsonSchema.output({ target }), json.validate(sms("abc")).value),
      false,
    );
    assert.throws(() => json.jsonSchema.input({ target: "draft-07" }), /draft-2020-12/);
    assert.equal(document("openapi").openapi.slice(0, 3), "3.1");
    assert.throws(() => document("x"), TypeError);
  }),
);
