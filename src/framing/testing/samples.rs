//! Frames of each protocol, of every kind that its devices and servers send.

use super::Samples;

/// `68 68`, and what the server sends.
pub(crate) const GT02: Samples = &[
    // A location.
    b"\x68\x68\x25\x14\x55\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x10\x0d\x01\x0f\x14\
    \x23\x16\x06\x17\xce\xd1\x04\x2a\x42\x29\x00\x00\x32\x01\x61\x6f\x00\x00\x00\x07\
    \x0d\x0a",
    // One with a status that no source names.
    b"\x68\x68\x25\x14\x55\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x10\x0d\x01\x0f\x14\
    \x23\x16\x06\x17\xce\xd1\x04\x2a\x42\x29\x00\x00\x32\x01\x61\x6f\x80\x00\x00\x07\
    \x0d\x0a",
    // One that is longer.
    b"\x68\x68\x27\x00\x00\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x10\x0d\x01\x0f\x14\
    \x23\x16\x06\x17\xce\xd1\x04\x2a\x42\x29\x00\x00\x32\x01\x61\x6f\x00\x00\x00\x07\
    \x12\x34\x0d\x0a",
    // A heartbeat, and one with satellites.
    b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a",
    b"\x68\x68\x12\x06\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x03\x04\x1e\x20\
    \x21\x0d\x0a",
    // A response to a command.
    b"\x68\x68\x13\x00\x00\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1c\x05\x4f\x4b\x21\
    \x6f\x6b\x0d\x0a",
    // Of an unknown type.
    b"\x68\x68\x10\x00\x00\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x99\x61\x62\x63\x0d\x0a",
    // A command, and the answer to a heartbeat.
    b"\x88\x88\x0b\x1c\x09\x00\x00\x00\x01\x57\x48\x45\x52\x45\x0d\x0a",
    b"\x54\x68\x1a\x0d\x0a",
];

/// `78 78` and `79 79`.
pub(crate) const GT06: Samples = &[
    // A login, a heartbeat and its answer.
    b"\x78\x78\x0d\x01\x03\x55\x95\x10\x91\x86\x84\x50\x00\x01\x2d\x28\x0d\x0a",
    b"\x78\x78\x0a\x13\x44\x06\x04\x00\x02\x00\x02\x8f\x4f\x0d\x0a",
    b"\x78\x78\x05\x13\x00\x02\xdb\x6a\x0d\x0a",
    // A location, and an alarm.
    b"\x78\x78\x1f\x12\x0f\x07\x1f\x17\x00\x11\xc9\x05\x68\x0b\x5f\x03\x45\x38\xa9\x00\
    \x35\x2c\x02\xe0\x03\x43\x3a\x00\x2f\xed\x00\x03\xf2\xdc\x0d\x0a",
    b"\x78\x78\x25\x16\x0f\x07\x1f\x17\x00\x11\xc9\x05\x68\x0b\x5f\x03\x45\x38\xa9\x00\
    \x35\x2c\x09\x02\xe0\x03\x43\x3a\x00\x2f\xed\x44\x06\x04\x01\x02\x00\x04\x01\xdd\
    \x0d\x0a",
    // Cells.
    b"\x78\x78\x3b\x18\x00\x00\x00\x00\x00\x00\x02\xe0\x03\x43\x3a\x00\x7e\x0d\x4b\x43\
    \x3a\x00\x2f\xed\x4e\x43\x3a\x00\x56\x10\x50\x43\x32\x00\x56\xcd\x52\x43\x3a\x00\
    \x2e\xe2\x52\x43\x3a\x00\x7d\x02\x54\x43\x3a\x00\x56\xfd\x54\xff\x00\x02\x00\x05\
    \x14\x12\x0d\x0a",
    // A command, and the answer.
    b"\x78\x78\x17\x80\x0f\x00\x00\x00\x00\x44\x59\x44\x2c\x30\x30\x30\x30\x30\x30\x23\
    \x00\x00\x00\x06\x1f\x28\x0d\x0a",
    b"\x78\x78\x19\x15\x15\x00\x00\x01\xa9\x2a\x44\x59\x44\x3d\x53\x75\x63\x63\x65\x73\
    \x73\x21\x00\x02\x00\x07\xeb\x4f\x0d\x0a",
    // Long frames.
    b"\x79\x79\x00\x18\x94\x0a\x08\x68\x12\x01\x56\x20\x93\x52\x04\x60\x04\x12\x15\x70\
    \x30\x40\x89\x86\x00\x08\xc5\xbd\x0d\x0a",
    b"yy\x00V!\x00\x00\x00\x00\x01Battery:4.16V,NORMAL; GPRS:Lin\
      k Up; (GPS:none) *HQ,# Stop; Mileage: 00000; ~\x00\x09\xc1\xcd\x0d\x0a",
];

/// Text in parentheses.
pub(crate) const TK103: Samples = &[
    b"(027042411793BR00141026A4818.7787N01759.8662E000.0192502211.4900000000L00000000)",
    b"(013612345678BO011141026A4818.7787N01759.8662E000.0192502211.4900000000L00000000T113)",
    b"(013612345678BP05000013612345678110524A4241.7977N02318.7561E000.0123536356.5100000000L0)",
    b"(027042411793BP00000027042411793HSO)",
    b"(01602009983BP05)",
    b"(355488020131775BP05)",
    b"(BALLESTEROS3BP00HSO)",
    b"(027061992\0\x005BP00HSO)",
    b"(027045221314BZ00,{413,2,20217,49309}\n{413,2,20217,49310}\n,01000000)",
    b"(013612345678AR001234ABCD)",
    b"(013612345678BR04\x04(h)h)",
    b"(013612345678AR03\x02\x05\x13xx)",
    b"(013612345678AR03)",
];

