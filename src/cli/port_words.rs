//! Why a port cannot be opened, and the command that mends it: the one door for this wording.

use std::{fs, path::Path};

use super::{
    failure::{Ended, Hint, Outcome, hint_if},
    paste,
    term::escape,
};
use crate::{
    device::port::{
        access::{self, GroupMember, PortAccess},
        address::DeviceAddress,
        list::PortHolder,
        open_error::OpenError,
    },
    time::Span,
};

/// What to do where a port is not there.
const LIST: &str = "foil device ports lists the ports that there are";

/// What to do where a device is not there.
fn missing(port: &DeviceAddress) -> String {
    let DeviceAddress::Tcp(host) = port else { return LIST.to_owned() };
    let (name, number) = host.rsplit_once(':').unwrap_or((host, ""));
    let name = paste::word(name.trim_matches(['[', ']']));
    format!("nc -vz {name} {number} tries whether anything answers there")
}

/// Programs that open ports by themselves, and how each is kept from it.
const RIVALS: &[(&str, &str)] = &[
    ("ModemManager", "sudo systemctl disable --now ModemManager stops it, where no modem is used"),
    (
        "brltty",
        "sudo systemctl mask --now brltty-udev.service brltty.service stops it, where no Braille display is used",
    ),
    ("gpsd", "sudo systemctl stop gpsd.socket gpsd.service stops it"),
];

/// That a port could not be opened, with the command that mends it. `longer` says which option waits longer for one that is held; `None`: the command does not wait.
pub(crate) fn unopened(port: &DeviceAddress, error: &OpenError, longer: Option<String>) -> anyhow::Error {
    let access = port.resolve().and_then(|path| access::look(Path::new("/"), &path));
    match error {
        OpenError::Busy(why) => hint_if(
            Ended::error(Outcome::Busy, format!("{port}: busy: {why}")),
            of_busy(access.as_ref(), longer),
        ),
        OpenError::Absent(why) => anyhow::anyhow!("{port}: {why}").hint(missing(port)),
        OpenError::Forbidden => match access {
            Some(access) => {
                let (why, hint) = forbidden(&access);
                anyhow::anyhow!("{port}: permission denied: {why}").hint(hint)
            }
            None => anyhow::anyhow!("{port}: permission denied"),
        },
        OpenError::Mismatch(why) => {
            anyhow::anyhow!("{port}: {why}").hint("--allow-mismatch reads all the same")
        }
        OpenError::Other(why) => hint_if(anyhow::anyhow!("{port}: {why}"), of_file(port)),
    }
}

/// Which option waits longer for a port that is held than this.
pub(crate) fn longer_wait(wait: Span) -> String {
    format!("--wait waits longer than {wait}")
}

/// The same where an option that limits the run ended it first.
pub(crate) fn longer_limit(option: &str) -> String {
    format!("a longer {option} waits longer for it")
}

/// That a port is not there yet, and is waited for.
pub(crate) fn awaited(port: &DeviceAddress, why: &str) -> String {
    format!("{port}: {why}; waiting for it ({})", missing(port))
}

/// What to do about a port that cannot be opened; `None`: nothing is known that would help.
pub(crate) fn advice(port: &DeviceAddress) -> Option<String> {
    let Some(path) = port.resolve().filter(|path| path.exists()) else { return Some(missing(port)) };
    let access = access::look(Path::new("/"), &path)?;
    match &access.holder {
        Some(holder) if holder.command != "foil" => Some(mended(&access, holder)),
        _ => (!access.allowed).then(|| forbidden(&access).1),
    }
}

fn of_busy(access: Option<&PortAccess>, longer: Option<String>) -> Option<String> {
    match access.and_then(|access| Some((access, access.holder.as_ref()?))) {
        Some((_, holder)) if holder.command == "foil" && longer.is_some() => longer,
        Some((access, holder)) => Some(mended(access, holder)),
        None => longer,
    }
}

/// How a process is made to give a port away.
pub(crate) fn mended(access: &PortAccess, holder: &PortHolder) -> String {
    let rival = RIVALS.iter().find(|(name, _)| *name == holder.command);
    let name = access.path.file_name().unwrap_or_default().to_string_lossy();
    match rival {
        Some((_, how)) => (*how).to_owned(),
        None if holder.command.ends_with("getty") => {
            format!(
                "sudo systemctl mask --now {} ends the login there",
                paste::word(&format!("serial-getty@{name}.service"))
            )
        }
        None => format!("kill {} ends {}", holder.pid, escape(&holder.command)),
    }
}

