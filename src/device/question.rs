//! Questions: what a device that does not speak by itself is sent, and how often.

use std::time::Duration;

/// What a device is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceQuestion {
    /// These bytes
    Bytes(Vec<u8>),
    /// To read itself out, as mode C of IEC 62056-21 has it: signed on to, and followed to its speed
    Readout,
}

/// What a device is asked, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionPlan {
    /// The question
    pub question: DeviceQuestion,
    /// The pause from one question to the next
    pub every: Duration,
}

impl DeviceQuestion {
    /// The bytes that begin the conversation.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Readout => super::sign_on::REQUEST,
        }
    }
}

/// Whether a frame is nothing but the question, as devices and optical heads send it back, perhaps behind a prompt.
pub(super) fn is_echo(frame: &[u8], question: &[u8]) -> bool {
    let (frame, question) = (frame.trim_ascii(), question.trim_ascii());
    let Some(before) = frame.strip_suffix(question).filter(|_| !question.is_empty()) else { return false };
    before.trim_ascii_end().last().is_none_or(|byte| b">$#%:]".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echo_is_the_question_alone_or_behind_a_prompt() {
        for echo in ["pwr 2", "pwr 2\r", "\rpwr 2", "pylon>pwr 2", "pylon> pwr 2\r"] {
            assert!(is_echo(echo.as_bytes(), b"pwr 2\n"), "{echo}");
        }
        for other in ["xpwr 2", "pwr 2 = 7", "pwr", ""] {
            assert!(!is_echo(other.as_bytes(), b"pwr 2\n"), "{other}");
        }
        assert!(!is_echo(b"", b"\r\n"));
    }
}
