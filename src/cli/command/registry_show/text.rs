//! The same for people: one line for each answer, and behind it the entry that proves it.

use std::fmt::{Display, Write};

use crate::{
    audit::registry::{RegistryAt, RegistryMember, device_state},
    explain::clause::name,
    hash::Hash,
    record::registry::Name,
    rules::registry::{Admin, Device, EndedLease, Lease, Party, Revoked, SinceEntry},
    time::Zone,
};

/// What is shown about a party or device: a label, and its text.
type Lines = Vec<(&'static str, String)>;

/// The registry at an instant, for people.
pub(super) struct RegistryText<'a>(pub(super) &'a RegistryAt, pub(super) Zone);

impl RegistryText<'_> {
    /// Everybody, a line each.
    pub(super) fn table(&self, all: &[RegistryMember<'_>]) -> String {
        let rows: Vec<[String; 4]> = all.iter().filter_map(|member| self.row(member)).collect();
        let wide = rows.iter().map(|[_, name, ..]| name.len()).max().unwrap_or_default();
        let mut table = String::new();
        for [kind, name, state, rest] in &rows {
            // Writing to a string does not fail.
            let _ = writeln!(table, "{kind:8}{name:wide$}  {state:9}{rest}");
        }
        table
    }

    fn row(&self, member: &RegistryMember<'_>) -> Option<[String; 4]> {
        Some(match member {
            RegistryMember::Party(party) => {
                let state = if party.revoked.is_some() { "revoked" } else { "active" };
                ["party".into(), party.name.to_string(), state.into(), proven(party.key, party.key_n)]
            }
            RegistryMember::Device(device) => {
                let roles = [
                    ("owner", device.owner),
                    ("operator", device.operator(self.0.at)),
                    ("custodian", device.custodian()),
                ];
                let roles = roles.map(|(role, since)| format!("{role} {}", self.since_text(&since)));
                let roles = roles.join(", ") + &self.lease_end(device);
                ["device".into(), device.name.to_string(), device_state(device).into(), roles]
            }
            RegistryMember::Admin(_) => return None,
        })
    }

    /// Until when it is let, or since when it should be back.
    fn lease_end(&self, device: &Device) -> String {
        let runs = device.lease(self.0.at).map(|lease| format!(", let until {}", self.1.show(lease.until)));
        let overdue = device.overdue(self.0.at);
        let overdue = overdue.map(|ended| format!(", OVERDUE since {}", self.1.show(ended.until)));
        [runs, overdue].into_iter().flatten().collect()
    }

    /// One of them, with all that is known.
    pub(super) fn text(&self, member: &RegistryMember<'_>) -> String {
        let mut lines = match member {
            RegistryMember::Party(party) => self.party_lines(party),
            RegistryMember::Device(device) => self.device_lines(device),
            RegistryMember::Admin(admin) => self.admin_lines(admin),
        };
        lines.push(("as of", format!("{}, entry {}", self.1.show(self.0.at), self.0.n)));
        let mut text = String::new();
        for (what, line) in &lines {
            let _ = writeln!(text, "{what:11}{line}");
        }
        text
    }

    fn party_lines(&self, party: &Party) -> Lines {
        let mut lines = head("party", &party.name, party.id, party.n);
        lines.push(("key", proven(party.key, party.key_n)));
        if let Some(next) = party.next {
            lines.push(("next key", format!("has the SHA-256 {next}")));
        }
        lines.push(("state", self.state_text("active", party.revoked)));
        if self.0.registry().admins().iter().any(|admin| admin.party == Some(party.id)) {
            lines.push(("admin", "named by entry 0".to_owned()));
        }
        for clerk in party.delegates.iter().filter(|clerk| self.0.at < clerk.until) {
            let may: Vec<String> = clerk.may.iter().map(|right| right.escape_default().to_string()).collect();
            let until = self.1.show(clerk.until);
            let power = format!("{} may sign {} until {until}", clerk.key, may.join(", "));
            lines.push(("delegate", proven(power, clerk.n)));
        }
        lines.extend(self.devices_lines("owns", &party.id, |device| device.owner));
        lines.extend(self.devices_lines("operates", &party.id, |device| device.operator(self.0.at)));
        lines.extend(self.devices_lines("holds", &party.id, Device::custodian));
        lines.push(("latest", proven(party.last, party.last_n)));
        lines
    }

    fn devices_lines(
        &self,
        verb: &'static str,
        party: &Hash,
        role: impl Fn(&Device) -> SinceEntry<Hash>,
    ) -> Lines {
        let devices = self.0.registry().devices().into_iter().map(|device| (device, role(device)));
        let its = devices.filter(|(_, since)| since.is == *party);
        its.map(|(device, since)| (verb, proven(&device.name, since.n))).collect()
    }

    fn device_lines(&self, device: &Device) -> Lines {
        let mut lines = head("device", &device.name, device.id, device.n);
        let key = device.key.map(|key| proven(key, device.key_n));
        lines.push(("key", key.unwrap_or_else(|| "none".to_owned())));
        let state = match device.retired {
            Some(n) => proven("retired", n),
            None => self.state_text(device_state(device), device.revoked),
        };
        lines.push(("state", state));
        lines.push(("owner", self.since_text(&device.owner)));
        lines.push(("operator", self.since_text(&device.operator(self.0.at))));
        let leg = match device.custody.leg {
            0 => String::new(),
            leg => format!(", handover {leg}"),
        };
        lines.push(("custodian", self.since_text(&device.custodian()) + &leg));
        let via = device.via(self.0.at);
        let speaker = via.is.map_or_else(|| "none".to_owned(), |id| name(self.0.registry(), &id));
        lines.push(("via", proven(speaker, via.n)));
        if let Some(ended) = device.overdue(self.0.at) {
            lines.push(("overdue", proven(format!("since {}", self.1.show(ended.until)), ended.until_n)));
        }
        lines.extend(device.ended(self.0.at).map(|ended| ("was let", self.ended_text(ended))));
        lines.extend(device.open_leases(self.0.at).map(|lease| ("lease", self.lease_text(lease))));
        lines.push(("latest", proven(device.last, device.last_n)));
        lines
    }

    fn lease_text(&self, lease: &Lease) -> String {
        let notice = lease.notice.map(|notice| format!(", notice given (entry {})", notice.n));
        let to = name(self.0.registry(), &lease.to);
        let term = format!("to {to} from {} until {}", self.1.show(lease.from), self.1.show(lease.until));
        proven(term, lease.n) + &notice.unwrap_or_default()
    }

    fn since_text(&self, since: &SinceEntry<Hash>) -> String {
        proven(name(self.0.registry(), &since.is), since.n)
    }

    /// What makes the owner the operator again: a lease, and what ended it if that was not its own term.
    fn ended_text(&self, ended: EndedLease) -> String {
        let back = (ended.until_n != ended.n).then(|| format!(", by the return (entry {})", ended.until_n));
        format!(
            "{}{}",
            proven(format!("until {}", self.1.show(ended.until)), ended.n),
            back.unwrap_or_default()
        )
    }

    fn admin_lines(&self, admin: &Admin) -> Lines {
        let mut lines = vec![("admin", proven(admin.first, 0)), ("key", admin.key.to_string())];
        if let Some(next) = admin.next {
            lines.push(("next key", format!("has the SHA-256 {next}")));
        }
        lines.push(("state", self.state_text("active", admin.revoked)));
        lines.push(("latest", admin.last.to_string()));
        lines
    }

    fn state_text(&self, state: &str, revoked: Option<Revoked>) -> String {
        match revoked {
            None => state.to_owned(),
            Some(Revoked { n, trusted_until }) => {
                format!("{}, trusted until {}", proven("revoked", n), self.1.show(trusted_until))
            }
        }
    }
}

fn head(kind: &'static str, name: &Name, id: Hash, n: u64) -> Lines {
    vec![(kind, proven(format!("{name:?}"), n)), ("id", id.to_string())]
}

/// A fact and the entry that proves it.
fn proven(fact: impl Display, n: u64) -> String {
    format!("{fact} (entry {n})")
}
