//! Lines: objects, pairs, rows.

use std::ops::Range;

use super::{PartedFrame, SpoiltFormat};

pub(super) const JSON: SpoiltFormat = SpoiltFormat {
    name: "json",
    frames: &[
        PartedFrame { bytes: br#"{"a":1,"s":"x","c":{"d":2},"e":5}"#, changes: "*|a|*|s|*|*|c.d|*|e" },
        PartedFrame {
            bytes: br#"{"values":{"a":1,"b":"x"},"time":"noon","units":{"a":"V"}}"#,
            changes: "*|*|a|*|b|*||*|*|a",
        },
        PartedFrame { bytes: br#"log {"a":1,"b":2} 130"#, changes: "*|*|a|*|b|*" },
    ],
    parts: |frame| parts(frame, b"{}\":,[]"),
    separates: |byte| b"{}\":,[]\\\r\n".contains(&byte),
    formed: None,
    sealed: None,
};

pub(super) const TEXT: SpoiltFormat = SpoiltFormat {
    name: "text",
    frames: &[
        PartedFrame { bytes: b"a=1 b=2;c: 3, d=4 V|e: on, f(mm): 7", changes: "*|a|*|b|*|c|*|d|d|*|e|*|*|f" },
        PartedFrame { bytes: b"door=open a: 21.5 C, b: 40 %", changes: "*|door|*|a|a|*|b|b" },
    ],
    parts: |frame| parts(frame, b" \t,;|=:\"()"),
    separates: |byte| b" \t,;|=:\"()\r\n".contains(&byte),
    formed: None,
    sealed: None,
};

pub(super) const CSV: SpoiltFormat = SpoiltFormat {
    name: "csv",
    frames: &[PartedFrame { bytes: b"a,1,b [V],2,c,3", changes: "*|a|*|b|*|c" }],
    parts: |frame| parts(frame, b","),
    separates: |byte| b",;\t\"\r\n".contains(&byte),
    formed: None,
    sealed: None,
};

pub(super) const SCALE: SpoiltFormat = SpoiltFormat {
    name: "scale",
    frames: &[
        // Another code in the place of the first one is believed, and what contradicts it is not: G,NT is gross.
        PartedFrame { bytes: b"ST,GS,+0012.34 g", changes: "stable net weight|net weight|weight|weight" },
        PartedFrame {
            bytes: b"US,NT,- 0012.5,kg",
            changes: "stable net weight|net weight|weight|weight|weight",
        },
        PartedFrame { bytes: b"OL,+9999999 g", changes: "*|weight|weight" },
        PartedFrame { bytes: b"S D     12.34 kg", changes: "*|*|weight|weight" },
        PartedFrame { bytes: b"N     +  12.34 g", changes: "*|*|weight stable|weight stable" },
        PartedFrame { bytes: b"   12.34 g ? NET", changes: "*|*|stable net weight|net weight" },
    ],
    parts: |frame| parts(frame, b" ,"),
    separates: |byte| b" \t,\r\n".contains(&byte),
    formed: None,
    sealed: None,
};

/// What stands between separators.
fn parts(frame: &[u8], separators: &[u8]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut begin = 0;
    for at in (0..frame.len()).filter(|at| separators.contains(&frame[*at])).chain([frame.len()]) {
        if !frame[begin..at].trim_ascii().is_empty() {
            parts.push(begin..at);
        }
        begin = at + 1;
    }
    parts
}
