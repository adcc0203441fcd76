//! The picture of a stub on the terminal, as another program reads it.

use std::{fs, path::Path, process::Command};

use counterfoil::tlog::stub;

use crate::{
    ledgers::ORIGIN,
    run::Folder,
    support::{
        needs::{self, Tested},
        trial::trials,
    },
};

trials![another_reader_of_qr_codes_gives_a_stub,];

/// Two modules are one letter: blocks become squares of four pixels, in the PBM form of Netpbm.
fn bitmap(drawing: &str) -> String {
    let rows: Vec<Vec<char>> = drawing.lines().map(|line| line.chars().collect()).collect();
    let (width, height) = (rows[0].len(), 2 * rows.len());
    let dark = |x: usize, y: usize| match (rows[y / 2][x], y % 2) {
        ('█', _) | ('▀', 0) | ('▄', 1) => '0',
        _ => '1',
    };
    let mut picture = format!("P1\n{} {}\n", 4 * width, 4 * height);
    for y in 0..4 * height {
        picture.extend((0..4 * width).map(|x| dark(x / 4, y / 4)));
        picture.push('\n');
    }
    picture
}

fn another_reader_of_qr_codes_gives_a_stub() -> Tested {
    needs::tool("zbarimg")?;
    let folder = Folder::new();
    for (name, origin) in [("ascii", ORIGIN), ("letters", "løp.example/kjøl"), ("long", &*"x".repeat(400))]
    {
        folder.fixed_key(&format!("{name}.pem"), 9);
        let init = folder.run(&["chain", "init", name, "-k", name, "--origin", origin, "-q"]);
        assert_eq!(init.code, Some(0), "{}", init.err);
        let shown = folder.run(&["chain", "stub", name, "--qr"]);
        let (line, drawing) = shown.out.split_once('\n').unwrap();
        fs::write(folder.path("code.pbm"), bitmap(drawing)).unwrap();
        let read = decode(&folder.path("code.pbm"));
        let signed = stub::parse(line.as_bytes()).unwrap();
        assert_eq!(stub::parse(read.trim_end().as_bytes()), Ok(signed), "{read}");
        let run = folder.feed(&["verify", name, "--human", "--stub", "-"], read);
        assert!(run.out.contains("extends the stub"), "{}{}", run.out, run.err);
    }
    Ok(())
}

fn decode(picture: &Path) -> String {
    let read = Command::new("zbarimg").args(["--raw", "-q"]).arg(picture).output().unwrap();
    String::from_utf8(read.stdout).unwrap()
}
