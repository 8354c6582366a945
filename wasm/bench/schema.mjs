// The contract's shape, lengths, channels and required fields as JSON Schema: what ajv is given, and what the other
// peers' schemas say in their own words (peers.mjs). Their rules are fewer than ours: no address syntax beyond a
// pattern, no normalizing, no warnings, and lengths in code points where the library has it so.

export const CHANNELS = [
  "WHATSAPP",
  "MOBILE",
  "VIBER",
  "EMAIL",
  "TELEGRAM",
  "VKONTAKTE",
  "FACEBOOK",
  "WEB",
  "VIBERPA",
  "YANDEX",
  "APPLE_BUSINESS_CHAT",
];

export const URL_PATTERN = "^https?://[^/]";
export const NAME_PATTERN = "^[^/\\\\]*$";
export const TYPE_PATTERN = "^[\\w.+-]+/[\\w.+-]+";

export const MOBILE = {
  if: { properties: { channelType: { const: "MOBILE" } } },
  then: { required: ["clientId", "appMarker"] },
};

const string = (maxLength) => ({ type: "string", minLength: 1, maxLength });

export const SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["text", "clientApplicationDescriptor"],
  properties: {
    text: { type: "string", maxLength: 2000 },
    attachments: {
      type: "array",
      maxItems: 100,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["url"],
        properties: {
          url: { ...string(4000), pattern: URL_PATTERN },
          name: { ...string(1000), pattern: NAME_PATTERN },
          type: { ...string(256), pattern: TYPE_PATTERN },
          size: { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
        },
      },
    },
    clientApplicationDescriptor: {
      type: "object",
      additionalProperties: false,
      required: ["channelType", "deviceAddress"],
      properties: {
        channelType: { enum: CHANNELS },
        clientId: string(255),
        unauthorizedClientId: string(255),
        appMarker: string(255),
        deviceAddress: string(1024),
      },
      ...MOBILE,
    },
  },
};
