//! Serial ports of this machine, as `/sys` knows them; no libudev.
//!
//! ```text
//! /sys/class/tty/ttyUSB0/device  → …/usb1/1-2/1-2:1.0/ttyUSB0
//!                 driver → ftdi_sio        1-2/idVendor idProduct serial product
//! /dev/serial/by-id/usb-FTDI_… → ../../ttyUSB0
//! ```

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use rustix::fs::{major, minor};

use crate::{json::Object, object};

/// A serial port that is there now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortInfo {
    /// Its device file
    pub path: PathBuf,
    /// The name that stays the same wherever the device is plugged in; `None`: udev gave it none
    pub by_id: Option<PathBuf>,
    /// What the USB device says about itself; `None`: it is on no USB
    pub usb: Option<UsbIdentity>,
    /// The kernel's driver; `None`: `/sys` does not name it
    pub driver: Option<String>,
    /// The process that has it open; `None`: none that this user may look into
    pub holder: Option<PortHolder>,
}

/// What a USB device says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsbIdentity {
    /// Vendor, four hex digits
    pub vendor: String,
    /// Product, four hex digits
    pub product: String,
    /// Serial number; `None`: the device has none
    pub serial: Option<String>,
    /// Product in words; `None`: the device has none
    pub name: Option<String>,
}

/// A process that has a port open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortHolder {
    /// Its id
    pub pid: u32,
    /// Its command
    pub command: String,
}

impl PortInfo {
    /// The port as a record.
    pub fn to_object(&self) -> Object {
        let text = |path: &Path| path.display().to_string();
        let mut object = object! { "path": text(&self.path) };
        if let Some(by_id) = &self.by_id {
            object.insert("by_id", text(by_id));
        }
        if let Some(usb) = &self.usb {
            let serial = usb.serial.as_ref().map(|serial| format!(":{serial}")).unwrap_or_default();
            object.insert("usb", format!("{}:{}{serial}", usb.vendor, usb.product));
            if let Some(name) = &usb.name {
                object.insert("name", name.as_str());
            }
        }
        if let Some(driver) = &self.driver {
            object.insert("driver", driver.as_str());
        }
        if let Some(holder) = &self.holder {
            object.insert("holder", object! { "pid": holder.pid, "command": holder.command.as_str() });
        }
        object
    }
}

/// All ports, sorted by path. `root` is `/`, or a folder that looks like it.
pub fn ports(root: &Path) -> Vec<PortInfo> {
    let Ok(entries) = fs::read_dir(root.join("sys/class/tty")) else { return Vec::new() };
    let mut ports: Vec<_> = entries.flatten().filter_map(|entry| port(root, &entry.path())).collect();
    ports.sort_by(|a, b| a.path.cmp(&b.path));
    ports
}

/// The names of all terminals, with hardware or without: whether they change is quick to see.
pub fn names(root: &Path) -> BTreeSet<OsString> {
    let entries = fs::read_dir(root.join("sys/class/tty")).into_iter().flatten();
    entries.flatten().map(|entry| entry.file_name()).collect()
}

/// A port, if there is hardware behind the name: consoles have no device, and the many `ttyS` that a kernel
/// reserves have type 0.
fn port(root: &Path, class: &Path) -> Option<PortInfo> {
    let device = fs::canonicalize(class.join("device")).ok()?;
    if fs::read_to_string(class.join("type")).is_ok_and(|kind| kind.trim() == "0") {
        return None;
    }
    let path = Path::new("/dev").join(class.file_name()?);
    let driver = fs::read_link(device.join("driver")).ok();
    Some(PortInfo {
        by_id: by_id(root, &path),
        usb: device.ancestors().take_while(|folder| *folder != root).find_map(usb),
        driver: driver.and_then(|driver| Some(driver.file_name()?.to_string_lossy().into_owned())),
        holder: holders(root, &path).next(),
        path,
    })
}

