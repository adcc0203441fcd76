//! A scene with all that it borrows, and what can be asked of it.

use super::{
    Found, Scene,
    ext4::{Ext4, Pace},
    posix::Recording,
};
use crate::{run::Folder, support::needs::Tested};

pub struct Case {
    pub name: &'static str,
    pub folder: Folder,
    pub words: Vec<&'static str>,
    pub pieces: Vec<String>,
    pub fault: Option<&'static str>,
    pub check: Box<dyn Fn(&Found) + Sync>,
}

impl Case {
    /// A command without input.
    pub fn new(
        name: &'static str,
        folder: Folder,
        words: &[&'static str],
        check: impl Fn(&Found) + Sync + 'static,
    ) -> Self {
        let (words, check) = (words.to_vec(), Box::new(check));
        Self { name, folder, words, pieces: Vec::new(), fault: None, check }
    }

    pub fn scene(&self) -> Scene<'_> {
        let Self { folder, words, pieces, fault, check, .. } = self;
        Scene { folder, words, pieces, fault: *fault, check: &**check }
    }

    /// Cuts it in the model.
    pub fn on_paper(&self, limit: usize, states: usize) -> Tested {
        let scene = self.scene();
        Recording::of(&scene)?.cut(limit, None).assert_fine(self.name, states);
        Ok(())
    }

    /// Cuts it on an ext4 of so many kilobytes.
    pub fn on_ext4(&self, pace: Pace, limit: usize, states: usize) -> Tested {
        for (kilobytes, make, options) in [
            (4_096, &["-b", "1024"][..], "data=ordered"),
            // What ext4 does to help careless programs is off.
            (8_192, &["-b", "4096"], "data=writeback,noauto_da_alloc"),
        ] {
            let ext4 = Ext4::new(kilobytes, make, options)?;
            let name = format!("{} on ext4, {options}", self.name);
            ext4.cut(&self.scene(), pace, limit).assert_fine(&name, states);
        }
        Ok(())
    }

    /// Leaves out each sync whose name does not end so: then some cut must lead to something wrong.
    pub fn all_syncs_needed(&self, limit: usize, but: &[&str]) -> Tested {
        let scene = self.scene();
        let recording = Recording::of(&scene)?;
        let syncs = recording.syncs();
        assert!(!syncs.is_empty(), "{}: nothing is synced", self.name);
        let idle: Vec<&String> = (0..)
            .zip(&syncs)
            .filter(|(_, sync)| !but.iter().any(|end| sync.ends_with(end)))
            .filter(|(n, _)| recording.cut(limit, Some(*n)).wrong.is_none())
            .map(|(_, sync)| sync)
            .collect();
        assert!(
            idle.is_empty(),
            "{}: nothing notices that one is left out: {idle:?} of {syncs:?}",
            self.name
        );
        Ok(())
    }
}
