//! Integers by exact decimal arithmetic on the text of a JSON number.

/// What a JSON number is, seen as an integer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Integer {
    /// It has a fraction.
    Fraction,
    /// An integer below 0.
    Negative,
    /// An integer that fits.
    Value(u64),
    /// An integer above `u64::MAX`.
    Huge,
}

/// "`256.0` and `2.56e2` are the integer 256, `-0` is 0."
pub(crate) fn integer(raw: &str) -> Integer {
    let (negative, unsigned) = match raw.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, raw),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, small_exponent(exponent)),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(|byte| byte - b'0').collect();
    // The decimal point stands before the digit of this index.
    let point = whole.len() as i64 + exponent;
    let Some(first) = digits.iter().position(|&digit| digit != 0) else {
        return Integer::Value(0);
    };
    let last = digits.iter().rposition(|&digit| digit != 0).unwrap_or(first);
    if last as i64 >= point {
        return Integer::Fraction;
    }
    if negative {
        return Integer::Negative;
    }
    if point - first as i64 > 20 {
        return Integer::Huge;
    }
    let mut value: u128 = 0;
    for index in first..point as usize {
        value = value * 10 + u128::from(digits.get(index).copied().unwrap_or(0));
    }
    u64::try_from(value).map_or(Integer::Huge, Integer::Value)
}

/// An exponent; beyond any body's number of digits, how large it is makes no difference.
fn small_exponent(text: &str) -> i64 {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut exponent = 0;
    for byte in digits.bytes() {
        exponent = i64::min(exponent * 10 + i64::from(byte - b'0'), 1_000_000_000_000);
    }
    sign * exponent
}

/// "`limit` is the bound that was crossed."
pub(crate) fn within(integer: &Integer, low: u64, high: u64) -> Result<u64, u64> {
    match integer {
        Integer::Negative => Err(low),
        Integer::Value(value) if *value < low => Err(low),
        Integer::Value(value) if *value <= high => Ok(*value),
        _ => Err(high),
    }
}
