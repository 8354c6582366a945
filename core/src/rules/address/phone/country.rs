//! What is known of the world's numbers: data, and nothing else.
//!
//! The country codes of ITU-T's Recommendation E.164, as libphonenumber 9.0.43 has them (read on
//! 2026-11-27), and 997, which it does not have yet. The codes that a 0 may follow and the lengths of
//! mobile numbers are from its metadata, too. `libphonenumber.txt` is an extract of that
//! (`tests/phone-plans` writes it), and a test compares this file with it. Countries renumber: what
//! contradicts this is worth a warning, and no more.

/// The country codes that ITU has assigned. None begins with another.
#[rustfmt::skip] // a line of codes for each first digit
pub(super) const COUNTRY_CODES: &[u16] = &[
    1,
    20, 211, 212, 213, 216, 218, 220, 221, 222, 223, 224, 225, 226, 227, 228, 229, 230, 231, 232, 233, 234,
    235, 236, 237, 238, 239, 240, 241, 242, 243, 244, 245, 246, 247, 248, 249, 250, 251, 252, 253, 254, 255,
    256, 257, 258, 260, 261, 262, 263, 264, 265, 266, 267, 268, 269, 27, 290, 291, 297, 298, 299,
    30, 31, 32, 33, 34, 350, 351, 352, 353, 354, 355, 356, 357, 358, 359, 36, 370, 371, 372, 373, 374, 375,
    376, 377, 378, 380, 381, 382, 383, 385, 386, 387, 389, 39,
    40, 41, 420, 421, 423, 43, 44, 45, 46, 47, 48, 49,
    500, 501, 502, 503, 504, 505, 506, 507, 508, 509, 51, 52, 53, 54, 55, 56, 57, 58, 590, 591, 592, 593,
    594, 595, 596, 597, 598, 599,
    60, 61, 62, 63, 64, 65, 66, 670, 672, 673, 674, 675, 676, 677, 678, 679, 680, 681, 682, 683, 685, 686,
    687, 688, 689, 690, 691, 692,
    7,
    800, 808, 81, 82, 84, 850, 852, 853, 855, 856, 86, 870, 878, 880, 881, 882, 883, 886, 888,
    90, 91, 92, 93, 94, 95, 960, 961, 962, 963, 964, 965, 966, 967, 968, 970, 971, 972, 973, 974, 975, 976,
    977, 979, 98, 992, 993, 994, 995, 996, 997, 998,
];

/// The codes that a 0 may follow, toll-free, premium-rate and shared-cost numbers and those that cannot
/// be dialled from abroad left out; of 800, which is toll-free all of it, they are not.
pub(super) const ZERO_FOLLOWS: &[u16] = &[39, 47, 225, 226, 229, 241, 242, 247, 250, 378, 800, 881, 888, 992];

/// Country codes, and the fewest and the most digits that a mobile number has behind and with them.
pub(super) const MOBILE_LENGTHS: &[(u16, usize, usize)] = &[
    (7, 11, 11),
    (1, 11, 11),
    (370, 11, 11),
    (371, 11, 11),
    (373, 11, 11),
    (374, 11, 11),
    (375, 12, 12),
    (380, 12, 12),
    (992, 12, 12),
    (993, 11, 11),
    (994, 12, 12),
    (995, 12, 12),
    (996, 12, 13),
    (998, 12, 12),
];
