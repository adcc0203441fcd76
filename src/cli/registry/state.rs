//! The state in which a device changes hands, as arguments say it.

use std::{fs::File, path::PathBuf};

use anyhow::{Context, ensure};

use crate::{
    cli::term::Term,
    hash::Hash,
    record::registry::{Deed, MAX_DOCUMENTS, MAX_NOTE},
};

/// What is written down of a device when it changes hands.
#[derive(clap::Args)]
pub(crate) struct StateArgs {
    /// The state that the device is in, such as '1204 h, half full'
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    /// A document about that, such as a photo: the record has its SHA-256, the file is yours to keep; repeatable
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    document: Vec<PathBuf>,
}

impl StateArgs {
    /// Whether anything is written down.
    pub(crate) fn says_something(&self) -> bool {
        self.note.is_some() || !self.document.is_empty()
    }

    /// The handover of a device in this state.
    pub(crate) fn handover(&self, device: Hash, to: Hash, term: &mut Term) -> anyhow::Result<Deed> {
        let note = self.note.clone();
        let length = note.as_ref().map_or(1, String::len);
        ensure!(
            (1..=MAX_NOTE).contains(&length),
            "--note: a note has 1 to {MAX_NOTE} bytes, this one {length}"
        );
        ensure!(self.document.len() <= MAX_DOCUMENTS, "--document: {MAX_DOCUMENTS} documents are the most");
        let mut documents = Vec::new();
        for path in &self.document {
            let document = File::open(path)
                .and_then(Hash::of_reader)
                .with_context(|| format!("--document {}", path.display()))?;
            term.detail(format!("document {}: SHA-256 {document}", path.display()));
            ensure!(!documents.contains(&document), "--document {}: the same as one before", path.display());
            documents.push(document);
        }
        Ok(Deed::Handover { device, to, note, documents })
    }
}
