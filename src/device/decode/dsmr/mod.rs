//! P1 ports of electricity meters: DSMR 2.2 to 5.0, Fluvius (Belgium), and other OBIS telegrams.
//!
//! ```text
//! /ISK5\2MT382-1000                        maker and model
//!
//! 0-0:1.0.0(170102192002W)                 when, in summer (S) or winter time
//! 1-0:1.8.1(000004.426*kWh)                OBIS code, value, unit
//! 0-1:24.2.1(170102161005W)(00000.107*m3)  channel 1 of the M-Bus: time and value
//! !6EEE                                    CRC-16/ARC of all bytes from / through !
//! ```
//!
//! The CRC is tested before a line is read; DSMR 2.2 has none, and integrity `none`. Some meters leave out
//! its leading zeros. Codes that the table does not know are values under their own code.
//!
//! Standard: P1 Companion Standard 5.0.2 (Netbeheer Nederland); codes: IEC 62056-61.

use super::{
    BadFrame, DecodeContext, Decoded, Decoder, Fixture, FrameFault, Framing, PortMode,
    obis::{
        DataSet, ObisAmount, ObisBody, ObisCode, SplitClock, amount, fits, is_nothing, number_and_unit,
        quantity,
    },
    token::{as_sent, joined},
};

mod cause;
mod clock;
mod codes;
mod content;
mod groups;
mod lines;
mod order;
mod proof;
mod telegram;

pub(super) use proof::crc16;

