//! Media types: `….type`, and the Content-Type of a head.

/// A media type that was read.
pub(crate) struct MediaType {
    /// "type, subtype and parameter names in lower case; `image/jpg` becomes `image/jpeg`, the rest of
    /// the parameters kept as it is".
    pub(crate) normalized: String,
    /// `type/subtype`, normalized.
    pub(crate) essence: String,
    /// Names in lower case, and values without quotes and without spaces at the end.
    pub(crate) parameters: Vec<(String, String)>,
}

/// "`type/subtype`, two tokens of RFC 9110 without `*` (a pattern tells nothing); then parameters,
/// each a `;`, a token, `=` and a value, with spaces (U+0020) around `;` and `=` as one likes, and
/// empty ones between and at the end (RFC 9110)".
pub(crate) fn read(text: &str) -> Option<MediaType> {
    let characters: Vec<char> = text.chars().collect();
    let mut at = 0;
    let main = token(&characters, &mut at)?.to_ascii_lowercase();
    take(&characters, &mut at, '/')?;
    let sub = token(&characters, &mut at)?.to_ascii_lowercase();
    let mut essence = format!("{main}/{sub}");
    if essence.contains('*') {
        return None;
    }
    if essence == "image/jpg" {
        essence = "image/jpeg".to_owned();
    }
    let mut normalized = essence.clone();
    let mut parameters = Vec::new();
    loop {
        normalized += &spaces(&characters, &mut at);
        if at == characters.len() {
            return Some(MediaType { normalized, essence, parameters });
        }
        take(&characters, &mut at, ';')?;
        normalized.push(';');
        normalized += &spaces(&characters, &mut at);
        if at == characters.len() || characters[at] == ';' {
            continue;
        }
        let name = token(&characters, &mut at)?.to_ascii_lowercase();
        normalized += &name;
        normalized += &spaces(&characters, &mut at);
        take(&characters, &mut at, '=')?;
        normalized.push('=');
        normalized += &spaces(&characters, &mut at);
        let start = at;
        let value = match characters.get(at) {
            Some('"') => quoted_string(&characters, &mut at)?,
            _ => anything(&characters, &mut at)?,
        };
        normalized.extend(&characters[start..at]);
        parameters.push((name, value));
    }
}

fn take(characters: &[char], at: &mut usize, wanted: char) -> Option<()> {
    if characters.get(*at) != Some(&wanted) {
        return None;
    }
    *at += 1;
    Some(())
}

fn spaces(characters: &[char], at: &mut usize) -> String {
    let start = *at;
    while characters.get(*at) == Some(&' ') {
        *at += 1;
    }
    characters[start..*at].iter().collect()
}

/// `token = 1*tchar`
fn token(characters: &[char], at: &mut usize) -> Option<String> {
    let start = *at;
    while characters.get(*at).is_some_and(|&character| is_tchar(character)) {
        *at += 1;
    }
    if start == *at { None } else { Some(characters[start..*at].iter().collect()) }
}

fn is_tchar(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
}

/// "as browsers and mail gateways write it, anything up to the next `;` that holds no `"`, or
/// nothing".
fn anything(characters: &[char], at: &mut usize) -> Option<String> {
    let start = *at;
    while characters.get(*at).is_some_and(|&character| character != ';') {
        *at += 1;
    }
    let value: String = characters[start..*at].iter().collect();
    if value.contains('"') { None } else { Some(value.trim_end_matches(' ').to_owned()) }
}

/// `quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE`; what stands in it, unquoted.
fn quoted_string(characters: &[char], at: &mut usize) -> Option<String> {
    let mut inside = String::new();
    take(characters, at, '"')?;
    loop {
        let mut character = *characters.get(*at)?;
        *at += 1;
        match character {
            '"' => return Some(inside),
            '\\' => {
                character = *characters.get(*at)?;
                *at += 1;
            }
            _ => {}
        }
        if !is_quotable(character) {
            return None;
        }
        inside.push(character);
    }
}

/// `HTAB / SP / VCHAR / obs-text`
fn is_quotable(character: char) -> bool {
    matches!(character, '\t' | ' '..='~') || !character.is_ascii()
}