fn usb(folder: &Path) -> Option<UsbIdentity> {
    let read = |name: &str| fs::read_to_string(folder.join(name)).ok().map(|text| text.trim().to_owned());
    Some(UsbIdentity {
        vendor: read("idVendor")?,
        product: read("idProduct")?,
        serial: read("serial").filter(|serial| !serial.is_empty()),
        name: read("product"),
    })
}

fn by_id(root: &Path, path: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(root.join("dev/serial/by-id")).ok()?;
    let link = entries.flatten().find(|entry| {
        fs::read_link(entry.path()).is_ok_and(|target| target.file_name() == path.file_name())
    })?;
    Some(Path::new("/dev/serial/by-id").join(link.file_name()))
}

/// The other process that holds a device file: the one with a lock on it, or else any that has it open. Who only made the
/// pseudo-terminal may keep it open for those who read it, so it is named where there is nobody else.
pub fn holder(root: &Path, path: &Path) -> Option<PortHolder> {
    let mut others: Vec<_> = holders(root, path).filter(|holder| holder.pid != std::process::id()).collect();
    let owners = lock_owners(root, path);
    let rank = |holder: &PortHolder| (!owners.contains(&holder.pid), made_by(root, holder.pid, path));
    others.sort_by_key(rank);
    others.into_iter().next()
}

/// Whether a process has the other side of a pseudo-terminal.
pub fn made_by(root: &Path, pid: u32, path: &Path) -> bool {
    let number = path.strip_prefix("/dev/pts").ok().and_then(Path::to_str).unwrap_or_default();
    let folder = root.join("proc").join(pid.to_string());
    let entries = fs::read_dir(folder.join("fd")).into_iter().flatten().flatten();
    let mut masters =
        entries.filter(|entry| fs::read_link(entry.path()).is_ok_and(|target| target.ends_with("ptmx")));
    let says = |entry: fs::DirEntry| {
        let info = fs::read_to_string(folder.join("fdinfo").join(entry.file_name())).unwrap_or_default();
        info.lines().any(|line| line.strip_prefix("tty-index:").is_some_and(|index| index.trim() == number))
    };
    !number.is_empty() && masters.any(says)
}

/// The processes that have locks on a file: `1: FLOCK  ADVISORY  WRITE 77 00:18:5 0 EOF`, whose last number is that of its inode.
fn lock_owners(root: &Path, path: &Path) -> Vec<u32> {
    let Ok(file) = fs::metadata(root.join(path.strip_prefix("/").unwrap_or(path))) else { return Vec::new() };
    let device = format!("{:02x}:{:02x}:{}", major(file.dev()), minor(file.dev()), file.ino());
    let locks = fs::read_to_string(root.join("proc/locks")).unwrap_or_default();
    let owner = |line: &str| {
        let mut fields = line.split_whitespace().skip_while(|field| !matches!(*field, "READ" | "WRITE"));
        let pid = fields.nth(1)?.parse().ok()?;
        (fields.next() == Some(device.as_str())).then_some(pid)
    };
    locks.lines().filter_map(owner).collect()
}

