//! The fields of a row (RFC 4180), which here is one line.

/// What parts the fields of a row.
pub(super) fn separator(line: &str) -> char {
    ['\t', ';', ','].into_iter().find(|mark| line.contains(*mark)).unwrap_or(',')
}

/// The fields, without quotes and without blanks around them; `None`: a quote has no end, or has text behind it.
pub(super) fn split(line: &str, separator: char) -> Option<Vec<String>> {
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let (field, behind) = if let Some(quoted) = rest.trim_start_matches(' ').strip_prefix('"') {
            let (field, behind) = unquoted(quoted)?;
            (field, behind.trim_start_matches(' '))
        } else {
            let end = rest.find(separator).unwrap_or(rest.len());
            (rest[..end].trim().to_owned(), &rest[end..])
        };
        fields.push(field);
        if behind.is_empty() {
            return Some(fields);
        }
        rest = behind.strip_prefix(separator)?;
    }
}

/// What stands up to the closing quote, two quotes being one, and what stands behind it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut field = String::new();
    let mut rest = text;
    loop {
        let (part, behind) = rest.split_once('"')?;
        field.push_str(part);
        let Some(further) = behind.strip_prefix('"') else { return Some((field, behind)) };
        field.push('"');
        rest = further;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_separators() {
        let shown = |line| split(line, ',').map(|fields| fields.join("|"));
        assert_eq!(shown("a, b ,\"c,\"\"d\"\"\" ,").as_deref(), Some("a|b|c,\"d\"|"));
        assert_eq!(shown("").as_deref(), Some(""));
        for bad in ["\"a", "\"a\"b", "a,\"\"\""] {
            assert_eq!(shown(bad), None, "{bad}");
        }
        assert_eq!(["a\tb,c", "a;b", "a,b", "a"].map(separator), ['\t', ';', ',', ',']);
    }
}
