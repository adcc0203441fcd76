//! Faults of a serial line, made on purpose by a simulated device.
//!
//! ```text
//! drop=0.01      each byte is lost with this probability
//! flip=0.001     each byte has one bit flipped with this probability
//! cut=0.1        each frame ends early with this probability
//! late=500ms     each frame waits for up to this long
//! unplug=10      the device is unplugged for a second after every so many frames
//! ```

use std::{str::FromStr, time::Duration};

use super::simulated::SplitMix;
use crate::time::Span;

/// Faults of a line; none by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineFaults {
    drop: u64,
    flip: u64,
    cut: u64,
    late: Duration,
    unplug: Option<u64>,
}

impl LineFaults {
    /// A frame as it arrives at the other end of the line.
    pub fn distort(&self, mut frame: Vec<u8>, random: &mut SplitMix) -> Vec<u8> {
        if self.drop > 0 {
            frame.retain(|_| !random.happens(self.drop));
        }
        if self.flip > 0 {
            for byte in &mut frame {
                if random.happens(self.flip) {
                    *byte ^= 1 << (random.bits() % 8);
                }
            }
        }
        if self.cut > 0 && random.happens(self.cut) {
            let left = random.bits() % (frame.len() as u64 + 1);
            frame.truncate(usize::try_from(left).unwrap_or(0));
        }
        frame
    }

    /// How long the next frame waits.
    pub fn delay(&self, random: &mut SplitMix) -> Duration {
        let millis = u64::try_from(self.late.as_millis()).unwrap_or(0);
        Duration::from_millis(if millis == 0 { 0 } else { random.bits() % (millis + 1) })
    }

    /// Whether the device is unplugged after this many frames.
    pub fn unplugs_after(&self, frames: u64) -> bool {
        self.unplug.is_some_and(|every| frames > 0 && frames.is_multiple_of(every))
    }
}

impl FromStr for LineFaults {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut faults = Self::default();
        for fault in text.split(',') {
            let (name, value) =
                fault.split_once('=').ok_or_else(|| format!("{fault:?} wants a value: NAME=VALUE"))?;
            match name {
                "drop" => faults.drop = probability(value)?,
                "flip" => faults.flip = probability(value)?,
                "cut" => faults.cut = probability(value)?,
                "late" => {
                    let late = Span::parse(value).ok_or("late wants a duration, such as late=500ms")?;
                    faults.late = late.to_std();
                }
                "unplug" => {
                    let every = value.parse().ok().filter(|every| *every > 0);
                    faults.unplug = Some(every.ok_or("unplug wants a number of frames, such as unplug=10")?);
                }
                _ => return Err(format!("no fault {name:?}; there are drop, flip, cut, late, unplug")),
            }
        }
        Ok(faults)
    }
}

/// A probability, in millionths.
fn probability(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text:?} is no probability from 0 to 1");
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || whole.is_empty() || fraction.len() > 6 {
        return Err(wrong());
    }
    let millionths = format!("{whole}{fraction:0<6}").parse().map_err(|_| wrong())?;
    if millionths <= 1_000_000 { Ok(millionths) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_as_typed() {
        let faults: LineFaults = "drop=0.5,flip=1,late=20ms,unplug=3".parse().unwrap();
        assert_eq!((faults.drop, faults.flip, faults.cut), (500_000, 1_000_000, 0));
        assert!(faults.unplugs_after(6) && !faults.unplugs_after(0) && !faults.unplugs_after(4));
        for bad in
            ["", "drop", "drop=2", "drop=x", "drop=0.0000001", "late=5", "unplug=0", "melt=1", "drop=-1"]
        {
            assert!(bad.parse::<LineFaults>().is_err(), "{bad}");
        }
    }

    #[test]
    fn frames_are_distorted_as_often_as_asked() {
        let frame = vec![0u8; 100_000];
        let distorted =
            |faults: &str| faults.parse::<LineFaults>().unwrap().distort(frame.clone(), &mut SplitMix(1));
        let dropped = frame.len() - distorted("drop=0.1").len();
        assert!((9_000..11_000).contains(&dropped), "{dropped} bytes lost");
        let flipped = distorted("flip=0.01").iter().filter(|byte| **byte != 0).count();
        assert!((800..1_200).contains(&flipped), "{flipped} bits flipped");
        assert!(distorted("cut=1").len() < frame.len());
        assert_eq!(LineFaults::default().distort(frame.clone(), &mut SplitMix(1)), frame);
    }
}
