//! What the doctor found, as data and for people.

use std::fmt::Write;

use crate::{
    cli::{paste, port_words, term::escape, unread_words},
    device::{
        decode::Decoder,
        diagnosis::LikelyCause,
        doctor::{PortReport, trial::HeardBytes},
        port::{
            access::{GroupMember, PortAccess},
            address::DeviceAddress,
            line_counters::LineCounters,
            list::PortInfo,
        },
        script,
    },
    json::{Object, Value},
    object,
};

/// How many bytes of what came are shown.
const SHOWN: usize = 160;

/// What the doctor found.
pub(super) struct DoctorFindings<'a> {
    pub(super) port: &'a DeviceAddress,
    pub(super) report: &'a PortReport,
    /// What came at each setting, the last one best
    pub(super) heard: &'a [HeardBytes],
}

/// The options of `foil device read` that read what came, as they are pasted; `None`: what it is is not known.
pub(in crate::cli::command) fn options(heard: &HeardBytes, report: &PortReport) -> Option<String> {
    let decoder = Decoder::named(heard.shape()?.format)?;
    let causes = heard.causes();
    let mut options = unread_words::options(&causes);
    let seven = causes.iter().any(|cause| matches!(cause, LikelyCause::SevenBits(_)));
    if let Some(settings) = &heard.settings {
        if settings.baud != decoder.baud {
            let _ = write!(options, " --baud {}", settings.baud);
        }
        if settings.mode != decoder.mode && !seven {
            let _ = write!(options, " --mode {}", settings.mode);
        }
    } else if seven && report.access.is_some() {
        options.push_str(" --allow-mismatch");
    }
    Some(options.trim().to_owned())
}

impl DoctorFindings<'_> {
    /// The command that reads the device; `None`: none is known.
    pub(super) fn command(&self) -> Option<String> {
        let options = options(self.heard.last()?, self.report)?;
        let name = match self.report.lasting_name() {
            Some(by_id) => paste::path(by_id),
            None => paste::word(&self.port.to_string()),
        };
        Some(format!("foil device read {name} {options}"))
    }

    /// One JSON object.
    pub(super) fn to_object(&self) -> Object {
        let mut object = self.report.info.as_ref().map_or_else(Object::new, PortInfo::to_object);
        object.insert("port", self.port.to_string());
        if let Some(access) = &self.report.access {
            object.insert("path", access.path.display().to_string());
            object.insert("access", access_object(access));
            if let Some(holder) = &access.holder {
                object.insert("holder", object! { "pid": holder.pid, "command": holder.command.as_str() });
            }
        }
        if let Some(settings) = &self.report.settings {
            object.insert("settings", settings.as_str());
        }
        if let Some(counters) = self.report.counters {
            object.insert("counters", counters_object(counters));
        }
        object.insert("heard", self.heard.iter().map(heard_object).collect::<Vec<_>>());
        let shape = self.heard.last().and_then(HeardBytes::shape);
        object.insert("format", shape.map(|shape| shape.format));
        object.insert("command", self.command());
        object
    }

    /// Some lines.
    pub(super) fn for_people(&self) -> String {
        let mut lines = vec![("port", self.port.to_string())];
        if let Some(info) = &self.report.info {
            let usb = info.usb.as_ref().map(|usb| {
                format!("{}:{} {}", usb.vendor, usb.product, usb.name.as_deref().unwrap_or_default())
            });
            let parts =
                [info.driver.clone(), usb, info.by_id.as_ref().map(|path| path.display().to_string())];
            lines.push(("device", parts.into_iter().flatten().collect::<Vec<_>>().join("  ")));
        }
        if let Some(access) = &self.report.access {
            lines.push(("access", access_words(access)));
            let holder = access.holder.as_ref().map_or_else(
                || "nobody that can be seen has it open".to_owned(),
                |holder| {
                    format!(
                        "{} (process {}): {}",
                        holder.command,
                        holder.pid,
                        port_words::mended(access, holder)
                    )
                },
            );
            lines.push(("holder", holder));
            lines.extend(
                port_words::rivals(&access.path).into_iter().map(|rival| ("beside", rival.to_owned())),
            );
        }
        lines.extend(self.report.settings.clone().map(|settings| ("was set", settings)));
        lines.extend(self.report.counters.map(|counters| ("driver", counters_words(counters))));
        for heard in self.heard {
            lines.push(("heard", heard_words(heard)));
        }
        if let Some(heard) = self.heard.last() {
            lines.extend(heard.causes().into_iter().map(|cause| ("so", said(cause))));
        }
        lines.extend(self.command().map(|command| ("run", command)));
        lines.iter().fold(String::new(), |page, (name, text)| page + &format!("{name:<8}{}\n", escape(text)))
    }
}

/// What shows in bytes of which nothing was expected.
fn said(cause: LikelyCause) -> String {
    match cause {
        LikelyCause::OtherFormat(shape) => unread_words::named(shape),
        LikelyCause::Silence => {
            "nothing came: the device may have to be asked (--send BYTES), want DTR (--dtr on), speak \
             less often (--for DURATION), or another cable or end of it"
                .to_owned()
        }
        other => unread_words::sentence(other),
    }
}

fn access_object(access: &PortAccess) -> Object {
    let member = match access.member {
        GroupMember::Yes => "yes",
        GroupMember::AtNextLogin => "at next login",
        GroupMember::No => "no",
    };
    let mend = (!access.allowed).then(|| port_words::forbidden(access).1);
    object! {
        "allowed": access.allowed,
        "group": access.group.as_str(),
        "user": access.user.as_str(),
        "member": member,
        "mend": mend,
    }
}

fn access_words(access: &PortAccess) -> String {
    if access.allowed {
        return format!("{} may open it (group {})", access.user, access.group);
    }
    let (why, mend) = port_words::forbidden(access);
    format!("permission denied: {why}: {mend}")
}

fn counters_object(counters: LineCounters) -> Object {
    object! {
        "received": counters.received,
        "framing": counters.framing,
        "parity": counters.parity,
        "breaks": counters.breaks,
        "lost": counters.lost,
    }
}

fn counters_words(counters: LineCounters) -> String {
    let LineCounters { received, framing, parity, breaks, lost } = counters;
    format!(
        "{received} bytes received since it is there; errors: {framing} framing, {parity} parity, {breaks} breaks, {lost} bytes lost"
    )
}

fn heard_object(heard: &HeardBytes) -> Value {
    let mut object = object! {
        "settings": heard.settings.as_ref().map(ToString::to_string),
        "bytes": heard.sample.total(),
        "begin": shown(heard),
        "causes": heard.causes().into_iter().map(|cause| said(cause).into()).collect::<Vec<Value>>(),
    };
    if let Some(errors) = heard.errors {
        object.insert("errors", counters_object(errors));
    }
    object.into()
}

fn heard_words(heard: &HeardBytes) -> String {
    let at = heard.settings.as_ref().map(|settings| format!(" at {settings}")).unwrap_or_default();
    let errors = heard.errors.filter(|errors| errors.framing + errors.parity > 0);
    let errors =
        errors.map(|errors| format!(", {} framing and {} parity errors", errors.framing, errors.parity));
    let begin = if heard.sample.total() > 0 { format!(": {}", shown(heard)) } else { String::new() };
    format!("{} bytes{at}{}{begin}", heard.sample.total(), errors.unwrap_or_default())
}

fn shown(heard: &HeardBytes) -> String {
    let bytes = heard.sample.bytes();
    script::escaped(&bytes[..bytes.len().min(SHOWN)])
}
