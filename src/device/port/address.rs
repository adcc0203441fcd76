//! Addresses of devices: the PORT of the command line.
//!
//! ```text
//! /dev/ttyUSB0   /dev/serial/by-id/usb-FTDI_…   usb:0403:6001[:A50285BI]
//! tcp://10.0.0.7:2001    -    sim:cold-room    meter.rec
//! ```
//!
//! A name is not a place: it is looked up again each time the device is opened, because what is plugged in
//! again may come back elsewhere.

use std::{
    fmt, fs,
    io::BufReader,
    path::{Path, PathBuf},
    str::FromStr,
};

use super::{
    super::{
        recording::{RecordedLine, RecordingReader},
        simulated,
    },
    list,
};

/// Where a device is.
#[derive(Clone, Debug)]
pub enum DeviceAddress {
    /// A device file, or a link to one
    Path(PathBuf),
    /// The device that is plugged in with this vendor, product and serial number
    Usb {
        /// Four hex digits
        vendor: String,
        /// Four hex digits
        product: String,
        /// Serial number; `None`: any
        serial: Option<String>,
    },
    /// A serial port server, `HOST:PORT`
    Tcp(String),
    /// Standard input
    Stdin,
    /// A recording, for those who can read one
    Recording {
        /// Its file
        path: PathBuf,
        /// Whether it may begin in the middle of a frame, as what a port said does
        joined_late: bool,
    },
    /// A simulated device
    Simulated(&'static simulated::SimulatedKind),
}

impl DeviceAddress {
    /// The name that the device gets if none is given.
    pub fn device_name(&self) -> String {
        match self {
            Self::Path(path) | Self::Recording { path, .. } => {
                path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
            }
            Self::Usb { serial: Some(serial), .. } => serial.clone(),
            Self::Usb { vendor, product, serial: None } => format!("{vendor}:{product}"),
            Self::Tcp(host) => host.clone(),
            Self::Stdin => "stdin".to_owned(),
            Self::Simulated(kind) => kind.name.to_owned(),
        }
    }

    /// The device file where the device is now; `None`: it is not there, or has no device file.
    pub fn resolve(&self) -> Option<PathBuf> {
        match self {
            Self::Path(path) => Some(path.clone()),
            Self::Usb { .. } => {
                let ports = list::ports(Path::new("/"));
                ports.into_iter().find(|port| self.is(port)).map(|port| port.path)
            }
            _ => None,
        }
    }

    /// The same, or the recording that is no device file, but a plain file of this name.
    pub fn or_recording(self) -> Self {
        let Self::Path(path) = self else { return self };
        let is_plain = fs::metadata(&path).is_ok_and(|file| file.is_file());
        let file = fs::File::open(&path).ok().filter(|_| is_plain);
        let first = file.and_then(|file| RecordingReader::new(BufReader::new(file)).next());
        let Some(Ok(RecordedLine::Head { port, .. })) = first else { return Self::Path(path) };
        Self::Recording { path, joined_late: port != "-" && !port.starts_with("sim:") }
    }

    /// Whether another address is of the same device now, of which there is only one.
    pub fn is_same_device(&self, other: &Self) -> bool {
        let place = |address: &Self| match address {
            Self::Simulated(_) => None,
            _ => Some(
                address.resolve().and_then(|path| fs::canonicalize(path).ok()).ok_or(address.to_string()),
            ),
        };
        place(self).is_some_and(|here| Some(here) == place(other))
    }

    fn is(&self, port: &list::PortInfo) -> bool {
        let (Self::Usb { vendor, product, serial }, Some(usb)) = (self, &port.usb) else { return false };
        usb.vendor.eq_ignore_ascii_case(vendor)
            && usb.product.eq_ignore_ascii_case(product)
            && (serial.is_none() || usb.serial == *serial)
    }
}

impl FromStr for DeviceAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "-" {
            return Ok(Self::Stdin);
        }
        if let Some(name) = text.strip_prefix("sim:") {
            let names: Vec<_> = simulated::KINDS.iter().map(|kind| kind.name).collect();
            let unknown = || format!("no simulated device {name:?}; there are {}", names.join(", "));
            return simulated::SimulatedKind::named(name).map(Self::Simulated).ok_or_else(unknown);
        }
        if let Some(host) = text.strip_prefix("tcp://") {
            let good = host
                .rsplit_once(':')
                .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
            return good
                .then(|| Self::Tcp(host.to_owned()))
                .ok_or_else(|| "wants tcp://HOST:PORT".to_owned());
        }
        if let Some(ids) = text.strip_prefix("usb:") {
            return usb(ids)
                .ok_or_else(|| "wants usb:VID:PID[:SERIAL], the ids in four hex digits".to_owned());
        }
        if text.is_empty() {
            return Err("is empty".to_owned());
        }
        Ok(Self::Path(PathBuf::from(text)))
    }
}

fn usb(ids: &str) -> Option<DeviceAddress> {
    let mut parts = ids.splitn(3, ':');
    let mut id = || {
        let part = parts.next()?;
        (part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .then(|| part.to_ascii_lowercase())
    };
    let (vendor, product) = (id()?, id()?);
    Some(DeviceAddress::Usb { vendor, product, serial: parts.next().map(str::to_owned) })
}

impl fmt::Display for DeviceAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) | Self::Recording { path, .. } => write!(f, "{}", path.display()),
            Self::Usb { vendor, product, serial: None } => write!(f, "usb:{vendor}:{product}"),
            Self::Usb { vendor, product, serial: Some(serial) } => {
                write!(f, "usb:{vendor}:{product}:{serial}")
            }
            Self::Tcp(host) => write!(f, "tcp://{host}"),
            Self::Stdin => f.write_str("-"),
            Self::Simulated(kind) => write!(f, "sim:{}", kind.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_written_as_they_are_read() {
        for text in
            ["/dev/ttyUSB0", "usb:0403:6001", "usb:0403:6001:A5:7", "tcp://[::1]:2001", "-", "sim:cold-room"]
        {
            assert_eq!(text.parse::<DeviceAddress>().unwrap().to_string(), text);
        }
        for text in ["usb:403:6001", "usb:0403", "tcp://host", "tcp://:1", "tcp://h:99999", "sim:toaster", ""]
        {
            assert!(text.parse::<DeviceAddress>().is_err(), "{text}");
        }
        assert_eq!("/dev/serial/by-id/usb-FTDI".parse::<DeviceAddress>().unwrap().device_name(), "usb-FTDI");
    }
}