/// Text between `#` signs.
pub(crate) const V680: Samples = &[
    b"#353588020144007##",
    b"#353588020144007##1#0000#AUT#01#24002485fed523#1748.827700,E,5938.315800,N,0.00,0.00#\
      090913#221512.000##",
    b"#356823033087326#alexwatch#0#0000#SOS#1#0EDDD9EF#01047.4327,E,5955.9316,N,000.01,236#\
      080513#111644##",
    b"#356823033087326##0#0000#AUT#1#0EDDD9F0#,,,,,####",
    b"#352165050199210##13#0000#AUT#1#72400605471305,054712fd,054712ff#\
      05144.0008,W,3005.5011,S,0.11,201.46#260713#172647.000##",
    b"#359094025419110#bigfriend#0#1234#AUTO#1##04632.8846,W,2327.2264,S,0.00,0.00#\
      220913#234808##",
    b"#352897045085282##0#0000#AUT#1#72403#V#04647.8922,W,2339.1956,S,2.60,63.74#\
      200413#094310.000##",
    b"#356823031166908#13001190527#0#0000#AUT#2#V#07136.4070,W,1040.0575,N,000.35,257#\
      280813#142836##07136.4071,W,1040.0576,N,000.35,#280813#142906##",
    // The lbs looks like an id.
    b"#353588020144007##1#0000#AUT#1#240024850123456#1748.8277,E,5938.3158,N,0.00,0.00#\
      090913#221512##",
];

/// Text with commas.
pub(crate) const H02: Samples = &[
    b"*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,0.00,0,100815,FFFFFBFF#",
    b"*HQ,353588020068342,V1,084436,A,3257.01525,N,00655.03865,W,57.78,40,011216,FFFBFFFF,\
      25c,a, 154,b04c#",
    b"*TH,2020916012,V4,S20,DONE,130305,050316,A,2212.8745,N,11346.6574,E,14.28,028,220902,\
      F7FFFBFF#",
    b"*HQ,1451316409,V1,030149,A,-23-29.0095,S,-46-51.5852,W,2.4,065,070315,FFFFFFFF#",
    b"*HQ,5905101893,V1,105759,A,37573392,S,145037022,E,000.00,173,280122,FF7FFBFF,,,9059e2c,\
      8232,4#",
    b"*HQ,135790246811220,HTBT,100#",
    b"*HQ,135790246811220,HTBT#",
    b"*HQ,865205030330012,V0#",
    b"*HQ,353588020068342,XT,A,204635,1008123#",
    b"*HQ,1600068860,LINK,112137,20,8,67,0,0,081116,FFFFFBFF#",
    b"*HQ,7401004662,NBR,160453,234,10,0,2,21580,27766,-67,21580,27766,-67,291019,FFFFFBFF,6#",
    b"*HQ,1400046168,SMS,ID:1400046168\r\nIP:1.2.3.4,5013\r\n$ (GPS:A-24-23)\r\n#",
    b"*hq,356327080425330,VP1,A,2702.7215,S,15251.9309,E,0.62,0.0000,050917#",
    b"*HQ,,V1,,V,,,,,,,,FFFFFFFF#",
    b"*HQ,4109198974,#",
    b"*HQ,,#",
    b"*HQ,XXXXXX,41,4#V1,114839,A,2240.5518,N,11358.3238,E,0.00,0,100815,FFFFFBFF#",
    b"*DC,4210051415,V4,V1,20151222164549#",
    b"*XY,000,D1,130305,30,65535#",
    b"*HQ,12345678901234567890,V2#",
    b"*HQ,1,41,4#",
    b"*HQ,1,41,4#V1,#",
    // `$` frames of 32, 45 and 42 bytes; `X`.
    b"\x24\x43\x06\x43\x67\x06\x18\x19\x03\x29\x03\x15\x32\x31\x97\x66\x00\x05\x75\x38\x69\
      \x66\x00\x10\x19\xff\xe7\xfb\xff\xff\x00\x00",
    b"\x24\x41\x06\x00\x08\x26\x21\x53\x21\x31\x08\x15\x04\x41\x93\x90\x06\x07\x40\x41\x83\
      \x06\x00\x00\x00\xff\xff\xfb\xfd\xff\x00\x15\x06\x00\x00\x00\x2c\x02\xdc\x0c\x00\x00\
      \x00\x00\x1f",
    b"\x24\x35\x24\x83\x08\x49\x75\x70\x70\x10\x47\x59\x18\x08\x17\x49\x27\x33\x59\x00\x04\
      \x94\x12\x29\x4e\x02\x41\x38\xfe\xff\xff\xff\xff\x01\x12\x00\x64\xba\x73\x00\x5e\xcc",
    b"\x58\x00\x00\x98\x14\x99\x10\x24\x03\x11\x01\x17\x55\x40\x22\x70\x06\x01\x23\x21\x67\
      \x0c\x00\x00\x95\xff\xff\xfb\xff\xff\x00\x33",
];
