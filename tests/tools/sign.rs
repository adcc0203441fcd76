//! `foil sign` on a terminal: it shows what it would sign, and asks.

use std::fs::{self};

use crate::{
    repl::Prompt,
    signing::{folder, signed_by_us},
    support::{
        needs::{self, Tested},
        trial::trials,
    },
};

trials![
    on_a_terminal_it_shows_and_asks,
    on_a_terminal_nobody_is_asked_in_vain,
    at_the_prompt_it_asks_on_the_same_terminal,
    in_the_background_it_ends_where_it_would_have_to_ask,
];

fn on_a_terminal_it_shows_and_asks() -> Tested {
    needs::tool("setsid")?;
    let folder = folder();
    let records = [
        r#"{"type":"reading","values":{}}"#,
        "{\"type\":\"note\",\"text\":\"a\\u001b[2J\\u202e\"}",
        r#"{"type":"accept","contract":"00"}"#,
    ];
    fs::write(folder.path("in.jsonl"), records.join("\n")).unwrap();
    let mut prompt = Prompt::shell(&folder.path(""), r#""$1" sign -k gateway < in.jsonl > out.jsonl"#);
    prompt.expect("note: a record of type \"note\", which means nothing here\r\n  text = ");
    prompt.expect("\\u001b[2J\\u{202e}\"\r\n  signed by nobody\r\nyou sign as did:key:");
    prompt.expect("; no contact has it)\r\nsign this? [y/N] ");
    prompt.press("y\r");
    prompt.expect("accept: accepts the contract 00");
    prompt.expect("sign this? [y/N] ");
    prompt.press("\r");
    prompt.expect("foil sign: error: line 3: not signed: the answer was not yes");
    assert_eq!(prompt.end().code(), Some(2));
    let signed = fs::read_to_string(folder.path("out.jsonl")).unwrap();
    assert_eq!(signed.lines().filter(|line| signed_by_us(line)).count(), 2, "{signed}");
    Ok(())
}

fn on_a_terminal_nobody_is_asked_in_vain() -> Tested {
    needs::tool("setsid")?;
    let folder = folder();
    fs::write(folder.path("note.json"), r#"{"type":"note"}"#).unwrap();
    let args = ["sign", "-k", "gateway", "note.json"];
    let prompt = Prompt::start(&folder.path(""), &[&args[..], &["--yes", "-o", "signed.json"]].concat());
    assert_eq!(prompt.end().code(), Some(0));
    let mut prompt = Prompt::start(&folder.path(""), &["sign", "-k", "gateway", "signed.json"]);
    prompt.expect("already signed by");
    assert_eq!(prompt.end().code(), Some(2));
    let mut prompt = Prompt::start(&folder.path(""), &args);
    prompt.expect("sign this? [y/N] ");
    prompt.press("\x03");
    assert_eq!(prompt.end().code(), Some(130));
    Ok(())
}

fn at_the_prompt_it_asks_on_the_same_terminal() -> Tested {
    needs::tool("setsid")?;
    let folder = folder();
    fs::write(folder.path("note.json"), r#"{"type":"note"}"#).unwrap();
    let mut prompt = Prompt::start(&folder.path(""), &["repl"]);
    for line in ["sign -k gateway note.json", "cat note.json | sign -k gateway | cat"] {
        prompt.expect("foil> ");
        prompt.say(line, "sign this? [y/N] ");
        prompt.press("yes\r");
        prompt.expect("eddsa-jcs-2022");
    }
    prompt.expect("foil> ");
    prompt.say("exit", "");
    assert_eq!(prompt.end().code(), Some(0));
    Ok(())
}

fn in_the_background_it_ends_where_it_would_have_to_ask() -> Tested {
    needs::tool("setsid")?;
    let folder = folder();
    fs::write(folder.path("note.json"), r#"{"type":"note"}"#).unwrap();
    let mut prompt = Prompt::shell(
        &folder.path(""),
        r#"set -m; "$1" sign -k gateway note.json & wait $!; echo "ended with $?"
           "$1" keygen locked --passphrase & wait $!; echo "then with $?""#,
    );
    prompt.expect("foil sign: error: a job in the background can ask nobody");
    prompt
        .expect("foil sign: hint: --yes signs without asking; fg brings the job to the front, where it asks");
    prompt.expect("ended with 2");
    prompt
        .expect("foil keygen: error: cannot ask for the passphrase: a job in the background can ask nobody");
    prompt.expect("hint: --passphrase-file FILE");
    prompt.expect("then with 2");
    assert_eq!(prompt.end().code(), Some(0));
    Ok(())
}
