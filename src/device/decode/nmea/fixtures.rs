//! Sentences, and what they must come out as.

use crate::device::decode::{Fixture, FrameFault};

pub(super) const FIXTURES: &[Fixture] = &[
    Fixture {
        frame: b"$GPGLL,3908.8199,N,00023.0832,W,120824.758,A*22",
        gives: Ok(
            r#"{"latitude":39.14699833,"longitude":-0.38472,"sentence":"GLL","talker":"GP","utc":"12:08:24.758","valid":true}"#,
        ),
    },
    Fixture {
        frame: b"$IIMWV,271.0,R,000.2,N,A*3B",
        gives: Ok(
            r#"{"sentence":"MWV","talker":"II","valid":true,"wind_angle":271,"wind_reference":"relative","wind_speed":0.1029}"#,
        ),
    },
    Fixture {
        frame: b"$GPVTG,318.0,T,341.9,M,000.0,N,0000.1,K,A",
        gives: Ok(
            r#"{"course":318,"course_magnetic":341.9,"mode":"A","sentence":"VTG","speed":0,"talker":"GP"}"#,
        ),
    },
    Fixture {
        frame: b"$GPRMC,101112.00,A,6000.0000,N,02000.0000,E,39.9,10.0,150726,5.0,E,A,V*49",
        gives: Ok(
            r#"{"course":10,"latitude":60,"longitude":20,"magnetic_variation":5,"mode":"A","navigational_status":"V","sentence":"RMC","speed":20.5263,"talker":"GP","utc":"2026-07-15T10:11:12.000Z","valid":true}"#,
        ),
    },
    Fixture {
        frame: b"$GPRMC,101112.00,V,6000.0000,N,02000.0000,E,39.9,10.0,150726,,,N*45",
        gives: Ok(
            r#"{"course":null,"device_time":"2026-07-15T10:11:12.000Z","latitude":null,"longitude":null,"magnetic_variation":null,"mode":"N","sentence":"RMC","speed":null,"talker":"GP","utc":null,"valid":false}"#,
        ),
    },
    Fixture {
        frame: b"$GNGNS,101112.00,6000.0000,N,02000.0000,W,AAN,14,0.8,35.2,21.1,,,S*46",
        gives: Ok(
            r#"{"altitude":35.2,"correction_age":null,"geoid_separation":21.1,"hdop":0.8,"latitude":60,"longitude":-20,"mode":"AAN","navigational_status":"S","satellites":14,"sentence":"GNS","station":null,"talker":"GN","utc":"10:11:12.000","valid":true}"#,
        ),
    },
    Fixture {
        frame: b"$GNGSA,A,3,04,05,09,12,24,,,,,,,,1.8,1.0,1.5,1*30",
        gives: Ok(
            r#"{"fix":3,"hdop":1,"mode":"A","pdop":1.8,"satellites":5,"sentence":"GSA","system_id":"1","talker":"GN","vdop":1.5}"#,
        ),
    },
    Fixture {
        frame: b"$GNGSA,A,1,,,,,,,,,,,,,99.99,99.99,99.99,2*30",
        gives: Ok(
            r#"{"fix":1,"hdop":null,"mode":"A","pdop":null,"satellites":0,"sentence":"GSA","system_id":"2","talker":"GN","vdop":null}"#,
        ),
    },
    Fixture {
        frame: b"$GNGSA,A,3,01,02,,,,,,,,,,1.8,1.0,1.5,1*12",
        gives: Ok(
            r#"{"fix":3,"hdop":null,"mode":"A","pdop":null,"satellites":2,"sentence":"GSA","talker":"GN","vdop":null} {"hdop":"1.5","pdop":"1.0","satellite":"1.8","vdop":"1"}"#,
        ),
    },
    Fixture {
        frame: b"$GNGSA,A,3,01,02,,,,,,,,,,,,1.8,1.0,1.5,1*12",
        gives: Ok(
            r#"{"fix":3,"hdop":null,"mode":"A","pdop":null,"satellites":2,"sentence":"GSA","system_id":null,"talker":"GN","vdop":null} {"field_19":"1","hdop":"1.8","system_id":"1.5","vdop":"1.0"}"#,
        ),
    },
    Fixture {
        frame: b"$GPGGA,101112,6000.000,N,02000.000,E,1,03,99.9,65.6,M,,,,*18",
        gives: Ok(
            r#"{"altitude":65.6,"correction_age":null,"geoid_separation":null,"hdop":null,"latitude":60,"longitude":20,"quality":1,"satellites":3,"sentence":"GGA","station":null,"talker":"GP","utc":"10:11:12.000","valid":true}"#,
        ),
    },
    Fixture {
        frame: b"$GPGSV,3,3,09,31,17,211,,32,05,300,22,A*1C",
        gives: Ok(
            r#"{"message":3,"messages":3,"satellite_1_azimuth":211,"satellite_1_elevation":17,"satellite_1_id":31,"satellite_1_snr":null,"satellite_2_azimuth":300,"satellite_2_elevation":5,"satellite_2_id":32,"satellite_2_snr":22,"satellites_in_view":9,"sentence":"GSV","signal_id":"A","talker":"GP"}"#,
        ),
    },
    Fixture {
        frame: b"$GPGSV,1,1,00*79",
        gives: Ok(r#"{"message":1,"messages":1,"satellites_in_view":0,"sentence":"GSV","talker":"GP"}"#),
    },
    Fixture {
        frame: b"$GPGGA,101112,6000.000,N,02000.000,E,1,07,1.1,65.6,F,,,,*2E",
        gives: Ok(
            r#"{"altitude":19.99488,"correction_age":null,"geoid_separation":null,"hdop":1.1,"latitude":60,"longitude":20,"quality":1,"satellites":7,"sentence":"GGA","station":null,"talker":"GP","utc":"10:11:12.000","valid":true}"#,
        ),
    },
    Fixture {
        frame: b"$GPZDA,101112.00,15,07,2026,-02,00*4E",
        gives: Ok(r#"{"sentence":"ZDA","talker":"GP","utc":"2026-07-15T10:11:12.000Z"} {"zone":"-02,00"}"#),
    },
    Fixture {
        frame: b"$IIMWD,271.0,T,266.0,M,10.0,N,5.1,M*77",
        gives: Ok(
            r#"{"sentence":"MWD","talker":"II","wind_direction":271,"wind_direction_magnetic":266,"wind_speed":5.1}"#,
        ),
    },
    Fixture {
        frame: b"$WIMDA,29.9,I,1.013,B,18.5,C,,,61,,10.9,C,,T,,M,,N,,M*75",
        gives: Ok(
            r#"{"dew_point":10.9,"humidity":61,"humidity_absolute":null,"pressure":1013,"pressure_mercury":29.9,"sentence":"MDA","talker":"WI","temperature":18.5,"water_temperature":null,"wind_direction":null,"wind_direction_magnetic":null,"wind_speed":null}"#,
        ),
    },
    Fixture {
        frame: b"$SDDPT,12.3,-0.5,100*52",
        gives: Ok(r#"{"depth":12.3,"depth_offset":-0.5,"depth_range":100,"sentence":"DPT","talker":"SD"}"#),
    },
    Fixture {
        frame: b"$SDDBT,40.4,f,12.3,M,6.7,F*07",
        gives: Ok(r#"{"depth":12.3,"sentence":"DBT","talker":"SD"}"#),
    },
    Fixture {
        frame: b"$IIVHW,,T,201,M,4.2,N,7.8,K*6F",
        gives: Ok(
            r#"{"heading":null,"heading_magnetic":201,"sentence":"VHW","talker":"II","water_speed":2.1607}"#,
        ),
    },
    Fixture {
        frame: b"$IIVLW,10.1,N,3.2,N*7C",
        gives: Ok(
            r#"{"sentence":"VLW","talker":"II","water_distance":18705.2,"water_distance_trip":5926.4}"#,
        ),
    },
    Fixture {
        frame: b"$HCHDG,98.3,1.0,W,5.0,E*66",
        gives: Ok(
            r#"{"heading_magnetic":98.3,"magnetic_deviation":-1,"magnetic_variation":5,"sentence":"HDG","talker":"HC"}"#,
        ),
    },
    Fixture {
        frame: b"$HCHDG,101.1,-1.5,W,-7.1,W*41",
        gives: Ok(
            r#"{"heading_magnetic":101.1,"magnetic_deviation":null,"magnetic_variation":null,"sentence":"HDG","talker":"HC"} {"magnetic_deviation":"-1.5,W","magnetic_variation":"-7.1,W"}"#,
        ),
    },
    Fixture {
        frame: b"$GPRMC,101112.00,A,6000.0000,N,02000.0000,E,39.9,10.0,150726,-5.0,W,A*0C",
        gives: Ok(
            r#"{"course":10,"latitude":60,"longitude":20,"magnetic_variation":null,"mode":"A","sentence":"RMC","speed":20.5263,"talker":"GP","utc":"2026-07-15T10:11:12.000Z","valid":true} {"magnetic_variation":"-5.0,W"}"#,
        ),
    },
    Fixture {
        frame: b"$TIROT,-12.5,A*20",
        gives: Ok(r#"{"rate_of_turn":-12.5,"sentence":"ROT","talker":"TI","valid":true}"#),
    },
    Fixture {
        frame: b"$IIRPM,E,1,2418.2,10.5,A*5F",
        gives: Ok(
            r#"{"propeller_pitch":10.5,"rotation":2418.2,"rotation_number":1,"rotation_source":"engine","sentence":"RPM","talker":"II","valid":true}"#,
        ),
    },
    Fixture {
        frame: b"$IIRSA,10.5,A,,V*4D",
        gives: Ok(
            r#"{"rudder_angle":10.5,"rudder_angle_port":null,"rudder_angle_port_valid":false,"rudder_angle_valid":true,"sentence":"RSA","talker":"II"}"#,
        ),
    },
    Fixture {
        frame: b"$GPGLL,6000.0000,N,-02000.0000,E,101112.00,A,A*42",
        gives: Ok(
            r#"{"latitude":60,"longitude":null,"mode":"A","sentence":"GLL","talker":"GP","utc":"10:11:12.000","valid":true} {"longitude":"-02000.0000,E"}"#,
        ),
    },
    Fixture {
        frame: b"$YXMTW,64.4,F*11",
        gives: Ok(r#"{"sentence":"MTW","talker":"YX","water_temperature":64.4}"#),
    },
    Fixture {
        frame: b"$SDDBS,40.4,f,,M,6.7,F*1E",
        gives: Ok(r#"{"depth_below_surface":12.31392,"sentence":"DBS","talker":"SD"}"#),
    },
    Fixture {
        frame: b"$SDDBK,,f,12.3,M,6.7,F*06",
        gives: Ok(r#"{"depth_below_keel":12.3,"sentence":"DBK","talker":"SD"}"#),
    },
    Fixture {
        frame: b"$IIVBW,4.2,-0.1,A,4.0,-0.2,A,0.3,V,,*39",
        gives: Ok(
            r#"{"ground_speed_across":-0.1029,"ground_speed_along":2.0578,"ground_speed_stern":null,"ground_speed_stern_valid":null,"ground_speed_valid":true,"sentence":"VBW","talker":"II","water_speed_across":-0.0514,"water_speed_along":2.1607,"water_speed_stern":null,"water_speed_stern_valid":false,"water_speed_valid":true}"#,
        ),
    },
    Fixture {
        frame: b"$HCHDM,98.3,M*1B",
        gives: Ok(r#"{"heading_magnetic":98.3,"sentence":"HDM","talker":"HC"}"#),
    },
    Fixture {
        frame: b"$IIXDR,C,18.5,C,AIR1,P,1.02481,B,BARO1,A,x,D,PITCH1,U,12.6,V,*38",
        gives: Ok(
            r#"{"AIR1":18.5,"BARO1":1024.81,"PITCH1":null,"sentence":"XDR","talker":"II","voltage":12.6} {"PITCH1":"A,x,D"}"#,
        ),
    },
    Fixture {
        frame: b"\\s:lab,c:1784109601*56\\$GPHDT,123.4,T*31",
        gives: Ok(
            r#"{"heading":123.4,"sentence":"HDT","tag_source":"lab","tag_time":"2026-07-15T10:00:01.000Z","talker":"GP"}"#,
        ),
    },
    Fixture {
        frame: b"> $GPHDT,123.4,T*31$GPHDT,123.5,T*30",
        gives: Ok(concat!(
            r#"{"heading":123.4,"sentence":"HDT","talker":"GP"}"#,
            "\n",
            r#"{"heading":123.5,"sentence":"HDT","talker":"GP"}"#
        )),
    },
    Fixture {
        frame: b"$GPTHS,123.4,E",
        gives: Ok(r#"{"heading":123.4,"mode":"E","sentence":"THS","talker":"GP","valid":true}"#),
    },
    Fixture {
        frame: b"$GPTHS,123.4,V",
        gives: Ok(r#"{"heading":null,"mode":"V","sentence":"THS","talker":"GP","valid":false}"#),
    },
    Fixture {
        frame: b"$GPTHS,123.4,X",
        gives: Ok(
            r#"{"heading":123.4,"mode":null,"sentence":"THS","talker":"GP","valid":null} {"mode":"X"}"#,
        ),
    },
    Fixture {
        frame: b"$GNGST,101112.00,7.1,,,,1.5,1.6,2.2",
        gives: Ok(
            r#"{"altitude_error":2.2,"error_major":null,"error_minor":null,"error_orientation":null,"latitude_error":1.5,"longitude_error":1.6,"range_error":7.1,"sentence":"GST","talker":"GN","utc":"10:11:12.000"}"#,
        ),
    },
    Fixture { frame: b"$PMTK001,604,1*30", gives: Ok("") },
    Fixture { frame: b"!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C", gives: Ok("") },
    Fixture { frame: b"$GPGLL,3908.8199,N,00023.0832,W,120824.758,A*23", gives: Err(FrameFault::Checksum) },
    Fixture { frame: b"$GPHDT,x,T", gives: Err(FrameFault::Syntax) },
    Fixture { frame: b"$GPHDT*4F", gives: Err(FrameFault::Syntax) },
    Fixture { frame: b"$GPHDT,1$GPHDT,2", gives: Err(FrameFault::Syntax) },
    Fixture { frame: b"foobar", gives: Err(FrameFault::Noise) },
];
