//! "media type, RFC 9110 `type/subtype` with parameters; non-ASCII only inside quoted values".

/// The normalized media type: "type, subtype and parameter names in lower case; `image/jpg`
/// becomes `image/jpeg`, parameters kept as they are". None where it is none.
///
/// `type "/" subtype *( OWS ";" OWS [ name "=" ( token / quoted-string ) ] )`
pub(crate) fn normalized(text: &str) -> Option<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut at = 0;
    let main = token(&characters, &mut at)?.to_ascii_lowercase();
    take(&characters, &mut at, '/')?;
    let sub = token(&characters, &mut at)?.to_ascii_lowercase();
    let mut result = format!("{main}/{sub}");
    if result == "image/jpg" {
        result = "image/jpeg".to_owned();
    }
    loop {
        result += &white_space(&characters, &mut at);
        if at == characters.len() {
            return Some(result);
        }
        take(&characters, &mut at, ';')?;
        result.push(';');
        result += &white_space(&characters, &mut at);
        if at == characters.len() || characters[at] == ';' {
            continue;
        }
        result += &token(&characters, &mut at)?.to_ascii_lowercase();
        take(&characters, &mut at, '=')?;
        result.push('=');
        result += &match characters.get(at) {
            Some('"') => quoted_string(&characters, &mut at)?,
            _ => token(&characters, &mut at)?,
        };
    }
}

fn take(characters: &[char], at: &mut usize, wanted: char) -> Option<()> {
    if characters.get(*at) != Some(&wanted) {
        return None;
    }
    *at += 1;
    Some(())
}

/// `OWS = *( SP / HTAB )`
fn white_space(characters: &[char], at: &mut usize) -> String {
    let start = *at;
    while matches!(characters.get(*at), Some(' ' | '\t')) {
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

/// `quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE`
fn quoted_string(characters: &[char], at: &mut usize) -> Option<String> {
    let start = *at;
    take(characters, at, '"')?;
    loop {
        match characters.get(*at)? {
            '"' => {
                *at += 1;
                return Some(characters[start..*at].iter().collect());
            }
            '\\' => {
                *at += 1;
                if !is_quotable(*characters.get(*at)?) {
                    return None;
                }
                *at += 1;
            }
            &character if is_quotable(character) => *at += 1,
            _ => return None,
        }
    }
}

/// `HTAB / SP / VCHAR / obs-text`
fn is_quotable(character: char) -> bool {
    matches!(character, '\t' | ' '..='~') || !character.is_ascii()
}
