//! Facts about the countries' numbering plans, as data.

/// "the codes in libphonenumber's metadata, and 997": country calling codes and global services
/// of the packages phonenumbers 9.0.43 (PyPI) and libphonenumber-js 1.13.16 (npm), which agree,
/// read on 2026-11-27.
#[rustfmt::skip]
pub(crate) const CODES: [&str; 216] = [
    "1", "20", "211", "212", "213", "216", "218", "220", "221", "222", "223", "224", "225", "226",
    "227", "228", "229", "230", "231", "232", "233", "234", "235", "236", "237", "238", "239", "240",
    "241", "242", "243", "244", "245", "246", "247", "248", "249", "250", "251", "252", "253", "254",
    "255", "256", "257", "258", "260", "261", "262", "263", "264", "265", "266", "267", "268", "269",
    "27", "290", "291", "297", "298", "299", "30", "31", "32", "33", "34", "350", "351", "352", "353",
    "354", "355", "356", "357", "358", "359", "36", "370", "371", "372", "373", "374", "375", "376",
    "377", "378", "380", "381", "382", "383", "385", "386", "387", "389", "39", "40", "41", "420",
    "421", "423", "43", "44", "45", "46", "47", "48", "49", "500", "501", "502", "503", "504", "505",
    "506", "507", "508", "509", "51", "52", "53", "54", "55", "56", "57", "58", "590", "591", "592",
    "593", "594", "595", "596", "597", "598", "599", "60", "61", "62", "63", "64", "65", "66", "670",
    "672", "673", "674", "675", "676", "677", "678", "679", "680", "681", "682", "683", "685", "686",
    "687", "688", "689", "690", "691", "692", "7", "800", "808", "81", "82", "84", "850", "852", "853",
    "855", "856", "86", "870", "878", "880", "881", "882", "883", "886", "888", "90", "91", "92", "93",
    "94", "95", "960", "961", "962", "963", "964", "965", "966", "967", "968", "970", "971", "972",
    "973", "974", "975", "976", "977", "979", "98", "992", "993", "994", "995", "996", "997", "998",
];

/// "The codes that a 0 may follow", as the contract lists them.
const BEFORE_ZERO: [&str; 14] =
    ["225", "226", "229", "241", "242", "247", "250", "378", "39", "47", "881", "888", "992", "800"];

/// The country code that a number begins with; none begins another.
pub(crate) fn code(digits: &str) -> Option<&'static str> {
    CODES.into_iter().find(|code| digits.starts_with(code))
}

/// "One that cannot exist": "it begins with no country code that ITU has assigned, or it begins
/// with 810, or a 0 follows its country code in a country none of whose numbers begins so, or it
/// has a length that no mobile number of its country has, or it begins with 1 and its second or
/// fifth digit is 0 or 1".
pub(crate) fn cannot_exist(digits: &str) -> bool {
    let Some(code) = code(digits) else { return true };
    let digit = |index: usize| digits.as_bytes()[index];
    let length = digits.len();
    let wrong_length = match code {
        "1" | "7" | "370" | "371" | "373" | "374" | "993" => length != 11,
        "375" | "380" | "992" | "994" | "995" | "998" => length != 12,
        "996" => length != 12 && length != 13,
        _ => false,
    };
    digits.starts_with("810")
        || (digit(code.len()) == b'0' && !BEFORE_ZERO.contains(&code))
        || wrong_length
        || (code == "1" && (matches!(digit(1), b'0' | b'1') || matches!(digit(4), b'0' | b'1')))
}
