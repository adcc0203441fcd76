//! QR codes in letters: two modules one above the other in each, light ones drawn, as suits light letters on a
//! dark ground.

use qrcode::{EcLevel, QrCode, render::unicode::Dense1x2};

/// Draws a text. None if it is longer than a QR code can be, about 2,900 bytes.
///
/// The lowest level of error correction makes the largest modules; what is misread shows by its signature.
pub(crate) fn draw(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let (light, dark) = (Dense1x2::Dark, Dense1x2::Light);
    Some(code.render::<Dense1x2>().dark_color(dark).light_color(light).build() + "\n")
}

/// Whether a line is part of such a drawing.
pub(crate) fn is_drawn(line: &str) -> bool {
    !line.is_empty() && line.chars().all(|letter| matches!(letter, ' ' | '█' | '▀' | '▄'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_told_from_text() {
        let drawing = draw("{\"checkpoint\":\"x\"}").unwrap();
        assert!(drawing.lines().count() > 10 && drawing.lines().all(is_drawn));
        assert!(!is_drawn("{\"checkpoint\":\"x\"}") && !is_drawn(""));
        assert_eq!(draw(&"x".repeat(3_000)), None);
    }
}