/// Programs that run and open such ports by themselves, whether or not they have this one now, and how each is kept from it.
pub(crate) fn rivals(path: &Path) -> Vec<&'static str> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if !["ttyUSB", "ttyACM"].iter().any(|kind| name.starts_with(kind)) {
        return Vec::new();
    }
    let running = access::running(Path::new("/"));
    let found = RIVALS.iter().filter(|(rival, _)| running.iter().any(|name| name == rival));
    found.map(|(_, how)| *how).collect()
}

/// What permission is missing, and the command that gives it.
pub(crate) fn forbidden(access: &PortAccess) -> (String, String) {
    let PortAccess { group, user, .. } = access;
    let (group_word, user_word) = (paste::word(group), paste::word(user));
    if access::is_pseudo_terminal(&access.path) {
        return (
            format!("{user} may not read and write this pseudo-terminal"),
            "read it as the user who made it, or let its maker give it away (socat: user=, group=, mode=)"
                .to_owned(),
        );
    }
    if !access.group_allowed || group == "root" {
        let name = access.path.file_name().unwrap_or_default().to_string_lossy();
        let rule = format!("KERNEL==\"{name}\", GROUP=\"dialout\", MODE=\"0660\"");
        return (
            format!("its group {group} may not read and write it"),
            format!("echo '{rule}' | sudo tee /etc/udev/rules.d/60-serial.rules && sudo udevadm trigger"),
        );
    }
    match access.member {
        GroupMember::No => (
            format!("it belongs to the group {group}, and {user} is not in it"),
            format!("sudo usermod -aG {group_word} {user_word}, then log in again"),
        ),
        GroupMember::AtNextLogin => (
            format!("{user} is in the group {group} since after this session began"),
            format!("log in again, or newgrp {group_word}"),
        ),
        GroupMember::Yes => (
            format!("{user} is in its group {group}, and may not open it all the same"),
            "a container or a security module is in the way: its log says which".to_owned(),
        ),
    }
}

/// How a plain file is read, which is no port.
fn of_file(port: &DeviceAddress) -> Option<String> {
    let DeviceAddress::Path(path) = port else { return None };
    let file = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let name = paste::path(path);
    let head = fs::File::open(path).ok().map(|file| {
        let mut first = [0; 512];
        let count = std::io::Read::read(&mut &file, &mut first).unwrap_or(0);
        first[..count].windows(12).any(|window| window == b"\"recording\":")
    });
    Some(match head {
        Some(true) => format!("foil device read {name} reads a recording"),
        _ if file.len() > 0 => format!("foil device read - < {name}"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(group: &str, group_allowed: bool, member: GroupMember) -> PortAccess {
        PortAccess {
            path: "/dev/ttyUSB0".into(),
            allowed: false,
            group: group.to_owned(),
            group_allowed,
            user: "alice".to_owned(),
            member,
            holder: None,
        }
    }

    #[test]
    fn each_missing_permission_has_the_command_that_gives_it() {
        let told = |group, allowed, member| {
            let (why, hint) = forbidden(&access(group, allowed, member));
            format!("{why} | {hint}")
        };
        assert_eq!(
            told("dialout", true, GroupMember::No),
            "it belongs to the group dialout, and alice is not in it | sudo usermod -aG dialout alice, then log in again"
        );
        assert!(told("dialout", true, GroupMember::AtNextLogin).ends_with("log in again, or newgrp dialout"));
        assert!(told("root", true, GroupMember::No).contains("KERNEL==\"ttyUSB0\""));
        assert!(told("dialout", false, GroupMember::Yes).contains("udevadm trigger"));
        assert!(told("dialout", true, GroupMember::Yes).contains("container"));
    }

    #[test]
    fn what_is_missing_is_looked_for_where_it_is() {
        let told = |port: &str| {
            let error = OpenError::Absent("refused".to_owned());
            crate::cli::failure::sentence(&unopened(&port.parse().unwrap(), &error, None)).1.unwrap()
        };
        assert_eq!(told("tcp://10.0.0.7:2001"), "nc -vz 10.0.0.7 2001 tries whether anything answers there");
        assert_eq!(told("tcp://[::1]:2001"), "nc -vz ::1 2001 tries whether anything answers there");
        assert_eq!(told("usb:0403:6001"), LIST);
        assert!(awaited(&"tcp://h:1".parse().unwrap(), "refused").contains("nc -vz h 1"));
    }

    #[test]
    fn each_holder_is_made_to_go_in_its_own_way() {
        let told = |command: &str| {
            let holder = PortHolder { pid: 77, command: command.to_owned() };
            mended(&access("dialout", true, GroupMember::Yes), &holder)
        };
        assert!(told("ModemManager").starts_with("sudo systemctl disable --now ModemManager"));
        assert_eq!(
            told("agetty"),
            "sudo systemctl mask --now serial-getty@ttyUSB0.service ends the login there"
        );
        assert_eq!(told("picocom"), "kill 77 ends picocom");
    }
}
