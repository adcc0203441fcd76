//! An open device: a serial port, or a connection to a server that has one.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{
    super::{
        port::{address::DeviceAddress, open_error::OpenError, serial::SerialPort},
        sign_on::SignOnStep,
    },
    CHUNK, PATIENCE, SourceEvent, SourcePlan,
    asker::Asker,
    event_queue::{EventSender, ReceiverGone},
};

/// An open device.
pub(in crate::device) struct OpenDevice {
    /// What it is called
    pub(in crate::device) name: String,
    /// Whether anything was read since it was opened
    pub(super) spoke: bool,
    connection: Connection,
}

enum Connection {
    Serial(SerialPort),
    Tcp(TcpStream),
}

impl OpenDevice {
    /// Opens what a plan names.
    pub(in crate::device) async fn open(plan: &SourcePlan) -> Result<Self, OpenError> {
        if let DeviceAddress::Tcp(host) = &plan.address {
            let stream = timeout(PATIENCE, TcpStream::connect(host)).await;
            let stream = stream.map_err(|_| OpenError::Absent("no answer".to_owned()))?;
            let stream = stream.map_err(|error| OpenError::Absent(error.to_string()))?;
            return Ok(Self {
                name: plan.address.to_string(),
                spoke: false,
                connection: Connection::Tcp(stream),
            });
        }
        let path = plan.address.resolve().ok_or_else(|| OpenError::Absent("is not plugged in".to_owned()))?;
        let port = SerialPort::open(&path, &plan.settings)?;
        Ok(Self { name: path.display().to_string(), spoke: false, connection: Connection::Serial(port) })
    }

    /// Hands on bytes until the device is gone, and says how that showed. Asks it as the plan says.
    pub(super) async fn pump(
        &mut self,
        plan: &SourcePlan,
        events: &EventSender,
    ) -> Result<String, ReceiverGone> {
        if !plan.send.is_empty()
            && let Err(why) = self.send(&plan.send).await
        {
            return Ok(why);
        }
        let mut asker = Asker::new(plan, matches!(self.connection, Connection::Serial(_)));
        let mut buffer = vec![0; CHUNK];
        loop {
            let heard = tokio::select! {
                read = self.read(&mut buffer) => read.map(Some),
                () = asker.due() => Ok(None),
            };
            let steps = match heard {
                Ok(Some(count)) => {
                    self.spoke = true;
                    let count = count + self.more(&mut buffer[count..]);
                    self.hand_on(buffer[..count].to_vec(), events)?;
                    asker.hear(&buffer[..count])
                }
                Ok(None) => {
                    events.send(SourceEvent::Asked(asker.question()))?;
                    asker.ask()
                }
                Err(why) => return Ok(why),
            };
            if let Err(why) = self.take(steps, &mut asker).await {
                return Ok(why);
            }
        }
    }

    async fn take(&mut self, steps: Vec<SignOnStep>, asker: &mut Asker) -> Result<(), String> {
        for step in steps {
            match (step, &mut self.connection) {
                (SignOnStep::Send(bytes), _) => {
                    self.send(&bytes).await?;
                    asker.sent(bytes.len());
                }
                (SignOnStep::Baud(baud), Connection::Serial(port)) if asker.change_to(baud).await => {
                    port.set_baud(baud)?;
                }
                (SignOnStep::Baud(_), _) => {}
            }
        }
        Ok(())
    }

    /// Reads what comes next, at least one byte. The error says how it showed that the device is gone.
    pub(in crate::device) async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, String> {
        loop {
            let read = match &mut self.connection {
                Connection::Serial(port) => AsyncReadExt::read(&mut port.stream, buffer).await,
                Connection::Tcp(stream) => stream.read(buffer).await,
            };
            match read {
                // A port that was unplugged is always readable, and has nothing to read.
                Ok(0) => return Err("no more data".to_owned()),
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.to_string()),
            }
        }
    }

    /// Lets the driver switch the direction of an RS-485 line by RTS.
    pub(in crate::device) fn enable_rs485(&self) -> Result<(), OpenError> {
        match &self.connection {
            Connection::Serial(port) => port.enable_rs485(),
            Connection::Tcp(_) => {
                Err(OpenError::Other("--rs485 is for serial ports: set it at the server".to_owned()))
            }
        }
    }

    /// What else is here already: a terminal hands over at most 4095 bytes at a time. An end or an error shows
    /// again at the next read.
    fn more(&mut self, buffer: &mut [u8]) -> usize {
        let mut count = 0;
        while count < buffer.len() {
            let read = match &mut self.connection {
                Connection::Serial(port) => port.stream.try_read(&mut buffer[count..]),
                Connection::Tcp(stream) => stream.try_read(&mut buffer[count..]),
            };
            match read {
                Ok(0) | Err(_) => break,
                Ok(more) => count += more,
            }
        }
        count
    }

    /// Hands bytes on, waiting while the queue is full, and says what was lost meanwhile.
    fn hand_on(&mut self, bytes: Vec<u8>, events: &EventSender) -> Result<(), ReceiverGone> {
        let waited = events.send_late(SourceEvent::Bytes { bytes, time: None })?;
        let Connection::Serial(port) = &mut self.connection else { return Ok(()) };
        match gap(port.newly_lost(), || waited && !port.waits_for_us()) {
            Some(bytes) => events.send(SourceEvent::Gap(bytes)),
            None => Ok(()),
        }
    }

    /// Sends bytes. The error says why they could not be sent.
    pub(in crate::device) async fn send(&mut self, bytes: &[u8]) -> Result<(), String> {
        // No flush: on a serial port that waits until the last bit has left.
        let sent = match &mut self.connection {
            Connection::Serial(port) => {
                timeout(PATIENCE, AsyncWriteExt::write_all(&mut port.stream, bytes)).await
            }
            Connection::Tcp(stream) => timeout(PATIENCE, stream.write_all(bytes)).await,
        };
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("does not take what it is sent".to_owned()),
        }
    }
}

/// The bytes that a gap is to report; `None`: there is no gap. `lost` is what the driver counted, `None` if it does not count;
/// `may_have_lost` is whether bytes came while nobody read them.
#[allow(clippy::option_option)] // whether there is a gap, and whether its length is known
fn gap(lost: Option<u64>, may_have_lost: impl FnOnce() -> bool) -> Option<Option<u64>> {
    match lost {
        Some(0) => None,
        Some(count) => Some(Some(count)),
        None => may_have_lost().then_some(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_driver_lost_is_said_and_what_it_may_have_lost_too() {
        assert_eq!(gap(Some(7), || false), Some(Some(7)));
        assert_eq!(gap(Some(0), || true), None, "the driver counted, and lost none");
        assert_eq!(gap(None, || true), Some(None));
        assert_eq!(gap(None, || false), None);
    }
}
