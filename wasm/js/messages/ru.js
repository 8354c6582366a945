// Сообщения по-русски: каждое — из кода и его параметров, как и английские в core/src/message.rs.

const JSON_TYPES = {
  null: "null",
  boolean: "логическое значение",
  number: "число",
  string: "строка",
  array: "массив",
  object: "объект",
  integer: "целое число",
  "object or null": "объект или null",
  "integer or null": "целое число или null",
};

const PLACES = {
  body: "оно стоит прямо в теле запроса",
  attachments: "оно стоит во вложениях (attachments)",
  clientApplicationDescriptor: "оно стоит в clientApplicationDescriptor",
  sibling_endpoint: "такое поле есть у соседнего метода API",
};

const ADDRESSES = {
  phone: "номером телефона из 7–15 цифр",
  token: "токеном из видимых символов ASCII",
  bsuid: "идентификатором пользователя WhatsApp (bsuid)",
  email: "адресом электронной почты",
  numeric: "числовым идентификатором не длиннее 19 цифр",
};

// Чего не хватает в JSON на этом месте.
const EXPECTED = {
  "a value": "значение",
  "a field name in double quotes": "имя поля в двойных кавычках",
  "a colon": "двоеточие",
  "a comma or }": "запятая или }",
  "a comma or ]": "запятая или ]",
  "the end of the body": "конец тела",
  "a closing quote": "закрывающая кавычка",
  "an escape": "экранирование (\\)",
  "four hexadecimal digits": "четыре шестнадцатеричные цифры",
  "a digit": "цифра",
};

/** «1 символ, 2 символа, 5 символов». */
function count(number, one, few, many) {
  const last = number % 10;
  const teen = Math.floor((number % 100) / 10) === 1;
  return `${number} ${teen || last === 0 || last > 4 ? many : last === 1 ? one : few}`;
}

/** «не больше 1 символа, 5 символов». */
const upTo = (number, one, many) => `${number} ${number % 10 === 1 && number % 100 !== 11 ? one : many}`;

const hint = ({ suggestion, belongsTo }) =>
  suggestion ? `; возможно, имелось в виду ${suggestion}` : belongsTo ? `; ${PLACES[belongsTo]}` : "";

const units = (number) => count(number, "единица", "единицы", "единиц");

const ru = {
  empty_body: "Тело запроса пустое.",
  body_too_large: ({ limit, actual }) =>
    `Тело запроса слишком большое: ${count(actual, "байт", "байта", "байт")} при допустимых ${limit}.`,
  invalid_utf8: "Тело запроса не в кодировке UTF-8.",
  invalid_json: ({ expected }) =>
    `Тело запроса — не JSON (RFC 8259)${expected ? `: здесь ожидается ${EXPECTED[expected] ?? expected}` : ""}.`,
  nesting_too_deep: ({ limit }) =>
    `Слишком глубокая вложенность: допустимо не больше ${upTo(limit, "уровня", "уровней")}.`,
  type_mismatch: ({ expected, actual }) => {
    const fraction = expected === "integer" && actual === "number";
    const quotes = expected === "string" && actual === "number";
    const found = fraction ? "дробное число" : (JSON_TYPES[actual] ?? actual);
    return `Здесь ожидается ${JSON_TYPES[expected] ?? expected}, а стоит ${found}${quotes ? "; возьмите его в кавычки" : ""}.`;
  },
  missing_field: "Нет обязательного поля.",
  unknown_field: (params) => `Такого поля здесь нет${hint(params)}.`,
  duplicate_field: "Поле повторяется: разные программы учтут разные его значения.",
  invalid_unicode: "В строке есть половина суррогатной пары, так что это не текст Unicode.",
  blank: "Обязательная строка пуста или состоит из пробелов и невидимых символов.",
  control_character: "В строке есть управляющий символ.",
  too_long: ({ limit, actual, channel }) =>
    `Строка слишком длинная${channel ? ` для ${channel}` : ""}: ${units(actual)} UTF-16 при допустимых ${limit}.`,
  too_many_items: ({ limit }) => `Слишком много элементов: допустимо не больше ${limit}.`,
  out_of_range: ({ limit, expected }) =>
    expected !== undefined
      ? `Недопустимое значение; нужно: ${expected.replace(" to ", "–")}.`
      : limit === 0
        ? "Число не должно быть меньше 0."
        : `Число вне допустимых границ: граница — ${limit}.`,
  empty_message: "В сообщении нет ни текста, ни вложений.",
  unknown_channel: ({ suggestion }) =>
    `Такого канала нет${suggestion ? `; возможно, имелся в виду ${suggestion}` : ""}.`,
  required_by_channel: ({ channel }) => `Канал ${channel} требует этого поля.`,
  invalid_address: ({ expected, channel }) =>
    `Адрес устройства не является ${ADDRESSES[expected] ?? "адресом нужного вида"}, как того требует ${channel}.`,
  invalid_url: "Это не абсолютный IRI (RFC 3987) http или https, который безопасно показывать и загружать.",
  invalid_media_type: "Это не медиатип (RFC 9110).",
  invalid_name: "В имени файла есть разделитель пути или символ, который меняет направление письма.",
  alias_field: "Поле названо вторым из документированных имён; оно будет записано как clientApplicationDescriptor.",
  national_number:
    "Номер телефона похож на записанный без кода страны; он передаётся как есть и может оказаться чужим.",
  unlikely_address: "По форме это адрес, но такого ни у кого не может быть; сообщение вряд ли дойдёт.",
  unlikely_identifier:
    "В идентификаторе есть странный пробел или невидимый символ, или это слово, которое ничего не обозначает.",
  garbled_text: "Текст по дороге потерял символы или остался закодированным.",
  attachment_kind_unknown: "Ни тип, ни расширение имени не говорят, что это за вложение; его могут не показать.",
  insecure_url: "Адрес использует http без шифрования.",
  unescaped_url: "В адресе есть символы, которые обычно кодируют процентами; не все программы такой адрес примут.",
  private_host: "До этого узла могут добраться только соседние с ним машины.",
  long_text: ({ limit, actual, channel }) =>
    `${channel} может обрезать или разбить текст длиннее ${upTo(limit, "единицы", "единиц")} UTF-16; в этом их ${actual}.`,
  dropped_field: (params) => `Такого поля здесь нет, и оно отброшено${hint(params)}.`,
  kept_field: (params) => `Такого поля здесь нет; оно передаётся как есть${hint(params)}.`,
  not_found: "Запрос обращён к другому пути.",
  method_not_allowed: "Метод принимает только POST.",
  unauthorized: "Нет единственного поля Authorization с токеном Bearer.",
  unsupported_media_type: ({ expected }) =>
    expected === "identity"
      ? "Тело не должно быть сжато: допустимо только Content-Encoding: identity."
      : "Нет единственного поля Content-Type со значением application/json в UTF-8.",
  invalid_head: "Длина тела указана с ошибкой, повторно или противоречиво.",
  policy_conflict: ({ expected }) => `Две настройки противоречат друг другу${expected ? `; нужно: ${expected}` : ""}.`,
};

export { ru, ru as default };