/// The processes that have a device file open, by their ids. Other users' processes are not ours to look into.
pub fn holders(root: &Path, path: &Path) -> impl Iterator<Item = PortHolder> + use<> {
    let (root, path) = (root.to_owned(), path.to_owned());
    let mut processes: Vec<u32> = fs::read_dir(root.join("proc"))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    processes.sort_unstable();
    processes.into_iter().filter_map(move |pid| {
        let folder = root.join("proc").join(pid.to_string());
        let mut open = fs::read_dir(folder.join("fd")).ok()?.flatten();
        open.find(|entry| fs::read_link(entry.path()).is_ok_and(|target| target == path))?;
        let command = fs::read_to_string(folder.join("comm")).unwrap_or_default();
        Some(PortHolder { pid, command: command.trim().to_owned() })
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// A machine with one USB adapter, one real and one reserved UART, and a console.
    fn machine() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        let make = |path: &str| fs::create_dir_all(root.path().join(path)).unwrap();
        let write = |path: &str, text: &str| fs::write(root.path().join(path), text).unwrap();
        let link = |target: &str, path: &str| symlink(target, root.path().join(path)).unwrap();
        for folder in [
            "sys/class/tty/ttyUSB0",
            "sys/class/tty/ttyS0",
            "sys/class/tty/ttyS1",
            "sys/class/tty/tty0",
            "sys/devices/usb1/1-2/1-2:1.0/ttyUSB0",
            "sys/devices/serial/0",
            "sys/bus/drivers/ftdi_sio",
            "dev/serial/by-id",
            "proc/77/fd",
            "proc/self",
        ] {
            make(folder);
        }
        link("../../../devices/usb1/1-2/1-2:1.0/ttyUSB0", "sys/class/tty/ttyUSB0/device");
        link("../../../../../../bus/drivers/ftdi_sio", "sys/devices/usb1/1-2/1-2:1.0/ttyUSB0/driver");
        write("sys/devices/usb1/1-2/idVendor", "0403\n");
        write("sys/devices/usb1/1-2/idProduct", "6001\n");
        write("sys/devices/usb1/1-2/serial", "A50285BI\n");
        link("../../../devices/serial/0", "sys/class/tty/ttyS0/device");
        link("../../../devices/serial/0", "sys/class/tty/ttyS1/device");
        write("sys/class/tty/ttyS0/type", "4\n");
        write("sys/class/tty/ttyS1/type", "0\n");
        link("../../ttyUSB0", "dev/serial/by-id/usb-FTDI-port0");
        link("/dev/ttyUSB0", "proc/77/fd/3");
        write("proc/77/comm", "picocom\n");
        root
    }

    #[test]
    fn of_several_who_have_a_port_open_the_one_with_the_lock_is_named_and_its_maker_last() {
        let root = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let port = Path::new("/dev/pts/12");
        write("dev/pts/12", "");
        for (pid, command) in [(70, "socat"), (71, "cat"), (72, "foil")] {
            write(&format!("proc/{pid}/comm"), command);
            fs::create_dir_all(root.path().join(format!("proc/{pid}/fd"))).unwrap();
            symlink(port, root.path().join(format!("proc/{pid}/fd/4"))).unwrap();
        }
        symlink("/dev/ptmx", root.path().join("proc/70/fd/3")).unwrap();
        write("proc/70/fdinfo/3", "flags:\t02\ntty-index:\t12\n");
        let named = || holder(root.path(), port).map(|holder| holder.pid);
        assert_eq!(named(), Some(71), "its maker is not the one that holds it");
        let file = fs::metadata(root.path().join("dev/pts/12")).unwrap();
        let of = format!("{:02x}:{:02x}:{}", major(file.dev()), minor(file.dev()), file.ino());
        write(
            "proc/locks",
            &format!("1: FLOCK  ADVISORY  WRITE 71 00:01:1 0 EOF\n2: FLOCK  ADVISORY  WRITE 72 {of} 0 EOF\n"),
        );
        assert_eq!(named(), Some(72), "the lock decides");
        assert!(made_by(root.path(), 70, port) && !made_by(root.path(), 70, Path::new("/dev/pts/1")));
        for pid in [71, 72] {
            fs::remove_dir_all(root.path().join(format!("proc/{pid}"))).unwrap();
        }
        assert_eq!(named(), Some(70));
    }

    #[test]
    fn adapters_and_uarts_but_no_consoles() {
        let root = machine();
        let ports: Vec<_> = ports(root.path()).iter().map(|port| port.to_object().to_canonical()).collect();
        assert_eq!(
            ports,
            [
                r#"{"path":"/dev/ttyS0"}"#,
                r#"{"by_id":"/dev/serial/by-id/usb-FTDI-port0","driver":"ftdi_sio","holder":{"command":"picocom","pid":77},"path":"/dev/ttyUSB0","usb":"0403:6001:A50285BI"}"#,
            ]
        );
    }
}
