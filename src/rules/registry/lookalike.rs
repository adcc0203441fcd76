//! Names that people may take for others.

use crate::record::registry::Name;

/// Letters that look like others in common typefaces, in the form that stands for all of them. Case is gone by
/// then, so that `i` is also `I`.
const ALIKE: &[(&str, &str)] = &[("1", "l"), ("i", "l"), ("|", "l"), ("0", "o"), ("rn", "m"), ("vv", "w")];

/// What of a name the eye keeps: the same for those that look alike.
pub fn shape(name: &Name) -> String {
    ALIKE.iter().fold(name.as_str().to_lowercase(), |shape, (one, other)| shape.replace(one, other))
}

/// Whether two names that differ look alike.
pub fn alike(one: &Name, other: &Name) -> bool {
    one != other && shape(one) == shape(other)
}

/// Warnings about a name, where these others are known.
pub fn warnings<'a>(name: &Name, others: impl Iterator<Item = &'a Name>) -> Vec<String> {
    let odd = (!name.is_plain())
        .then(|| format!("{name:?}: has other letters than those of ASCII, and may look like another name"));
    let mut like: Vec<&Name> = others.filter(|other| alike(name, other)).collect();
    like.sort();
    odd.into_iter().chain(like.into_iter().map(|other| format!("{name:?}: looks like {other:?}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::parse(text).unwrap()
    }

    #[test]
    fn names_are_alike_but_for_case_and_letters_that_look_the_same() {
        for (one, other) in
            [("acme", "ACME"), ("Ill", "1ll"), ("pool", "p00l"), ("farm", "farrn"), ("wien", "vvlen")]
        {
            assert!(alike(&name(one), &name(other)), "{one} {other}");
        }
        for (one, other) in [("acme", "acme"), ("probe 7", "probe 8"), ("farm", "fam")] {
            assert!(!alike(&name(one), &name(other)), "{one} {other}");
        }
    }

    #[test]
    fn a_name_is_warned_of_once_for_each_reason() {
        let others = [name("ACME"), name("Acme"), name("carrier")];
        assert_eq!(warnings(&name("carrier 2"), others.iter()), Vec::<String>::new());
        assert_eq!(
            warnings(&name("acme"), others.iter()),
            ["\"acme\": looks like \"ACME\"", "\"acme\": looks like \"Acme\""]
        );
        assert!(warnings(&name("аcme"), others.iter())[0].starts_with(r#""\u{430}cme": has other letters"#));
    }
}
