// Requests and policies to start from. The phone numbers are of ranges that are reserved for examples.

import type { Words } from "./language/en";

export interface Example {
  name: { en: string; ru: string };
  text: string;
}

export interface Group {
  title: "documented" | "everyChannel" | "instructive" | "broken";
  examples: Example[];
}

const pretty = (value: unknown) => JSON.stringify(value, null, 2);
const same = (name: string) => ({ en: name, ru: name });

const whatsapp: Example = {
  name: same("WhatsApp"),
  text: `{
  "text" : "message",
  "attachments" : [ ],
  "clientApplicationDescriptor" : {
    "channelType" : "WHATSAPP",
    "deviceAddress" : "89000000000"
  }
}`,
};

const mobile: Example = {
  name: same("MOBILE"),
  text: `{
  "text" : "message",
  "attachments" : [ ],
  "clientApplicationDescriptor" : {
    "channelType" : "MOBILE",
    "clientId" : "012-3456-7890-12",
    "appMarker" : "myApp",
    "deviceAddress" : "wsfck62auiv00gz14vedivwptm09ahmrhz"
  }
}`,
};

const addresses: Record<string, string> = {
  WHATSAPP: "447700900123",
  MOBILE: "wsfck62auiv00gz14vedivwptm09ahmrhz",
  VIBER: "447700900123",
  EMAIL: "anna@example.com",
  TELEGRAM: "123456789",
  VKONTAKTE: "123456789",
  FACEBOOK: "1234567890123456",
  WEB: "f1c1d0a2-6b1e-4a58-9a43-3a4d1c1f5d11",
  VIBERPA: "dGVzdC1zdWJzY3JpYmVy==",
  YANDEX: "5b1c0f-8a7d",
  APPLE_BUSINESS_CHAT: "urn:mbid:AQAAY0example",
};

const channels = Object.entries(addresses).map(([channelType, deviceAddress]) => ({
  name: same(channelType),
  text: pretty({
    text: "Your order is ready.",
    attachments: [],
    clientApplicationDescriptor: {
      channelType,
      ...(channelType === "MOBILE" && { clientId: "012-3456-7890-12", appMarker: "myApp" }),
      deviceAddress,
    },
  }),
}));

const instructive: Example[] = [
  {
    name: { en: "Values to normalize", ru: "Значения для нормализации" },
    text: `{
  "clientApplicationDescriptor": {
    "deviceAddress": "+44 (7700) 900-123",
    "channelType": "whatsapp",
    "clientId": "  client-42 ",
    "appMarker": null
  },
  "text": "Line one\\r\\nLine two \\u2014 \\ud83d\\ude42",
  "attachments": [
    {
      "name": "receipt.jpg",
      "url": "https://files.example.com/receipt.jpg",
      "type": "Image/JPG",
      "size": 2.56e4
    }
  ]
}`,
  },
  {
    name: { en: "Only warnings", ru: "Только предупреждения" },
    text: `{
  "text": "See the attachment",
  "attachments": [
    {
      "url": "http://files.example.com/invoice"
    }
  ],
  "applicationDescriptor": {
    "channelType": "VIBER",
    "deviceAddress": "8 (900) 000-00-00"
  }
}`,
  },
];

const broken: Example[] = [
  {
    name: { en: "Misspelled names", ru: "Опечатки в именах" },
    text: `{
  "text": "Your order is ready.",
  "attachments": [],
  "clientApplicationDescriptor": {
    "channelType": "MOBIL",
    "clientID": "012-3456-7890-12",
    "appMaker": "myApp",
    "deviceAddress": "wsfck62auiv00gz14vedivwptm09ahmrhz"
  }
}`,
  },
  {
    name: { en: "What MOBILE requires", ru: "Чего требует MOBILE" },
    text: `{
  "text": "Your order is ready.",
  "clientApplicationDescriptor": {
    "channelType": "MOBILE",
    "clientId": "  ",
    "deviceAddress": "two words"
  }
}`,
  },
  {
    name: { en: "Numbers without quotes", ru: "Числа без кавычек" },
    text: `{
  "text": 42,
  "attachments": [],
  "clientApplicationDescriptor": {
    "channelType": "TELEGRAM",
    "clientId": 1234567890,
    "deviceAddress": -1001234567890
  }
}`,
  },
  {
    name: { en: "Fields in the wrong place", ru: "Поля не на своём месте" },
    text: `{
  "clientId": "012-3456-7890-12",
  "threadId": 17,
  "text": "Your order is ready.",
  "text": "Your order is late.",
  "clientApplicationDescriptor": {
    "channelType": "WEB",
    "deviceAddress": "visitor-1",
    "attachments": []
  }
}`,
  },
  {
    name: { en: "Attachments", ru: "Вложения" },
    text: `{
  "text": " ",
  "attachments": [
    { "url": "ftp://files.example.com/a.jpg", "name": "a.jpg" },
    { "url": "https://user@files.example.com/", "name": "../b.png", "size": -1 },
    { "name": "c.pdf", "type": "pdf", "size": 12.5 },
    "https://files.example.com/d.jpg"
  ],
  "clientApplicationDescriptor": {
    "channelType": "EMAIL",
    "deviceAddress": "anna@example"
  }
}`,
  },
  {
    name: { en: "One wrong character", ru: "Один лишний символ" },
    text: `{
  "text": "Your receipt",
  "attachments": [
    { "url": "https://files.example.com/my receipt.pdf", "name": "C:\\\\Users\\\\anna\\\\receipt.pdf", "size": "25600" }
  ],
  "clientApplicationDescriptor": {
    "channelType": "WHATSAPP",
    "clientId": "client\\u00002",
    "deviceAddress": "+44 7700 9OO123"
  }
}`,
  },
  {
    name: { en: "Half a character", ru: "Половина символа" },
    text: `{
  "text": "Cut in the middle: \\ud83d",
  "attachments": [],
  "clientApplicationDescriptor": {
    "channelType": "WHATSAPP",
    "deviceAddress": "447700900123"
  }
}`,
  },
  {
    name: { en: "Not JSON: a comma too many", ru: "Не JSON: лишняя запятая" },
    text: `{
  "text": "Your order is ready.",
  "attachments": [],
  "clientApplicationDescriptor": {
    "channelType": "WHATSAPP",
    "deviceAddress": "447700900123",
  }
}`,
  },
];

export const groups: Group[] = [
  { title: "documented", examples: [whatsapp, mobile] },
  { title: "instructive", examples: instructive },
  { title: "broken", examples: broken },
  { title: "everyChannel", examples: channels },
];

/** Policies to start from; the complete one comes from the library. */
export const policies: { name: keyof Words; text: string }[] = [
  { name: "presetDefault", text: "{}\n" },
  { name: "presetKeep", text: '{\n  "unknownFields": "keep"\n}\n' },
  {
    name: "presetNational",
    text: `{
  "channels": {
    "WHATSAPP": {
      "national": { "prefix": "8", "country": "7", "length": 11 }
    }
  }
}
`,
  },
  {
    name: "presetChannels",
    text: `{
  "limits": { "attachments": 10 },
  "channels": {
    "SMS": { "address": "phone", "text": 480, "textWarning": 160 },
    "WEB": { "requires": ["clientId"] },
    "FACEBOOK": null
  }
}
`,
  },
];
