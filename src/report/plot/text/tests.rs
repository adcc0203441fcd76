use super::{
    super::{PlotPoint, TimeDoubt, example},
    *,
};

const ASCII: TextLook = TextLook { columns: 48, rows: 8, has_unicode: false, has_colour: false };

fn drawn(plot: &FieldPlot, look: TextLook) -> String {
    let text = text(plot, look);
    assert!(text.lines().all(|line| !line.ends_with(' ')), "{text}");
    text
}

#[test]
fn a_spike_and_a_silence_are_seen() {
    let value = |n: i64| if n == 20 { 9.0 } else { 4.0 };
    let points = (0..60).filter(|n| !(30..40).contains(n)).map(|n| example::point(n, value(n)));
    let text = drawn(&example::plot(vec![example::line("probe", points)]), ASCII);
    let expected = "\
plant7.example/cold-room: temperature of probe in Cel
2026-03-01 07:00:00 to 07:59:00 +01:00
  |               *
  |               *
8 +               *
  |               *
6 +              * *
  |              * *
  |              * *
4 +*************** *******       ***************
  ++---------------------+----------------------
 07:00                 07:30
2026-03-01
probe: 50 readings, 4 to 9 Cel
";
    assert_eq!(text, expected);
}

#[test]
fn devices_are_told_apart_by_letters() {
    let rising =
        example::line("up", [example::point(0, 0.0), example::point(4, 4.0), example::point(8, 8.0)]);
    let falling =
        example::line("down", [example::point(0, 8.0), example::point(4, 4.0), example::point(8, 0.0)]);
    let plot = example::plot(vec![rising, falling]);
    let text = drawn(&plot, ASCII);
    let expected = "\
plant7.example/cold-room: temperature of 2 devices in Cel
2026-03-01 07:00:00 to 07:08:00 +01:00
8 +bbb                                       aaa
  |   bbbbbb                           aaaaaa
6 +         bbbbb                 aaaaa
  |              bbbbbb     aaaaaa
4 +                   a*****b
2 +            aaaaaaa       bbbbbbbb
  |    aaaaaaaa                      bbbbbbb
0 +aaaa                                     bbbb
  ++---------------------------+----------------
 07:00                       07:05
2026-03-01
a  up: 3 readings, 0 to 8 Cel
b  down: 3 readings, 0 to 8 Cel
";
    assert_eq!(text, expected);
    let coloured = super::text(&plot, TextLook { has_colour: true, ..ASCII });
    let plain = coloured.replace("\x1b[36m", "").replace("\x1b[33m", "").replace("\x1b[39m", "");
    assert_eq!(plain, text, "colour adds nothing");
    assert_ne!(coloured, text);
}

#[test]
fn doubtful_times_are_marked_and_dots_are_finer() {
    let doubtful = PlotPoint { doubt: Some(TimeDoubt::Unsynced), ..example::point(15, 4.5) };
    let points = (0..30).map(|n| example::point(n, 4.0)).chain([doubtful]);
    let plot = example::plot(vec![example::line("probe", points)]);
    let text = drawn(&plot, TextLook { has_unicode: true, ..ASCII });
    let expected = "\
plant7.example/cold-room: temperature of probe in °C
2026-03-01 07:00:00 to 07:29:00 +01:00
    │                      ⡆
    │                      ⣧
4.4 ┤                      ⣿
    │                      ⣿
4.2 ┤                      ⡇⡇
    │                      ⡇⡇
    │                      ⡇⢣
4.0 ┤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠇⠸⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤
    └┬─────────────┬──────────────┬─────────────
                           ?
   07:00         07:10          07:20
2026-03-01
probe: 31 readings, 4 to 4.5 °C
?  1 reading: unsynced clock, or no time
";
    assert_eq!(text, expected);
}

#[test]
fn the_narrowest_sheet_is_one() {
    let plot = example::plot(vec![example::line("probe", [example::point(0, 1e300)])]);
    for columns in 1..40 {
        for rows in 1..4 {
            for has_unicode in [false, true] {
                assert!(!text(&plot, TextLook { columns, rows, has_unicode, has_colour: true }).is_empty());
            }
        }
    }
}
