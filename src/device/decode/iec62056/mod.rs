//! Readouts of electricity meters after IEC 62056-21: mode C, which is asked, and mode D, which is not.
//!
//! ```text
//! /LGZ5\2ZMD4054459.B40              maker, speed and model
//! STX F.F(00000000)                  code and value: here that there is no error
//! 1.8.0(0302.8260*kWh)               a code without medium and channel is of electricity
//! 1-0:1.8.0*255(0004321.987*kWh)     *255: the current value, which *12 or &12 is not
//! !
//! ETX BCC                            exclusive or of all bytes behind STX through ETX
//! ```
//!
//! A block of data whose identification was not heard is of a meter without name. Readouts without STX have no check character, and integrity `none`. Values of earlier billing periods stand under their code
//! as sent, never under the name of the current one. A unit that was not sent is not guessed.
//!
//! Standard: IEC 62056-21; codes: IEC 62056-61.

use crate::record::reading::Integrity;

use super::{BadFrame, DecodeContext, Decoded, Decoder, Fixture, FrameFault, Framing, PortMode};

mod content;
mod readout;

pub(super) const DECODER: Decoder = Decoder {
    name: "iec62056",
    about: "readouts of electricity meters, through an optical head or by wire",
    picture: "\
/LGZ5\\2ZMD4054459.B40            maker, speed and model
STX F.F(00000000)                code and value
1.8.0(0302.8260*kWh)             code, value, unit
1-0:1.8.0*255(0302.8260*kWh)     another form of the same; *12 would be of an earlier period
!
ETX BCC                          exclusive or of all bytes behind STX through ETX",
    example: "foil device read - --format iec62056 < readout",
    framing: Framing::Own(&readout::FRAMING),
    baud: 2_400,
    mode: PortMode::M7E1,
    closed: true,
    decode,
    fixtures: &[
        Fixture {
            frame: b"/FOI5MT174\r\n\x021-0:0.9.1*255(081530)\r\n1-0:0.9.2*255(0260715)\r\n\
                1-0:1.8.0*255(0004321.987*kWh)\r\n1-0:1.8.0*01(0004000.000*kWh)\r\n\
                1-0:2.8.0*255(12300*Wh)\r\n!\r\n\x03<",
            gives: Ok(
                r#"{"1-0:0.9.1":"081530","1-0:0.9.2":"0260715","1-0:1.8.0*01":4000,"energy_export":12300,"energy_import":4321.987,"meter":"FOI5MT174"}"#,
            ),
        },
        Fixture {
            frame: b"/FOI5\\2ZMD\r\n\x02F.F(00000000)\r\nC.1.0(0054800102)\r\n0.9.1(23:16:43)\r\n\
                1.8.0(0302.8260*kWh)\r\n1.8.0*12(0075.5341*kWh)\r\n1.8.0*00()\r\n\
                1.6.1(0.5*kW)(2101041715)\r\n6.8.0(7.5*MWh)\r\n32.7.0(230.1*V)31.7.0(1.2x*A)\r\njunk\r\n\
                !\r\n\x03}",
            gives: Ok(
                r#"{"0.9.1":"23:16:43","1.6.1/0":0.5,"1.6.1/1":"2101041715","1.8.0*00":null,"1.8.0*12":75.5341,"6.8.0":7.5,"C.1.0":"0054800102","F.F":"00000000","current_l1":null,"energy_import":302.826,"meter":"FOI5\\2ZMD","voltage_l1":230.1} {"31.7.0":"(1.2x*A)","line":"junk"}"#,
            ),
        },
        Fixture {
            frame: b"/FOI5DD3\r\n\r\n1-0:0.0.0*255(1FOI0000012345)\r\n1-0:16.7.0*255(-000123.45*W)\r\n\
                1-0:1.8.1*255(000001.5*kWh)\r\n0-0:96.1.255*255(1FOI0000012345)\r\n!\r\n",
            gives: Ok(
                r#"{"0-0:96.1.255":"1FOI0000012345","1-0:0.0.0":"1FOI0000012345","energy_import_t1":1.5,"meter":"FOI5DD3","power":-123.45}"#,
            ),
        },
        Fixture {
            frame: b"/FOI5MT174\r\n\x021-0:0.9.1*255(081530)\r\n1-0:0.9.2*255(0260715)\r\n\
                1-0:1.8.0*255(0004321.987*kWh)\r\n1-0:1.8.0*01(0004000.000*kWh)\r\n\
                1-0:2.8.0*255(12300*Wh)\r\n!\r\n\x03=",
            gives: Err(FrameFault::Checksum),
        },
        Fixture { frame: b"/FOI5X\r\n\r\n1.8.0(1x*kWh)\r\n!\r\n", gives: Err(FrameFault::Syntax) },
        Fixture {
            frame: b"\x021-0:1.8.0*255(0004321.987*kWh)\r\n!\r\n\x03F",
            gives: Ok(r#"{"energy_import":4321.987}"#),
        },
        Fixture { frame: b"/?!\r\n", gives: Err(FrameFault::Noise) },
    ],
};

fn decode(frame: &[u8], context: &mut DecodeContext) -> Result<Decoded, BadFrame> {
    if !readout::is_beginning(frame) && readout::is_bare_block(frame) != Some(true) {
        return Err(BadFrame::new(FrameFault::Noise, "no readout"));
    }
    let readout = readout::parts(frame).ok_or_else(|| BadFrame::new(FrameFault::Syntax, "no end"))?;
    let integrity = match readout.check {
        None => Integrity::None,
        Some((stated, computed)) if stated == computed => Integrity::Checksum,
        Some((stated, computed)) => {
            let why = format!("{stated:02X} stated, {computed:02X} computed");
            return Err(BadFrame::new(FrameFault::Checksum, why));
        }
    };
    content::read(readout.header, readout.data, integrity, context.zone.as_ref())
        .map(Decoded::Reading)
        .ok_or_else(|| BadFrame::new(FrameFault::Syntax, "no line that is understood"))
}
