//! The settings that are tried, and what came at one of them. Pure.

use super::super::{
    diagnosis::{self, ByteSample, LikelyCause, ReadingWay, shape::FormatShape},
    port::{
        line_counters::LineCounters,
        mode::{ParityBit, PortMode},
        settings::PortSettings,
    },
};

const M7E1: PortMode = PortMode { data_bits: 7, parity: ParityBit::Even, stop_bits: 1 };
const M8E1: PortMode = PortMode { data_bits: 8, parity: ParityBit::Even, stop_bits: 1 };
const M8N2: PortMode = PortMode { data_bits: 8, parity: ParityBit::None, stop_bits: 2 };

/// Speeds and modes of devices that speak by themselves, the most frequent first. Seven bits show as such at eight, so few are here.
pub const SETTINGS: &[(u32, PortMode)] = &[
    (115_200, PortMode::M8N1),
    (9_600, PortMode::M8N1),
    (9_600, M7E1),
    (1_200, M7E1),
    (4_800, PortMode::M8N1),
    (19_200, PortMode::M8N1),
    (9_600, M8E1),
    (2_400, M8E1),
    (38_400, PortMode::M8N1),
    (57_600, PortMode::M8N1),
    (300, M7E1),
    (19_200, M8E1),
    (19_200, M8N2),
    (2_400, PortMode::M8N1),
    (1_200, PortMode::M8N1),
    (230_400, PortMode::M8N1),
];

/// So many bytes are enough to judge, in any case.
const PLENTY: u64 = 2_048;

/// So many bytes of garbage are enough to try the next setting.
const GARBAGE: u64 = 64;

/// What came at one setting.
#[derive(Clone, Debug)]
pub struct HeardBytes {
    /// How the port was set; `None`: it cannot be
    pub settings: Option<PortSettings>,
    /// What came
    pub sample: ByteSample,
    /// What the driver counted meanwhile; `None`: it does not count
    pub errors: Option<LineCounters>,
    sent: Vec<u8>,
}

impl HeardBytes {
    /// Nothing yet. `sent` is what the device was sent.
    pub(super) fn new(settings: Option<PortSettings>, sent: Vec<u8>) -> Self {
        Self { settings, sample: ByteSample::default(), errors: None, sent }
    }

    /// What shows in the bytes: their shape, if any, as one of another format.
    pub fn causes(&self) -> Vec<LikelyCause> {
        let data_bits = self.settings.as_ref().map_or(8, |settings| settings.mode.data_bits);
        let way = ReadingWay { format: None, data_bits, by_lines: true, sent: &self.sent, too_long: None };
        diagnosis::causes(&self.sample, &way)
    }

    /// The shape of the bytes; `None`: none that is known.
    pub fn shape(&self) -> Option<&'static FormatShape> {
        self.causes().into_iter().find_map(|cause| match cause {
            LikelyCause::OtherFormat(shape) => Some(shape),
            _ => None,
        })
    }

    /// Whether there is enough to judge, so many milliseconds after the first byte and after the last. Where this is the
    /// only setting there is more time.
    pub(super) fn is_enough(&self, since_first: i64, since_last: i64, is_only: bool) -> bool {
        match self.shape() {
            Some(shape) if shape.proves => true,
            Some(_) => since_first >= 1_500,
            None if is_only => since_first >= 15_000,
            None => {
                let is_garbage = self.sample.total() >= GARBAGE && diagnosis::is_garbage(self.sample.bytes());
                is_garbage && since_last >= 300 || since_first >= 5_000 || self.sample.total() >= PLENTY
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(bytes: &[u8]) -> HeardBytes {
        let mut heard = HeardBytes::new(None, Vec::new());
        heard.sample.add(bytes);
        heard
    }

    #[test]
    fn a_proof_is_enough_and_a_guess_wants_time() {
        assert!(heard(b"$GPHDT,1,T*2A\r\n").is_enough(0, 0, true));
        assert!(!heard(b"a=1\r\n").is_enough(0, 0, true));
        assert!(heard(b"a=1\r\n").is_enough(1_500, 0, true));
        assert!(!heard(b"ready\r\n").is_enough(5_000, 5_000, true));
        assert!(heard(b"ready\r\n").is_enough(5_000, 5_000, false), "another setting may show more");
        assert!(heard(&[0xf8; 64]).is_enough(300, 300, false));
        assert!(!heard(&[0xf8; 64]).is_enough(300, 0, false), "a burst that still goes on");
    }

    #[test]
    fn each_setting_is_tried_once() {
        for (at, (baud, mode)) in SETTINGS.iter().enumerate() {
            assert!(!SETTINGS[..at].contains(&(*baud, *mode)), "{baud} {mode}");
        }
    }
}