pub(super) const DECODER: Decoder = Decoder {
    name: "dsmr",
    about: "P1 telegrams of electricity meters",
    picture: "\
/ISK5\\2MT382-1000                        maker and model

0-0:1.0.0(170102192002W)                 when, in summer (S) or winter time
1-0:1.8.1(000004.426*kWh)                OBIS code, value, unit
!6EEE                                    CRC-16/ARC of all bytes from / through !",
    example: "foil device read sim:meter --count 3",
    framing: Framing::Own(&telegram::FRAMING),
    baud: 115_200,
    mode: PortMode::M8N1,
    closed: true,
    decode,
    fixtures: &[
        Fixture {
            frame: b"/FOI5METER\r\n\r\n0-0:1.0.0(260301070000W)\r\n1-0:1.8.1(000004.426*kWh)\r\n0-0:96.14.0(0002)\r\n\
                0-1:24.1.0(003)\r\n0-1:24.2.1(260301060000W)(00012.107*m3)\r\n9-9:9.9.9(7*furlong)\r\n!079C\r\n",
            gives: Ok(
                r#"{"9-9:9.9.9":7,"energy_import_t1":4.426,"mbus1_time":"2026-03-01T05:00:00.000Z","mbus1_type":3,"mbus1_volume":12.107,"meter":"FOI5METER","tariff":"0002"}"#,
            ),
        },
        Fixture {
            frame: b"/OLD3\r\n\r\n0-1:24.3.0(161107190000)(00)(60)(1)(0-1:24.2.1)(m3)\r\n(00001.001)\r\n!\r\n",
            gives: Ok(r#"{"mbus1_time":"2016-11-07T19:00:00","mbus1_volume":1.001,"meter":"OLD3"}"#),
        },
        Fixture { frame: b"/OLD3\r\n\r\n1-0:1.8.1(00001.0x1*kWh)\r\n!\r\n", gives: Err(FrameFault::Syntax) },
        Fixture {
            frame: b"/FOI5BE\r\n\r\n0-0:96.1.4(50217)\r\n0-0:96.1.2(353431343439)\r\n\
                1-0:1.8.1(000310.250*kWh)\r\n1-0:1.6.0(260703181500S)(02.118*kW)\r\n\
                0-0:98.1.0(2)(1-0:1.6.0)(1-0:1.6.0)(240201000000W)(632525252525W)(00.000*kW)(260701000000S)(x)(03.005*kW)\r\n\
                !807C\r\n",
            gives: Ok(
                r#"{"0-0:96.1.2":"353431343439","energy_import_t1":310.25,"meter":"FOI5BE","power_peak_1":0,"power_peak_1_month":"2024-01-31T23:00:00.000Z","power_peak_1_time":null,"power_peak_2":3.005,"power_peak_2_month":"2026-06-30T22:00:00.000Z","power_peak_2_time":null,"power_peak_month":2.118,"power_peak_month_time":"2026-07-03T16:15:00.000Z","version":"50217"} {"0-0:98.1.0":"(2)(1-0:1.6.0)(1-0:1.6.0)(240201000000W)(632525252525W)(00.000*kW)(260701000000S)(x)(03.005*kW)"}"#,
            ),
        },
        Fixture {
            frame: b"/ESO5\\FOI\r\n\r\n0-0:1.0.0(260715143000S)\r\n1-0:32.7.0(0000.231*kV)\r\n\
                1-0:31.4.0(0000.003*kA)\r\n1-0:3.8.1(26.348*kvarh)\r\n1-0:1.8.0(---*kWh)\r\n!7552\r\n",
            gives: Ok(
                r#"{"1-0:31.4.0":0.003,"energy_import":null,"energy_reactive_import_t1":26.348,"meter":"ESO5\\FOI","voltage_l1":0.231}"#,
            ),
        },
        Fixture {
            frame: b"/FOI5HU\r\n\r\n0-0:96.14.0(TARIFF 1)\r\n0-0:96.3.10(ON)\r\n0-0:17.0.0(24000*W)\r\n\
                1-0:13.7.0(0.758)\r\n1-0:1.8.1(1.0x1*kWh)\r\n1-0:1.8.2(2*kWh)\r\n1-0:1.8.2(3*kWh)\r\n\
                1-0:1.8.2(2*kWh)\r\n0-0:98.1.0(\r\n0-0:1.0.0(260701000000S)\r\n1-0:1.8.2(1*kWh)\r\n\
                !0116\r\n",
            gives: Ok(
                r#"{"energy_import_t1":null,"energy_import_t2":2,"energy_import_t2_2":3,"meter":"FOI5HU","power_factor":0.758,"power_limit":24000,"switch":"ON","tariff":"TARIFF 1"} {"0-0:98.1.0":"(\r\n0-0:1.0.0(260701000000S)\r\n1-0:1.8.2(1*kWh)","1-0:1.8.1":"(1.0x1*kWh)"}"#,
            ),
        },
        Fixture {
            frame: b"/FOI5MB\r\n\r\n0-1:24.1.0(003)\r\n0-1:24.2.1(632525252525S)(00000.000)\r\n\
                0-2:24.2.1(260715115700S)(00020.125*m3)\r\n0-2:24.2.3(260715115700S)(00020.126*m3)\r\n\
                0-3:24.2.1(260715115700S)(1.5*GJ)\r\n0-0:24.2.1(7*m3)\r\n\
                1-0:99.97.0(1)(0-0:96.7.19)(101208152415W)(0000000240*s)\r\n0-1:96.1.0(3132)\r\n\
                noise \xb0\r\n!DFB7\r\n",
            gives: Ok(
                r#"{"0-0:24.2.1":7,"0-2:24.2.3":20.126,"0-2:24.2.3_time":"2026-07-15T09:57:00.000Z","mbus1_id":"3132","mbus1_time":null,"mbus1_type":3,"mbus1_volume":0,"mbus2_time":"2026-07-15T09:57:00.000Z","mbus2_volume":20.125,"mbus3_energy":1.5,"mbus3_time":"2026-07-15T09:57:00.000Z","meter":"FOI5MB","power_failure_1_duration":240,"power_failure_1_end":"2010-12-08T14:24:15.000Z"} {"line":"noise °"}"#,
            ),
        },
        Fixture { frame: b"/OLD3\r\n\r\n1-0:1.8.1(1*kWh)\r\n1-0:1.8.1(2*kWh)\r\n!\r\n", gives: Ok(r#"{"energy_import_t1":1,"energy_import_t1_2":2,"meter":"OLD3"}"#) },
        Fixture { frame: b"/FOI5\r\n\r\n1-0:1.8.1(000004.426*kWh)\r\n!1234\r\n", gives: Err(FrameFault::Crc) },
        Fixture { frame: b"1-0:1.8.1(000004.426*kWh)\r\n", gives: Err(FrameFault::Noise) },
    ],
};

fn decode(frame: &[u8], context: &mut DecodeContext) -> Result<Decoded, BadFrame> {
    let proven = proof::proven(frame)?;
    let body = content::read(proven.content, proven.integrity, context.zone.as_ref())
        .ok_or_else(|| syntax("no line that is understood"))?;
    Ok(match proven.interrupted {
        0 => Decoded::Reading(body),
        bytes => Decoded::Several(vec![Err(interrupted(bytes)), Ok(body)]),
    })
}

fn interrupted(bytes: usize) -> BadFrame {
    BadFrame::new(FrameFault::Stray, format!("{bytes} bytes of a telegram that another one interrupted"))
}

fn syntax(why: impl Into<String>) -> BadFrame {
    BadFrame::new(FrameFault::Syntax, why)
}

#[cfg(test)]
mod tests;
