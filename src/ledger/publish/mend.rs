//! Mending what is published already: full tiles and bundles that are missing or damaged are written anew.
//!
//! ```text
//! a full tile                      256 hashes: 8,192 bytes
//! the 256 bundles of a full file   as long together as the file of the ledger, and one byte more for each entry
//! ```
//!
//! Asking the folder for lengths is cheap: for a million entries eight thousand files, 20 ms. Only where one does
//! not fit are entries read; and everywhere, if the content is to be compared.

use std::ops::Range;

use anyhow::{Context, ensure};

use super::{
    GrowingTree, bytes_of, leaves_of,
    source::{ConfirmedLog, LogLines},
};
use crate::tlog::{
    bundle,
    layout::{ENTRIES_PER_FILE, LEVELS, Layout, TILE_WIDTH},
    resource::{FULL, Resource, ResourceContent},
};

impl GrowingTree<'_> {
    /// Writes anew what of the full tiles and bundles is missing, has another length or, where the content is to be
    /// compared, is another. Answers the lines that come next.
    pub(super) fn mend<'a>(
        &mut self,
        source: &mut ConfirmedLog<'a>,
        compare: bool,
    ) -> anyhow::Result<LogLines<'a>> {
        for level in 0..LEVELS {
            self.mend_level(source, level, compare)?;
        }
        let mut lines = source.lines(0);
        for file in 0..self.size.div_ceil(ENTRIES_PER_FILE) {
            lines = self.mend_file(source, file * ENTRIES_PER_FILE, compare)?;
        }
        Ok(lines)
    }

    /// The bundles of a file of entries, as far as they are full. Answers the lines behind them.
    fn mend_file<'a>(
        &mut self,
        source: &mut ConfirmedLog<'a>,
        first: u64,
        compare: bool,
    ) -> anyhow::Result<LogLines<'a>> {
        let end = (first + ENTRIES_PER_FILE).min(self.size);
        let bundles = first / TILE_WIDTH..end / TILE_WIDTH;
        let full = end == first + ENTRIES_PER_FILE;
        let length = self.length(bundles.clone());
        if !compare && full && length.is_some() && length == source.bundled(first)? {
            return Ok(source.lines(end));
        }
        if source.has_dropped(first) {
            self.check_dropped(source, bundles)?;
            return Ok(source.lines(end));
        }
        let mut lines = source.lines(first);
        for index in bundles {
            self.mend_bundle(source, &mut lines, index, compare)?;
        }
        Ok(lines)
    }

    fn mend_level(&mut self, source: &mut ConfirmedLog<'_>, level: u32, compare: bool) -> anyhow::Result<()> {
        for index in 0..Layout::STANDARD.level_length(level + 1, self.before) {
            let tile = Resource { content: ResourceContent::Hashes(level), index, width: FULL };
            if compare || self.dest.length(&tile.to_string()) != Some(tile.limit() as u64) {
                let hashes = source.block(level, index)?;
                let bytes = hashes.map(bytes_of).with_context(|| {
                    format!("tree/ does not lead from {tile} to the signed root; run foil chain repair")
                })?;
                self.put(tile, &bytes)?;
            }
        }
        Ok(())
    }

    fn mend_bundle(
        &mut self,
        source: &mut ConfirmedLog<'_>,
        lines: &mut LogLines<'_>,
        index: u64,
        compare: bool,
    ) -> anyhow::Result<()> {
        let resource = Resource { content: ResourceContent::Entries, index, width: FULL };
        let bytes = lines.bundle(FULL).with_context(|| source.shown())?;
        if compare || self.dest.length(&resource.to_string()) != Some(bytes.len() as u64) {
            source.confirm(index, &leaves_of(&bytes, FULL)).with_context(|| source.shown())?;
            self.put(resource, &bytes)?;
        }
        Ok(())
    }

    /// The length of some full bundles together; `None`: one of them is no plain file.
    fn length(&self, bundles: Range<u64>) -> Option<u64> {
        let of = |index| Resource { content: ResourceContent::Entries, index, width: FULL }.to_string();
        bundles.map(|index| self.dest.length(&of(index))).sum()
    }

    /// Checks the bundles of a file whose lines the ledger has dropped: they cannot be written anew here, but the tree
    /// still shows whether they are right.
    fn check_dropped(&self, source: &mut ConfirmedLog<'_>, bundles: Range<u64>) -> anyhow::Result<()> {
        for index in bundles {
            let bundle = Resource { content: ResourceContent::Entries, index, width: FULL };
            let bytes = self.dest.read(&bundle.to_string(), bundle.limit()).unwrap_or_default();
            let whole = bundle::read(&bytes, FULL.into()).1.is_ok();
            ensure!(
                whole && source.confirm(index, &leaves_of(&bytes, FULL)).is_ok(),
                "{}/{bundle}: missing or damaged, and foil chain prune dropped its entries; publish a copy of the ledger that still has them",
                self.dest.shown()
            );
        }
        Ok(())
    }
}
