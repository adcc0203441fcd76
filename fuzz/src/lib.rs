//! Every parser of Counterfoil as a function of bytes, with what must hold of its answer.
//!
//! ```text
//! fuzz/fuzz_targets/NAME.rs   the same under libFuzzer: fuzz/run NAME
//! tests/fuzz.rs               the same under proptest, in `cargo test`
//! ```
//!
//! A target panics where an invariant breaks. Most say: what is taken is written back as it was, or means the
//! same when it is read again.

mod devices;
mod edits;
mod facts;
mod logs;
mod records;
mod registry;
mod scans;
mod texts;
mod world;

/// One parser.
pub struct Target {
    /// Its name: of its file in `fuzz_targets/`, and of its corpus
    pub name: &'static str,
    /// Gives it bytes
    pub run: fn(&[u8]),
    /// Inputs that it takes, or nearly
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Folders and files of other projects' test data with more of them
    pub vectors: &'static [&'static str],
}

/// All parsers of text from outside.
pub const TARGETS: &[Target] = &[
    texts::JSON,
    texts::NAMES,
    texts::PEM,
    texts::KEY_TEXT,
    texts::NOTE,
    texts::CHECKPOINT,
    logs::PROOF_FILE,
    logs::EVIDENCE,
    logs::STUB,
    logs::TILE_PATH,
    logs::BUNDLE,
    logs::MARKER,
    logs::GZIP,
    records::ENTRY,
    records::PROOF,
    records::GENESIS,
    records::CONTRACT,
    records::EXPRESSION,
    scans::SCAN,
    facts::FACT,
    registry::EVENT,
    registry::MEMBERS,
    registry::FOLD,
    registry::STATE,
    devices::FRAMES,
    devices::DECODE_JSON,
    devices::DECODE_TEXT,
    devices::DECODE_NMEA,
    devices::DECODE_DSMR,
    devices::REGISTER_MAP,
    devices::MAP_LINE,
    devices::FIELD_MAP,
    devices::RECORDING,
    devices::DIAGNOSIS,
];

/// Runs the target of this name.
///
/// # Panics
/// If there is none, or an invariant breaks.
pub fn run(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target of this name");
    (target.run)(data);
}
